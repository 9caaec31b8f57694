"""`bancada exec`: scripts of real processes, observed without their help."""

from __future__ import annotations

import csv
import io
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.acceptance.conftest import SOURCE, Told

from bancada.store import Store

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

    from bancada.records import RunRecord

LIMIT_S = 300
TRAIN = """
import csv
import subprocess
import sys

import bancada as bc
import helper

rows = [row for row in csv.DictReader(open("split.csv")) if row["part"] == "test"]
for step in range(3):
    bc.log(step=step, loss=1 / (step + 1))
with open("curve.txt", "w") as file:
    file.write("down")
bc.log_artifact("curve.txt")
subprocess.run([sys.executable, "child.py"], check=True)
columns = {name: [row[name] for row in rows] for name in ("id", "repeat", "fold")}
told = bc.submit({**columns, "probability": [helper.guess(int(row["id"])) for row in rows]})
print("scored", round(told.scores["roc_auc"], 6), told.run_id)
"""


@pytest.fixture
def script(typed: Typed) -> Typed:
    """Make a project with a script, a module of its own, a child and the split."""
    (typed.root / "split.csv").write_text(typed.types("show", "--split", "--csv").out, encoding="utf-8")
    (typed.root / "helper.py").write_text("def guess(row):\n    return row * 37 % 101 / 101\n", encoding="utf-8")
    (typed.root / "notes.txt").write_text("read by a child", encoding="utf-8")
    (typed.root / "child.py").write_text("open('notes.txt').read()\n", encoding="utf-8")
    (typed.root / "train.py").write_text(TRAIN, encoding="utf-8")
    return typed


def executed(typed: Typed, *words: str, **environ: str) -> Told:
    with typed.spawn("exec", *words, environ=environ) as process:
        out, err = process.communicate(timeout=LIMIT_S)
    return Told(process.returncode, out, err)


def python(typed: Typed, text: str, *options: str, **environ: str) -> Told:
    (typed.root / "job.py").write_text(text, encoding="utf-8")
    return executed(typed, *options, "--", sys.executable, "job.py", **environ)


def runs_of(typed: Typed, name: str) -> list[RunRecord]:
    store = Store.open(typed.store, create=False)
    found = [store.runs.read("risk", run_id) for run_id in store.runs.ids("risk")]
    records = [item.record for item in found if item is not None and item.record.candidate == name]
    return sorted(records, key=lambda record: record.started)


def kept(typed: Typed, record: RunRecord, name: str) -> str:
    return Store.open(typed.store, create=False).objects.get(record.provenance["objects"][name]).decode()


def test_a_script_is_recorded_as_it_is(script: Typed) -> None:
    told = executed(script, "--", sys.executable, "train.py")
    assert told.code == 0, told.err
    assert "scored " in told.out
    (record,) = runs_of(script, "train")
    assert f"{record.run_id}\n" in told.out
    assert set(record.claim["files"]) == {"train.py", "helper.py", "child.py", "notes.txt", "split.csv"}
    assert set(record.provenance["sources"]) == {"train.py", "helper.py", "child.py"}
    assert (record.status, len(record.folds)) == ("done", 3)
    assert record.evidence.missing == ("training data: which rows the command trained on is its own word",)
    assert "scored" in kept(script, record, "output")
    assert kept(script, record, "artifact curve.txt") == "down"
    assert kept(script, record, "log").count('"loss"') == 3
    assert record.provenance["python"].startswith("3.")
    board = script.types("leaderboard", "--json").document
    assert [row["candidate"] for row in board["rows"]] == ["train"]
    assert "train.py · exit 0" in script.types("show", "train").out
    shown = script.types("show", "train", "--log").out
    assert "step=2 loss=0.333333" in shown
    assert "file curve.txt as object" in shown
    assert "| scored" in shown
    assert script.types("show", "train", "--log", "--json").document["command"]["exit"] == 0
    assert script.types("store", "verify").code == 0
    script.types("fit", "train").refuses("a command that was run")


@pytest.mark.slow
def test_the_claim_is_that_of_command_and_files(script: Typed) -> None:
    for _ in range(2):
        assert executed(script, "--", sys.executable, "train.py").code == 0
    (script.root / "helper.py").write_text("def guess(row):\n    return row * 31 % 101 / 101\n", encoding="utf-8")
    executed(script, "--", sys.executable, "train.py")
    first, second, third = runs_of(script, "train")
    assert first.claim_id == second.claim_id != third.claim_id
    assert first.run_id != second.run_id
    assert script.types("leaderboard", "--json").document["tried"] == 2
    # Stored predictions are judged by a new evaluation like all others.
    script.write(evaluation='bc.Evaluation(primary="brier")')
    script.runs("first")
    rows = script.types("leaderboard", "--json").document["rows"]
    assert {row["candidate"]: row["value"] is not None for row in rows}["train"]


def test_a_script_that_submits_nothing_is_listed_and_on_no_board(typed: Typed) -> None:
    typed.runs("first")
    told = python(typed, "import bancada as bc\nbc.log(step=1)\nprint('done')\n")
    assert (told.code, told.out) == (0, "done\n")
    assert "submitted no predictions" in told.err
    assert "job" in typed.types("list").out
    assert "done" in typed.types("show", "job").out
    board = typed.types("leaderboard", "--json").document
    assert (board["tried"], board["incomparable"]) == (1, [])
    assert [row["candidate"] for row in board["rows"]] == ["first", "baseline"]


def test_a_first_script_that_submits_nothing_leaves_an_empty_board(typed: Typed) -> None:
    assert python(typed, "print(1)").code == 0
    assert typed.types("leaderboard", "--json").document["rows"] == []
    assert typed.types("leaderboard").code == 0
    assert "job" in typed.types("show", "job").out
    assert typed.types("store", "verify").code == 0


@pytest.mark.slow
def test_a_script_that_fails_is_recorded_as_failed(typed: Typed) -> None:
    told = python(typed, "import sys\nprint('so far')\nsys.exit(3)\n", "--as", "mine")
    assert (told.code, told.out) == (1, "so far\n")
    assert "failed: the command ended with exit code 3" in told.err
    (record,) = runs_of(typed, "mine")
    assert (record.status, record.provenance["command"]["exit"]) == ("failed", 3)
    told = python(typed, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    assert "was ended by SIGKILL" in told.err


def test_what_is_wrong_with_predictions_is_raised_in_the_script(typed: Typed) -> None:
    text = (
        "import bancada as bc\n"
        "try:\n    bc.submit({'id': [1, 999], 'probability': [0.5, 0.5]})\n"
        "except bc.BancadaError as error:\n    print(type(error).__name__, '|', error)\n"
        "try:\n    bc.submit({'id': [1]}, problem='other')\n"
        "except bc.BancadaError as error:\n    print(error.found)\n"
        "bc.submit({'id': [1], 'probability': [2]}, name='first')\n"
    )
    told = python(typed, text)
    assert told.code == 1
    first, second = told.out.splitlines()
    assert first.startswith("DataError | Predictions are for rows of the problem's data. The frame has 1 other ids")
    assert "was started for `risk`" in second
    assert "`first` is a candidate that this project defines" in told.err
    assert runs_of(typed, "job")[0].folds == ()


@pytest.mark.slow
def test_one_command_may_submit_under_several_names(typed: Typed) -> None:
    ids = sorted({line["id"] for line in csv.DictReader(io.StringIO(typed.types("show", "--split", "--csv").out))})
    text = (
        f"import bancada as bc\nids = {ids!r}\n"
        "for name in ('low', 'high', 'low'):\n"
        "    try:\n"
        "        told = bc.submit({'id': ids, 'probability': [0.1] * len(ids), 'odd': ids}, name=name)\n"
        "        print(told)\n"
        "    except bc.BancadaError as error:\n        print(error.found)\n"
    )
    told = python(typed, text)
    assert told.code == 0, told.err
    assert "`low` was submitted before by this run." in told.out
    assert "warning: column `odd` is not read." in told.out
    assert "on the board when the command has ended" in told.out
    low, high = runs_of(typed, "low")[0], runs_of(typed, "high")[0]
    assert low.provenance["objects"] == high.provenance["objects"]
    assert low.claim_id != high.claim_id
    assert typed.types("store", "verify").code == 0


@pytest.mark.slow
def test_a_program_that_is_not_python_is_recorded_by_what_it_names(typed: Typed) -> None:
    (typed.root / "split.csv").write_text(typed.types("show", "--split", "--csv").out, encoding="utf-8")
    (typed.root / "make.sh").write_text(
        'echo "id,probability" > out.csv\n'
        'awk -F, \'$4 == "test" {print $1","($1 % 10) / 10}\' split.csv >> out.csv\n'
        'echo "wrote it"\n',
        encoding="utf-8",
    )
    words = ("--as", "shell", "--reads", "data.csv", "--", "sh", "make.sh", "split.csv", "out.csv")
    for _ in range(2):
        told = executed(typed, *words)
        assert (told.code, told.out) == (0, "wrote it\n"), told.err
    first, second = runs_of(typed, "shell")
    assert set(first.claim["files"]) == {"data.csv", "make.sh", "split.csv"}
    assert first.claim_id == second.claim_id
    assert any("what `sh` read beside the files" in item for item in first.evidence.missing)
    assert any(item.startswith("environment: `sh`") for item in first.evidence.missing)
    assert "environment" not in first.provenance
    assert typed.types("submit", "out.csv", "--as", "vendor").code == 0


def test_stdout_holds_the_document_alone(script: Typed) -> None:
    told = executed(script, "--json", "--", sys.executable, "train.py")
    assert told.document["schema"] == "bancada.run/1"
    assert told.document["runs"][0]["status"] == "done"
    assert "scored " in told.err


def test_secrets_are_recorded_nowhere(typed: Typed) -> None:
    secret = "hunter2-" + "Xy9" * 6
    text = f"import sys, bancada as bc\nbc.log(note='password={secret}')\nprint('password={secret}')\n"
    (typed.root / "job.py").write_text("import sys\nexec(sys.stdin.read())\n", encoding="utf-8")
    command = ("exec", "--", sys.executable, "job.py", "--password", secret, f"--api-key={secret}")
    process = subprocess.run(
        [sys.executable, "-c", "import sys; from bancada.cli import main; main()", *command],
        cwd=typed.root,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        input=text,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert secret in process.stdout
    found = [path for path in typed.store.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    assert found == []


def test_the_users_own_sitecustomize_and_path_are_as_ever(typed: Typed) -> None:
    own = typed.root / "own"
    own.mkdir()
    (own / "sitecustomize.py").write_text("import builtins\nbuiltins.MINE = 7\n", encoding="utf-8")
    text = "import sys\nprint(MINE, [entry for entry in sys.path if 'bootstrap' in entry], 'atexit' in sys.modules)\n"
    (typed.root / "job.py").write_text(text, encoding="utf-8")
    words = ("exec", "--", sys.executable, "job.py")
    path = os.pathsep.join([str(SOURCE), str(own)])
    with typed.spawn(*words, environ={"PYTHONPATH": path}) as process:
        out, err = process.communicate(timeout=LIMIT_S)
    assert out.startswith("7 []"), err
    assert "own/sitecustomize.py" in runs_of(typed, "job")[0].claim["files"]


def test_a_python_that_reads_no_variables_runs_and_its_gap_is_named(typed: Typed) -> None:
    told = executed(typed, "--as", "isolated", "--", sys.executable, "-I", "-c", "print('alone')")
    assert (told.code, told.out) == (0, "alone\n")
    missing = runs_of(typed, "isolated")[0].evidence.missing
    assert any(item.startswith("code and data: what `python") for item in missing)


@pytest.mark.slow
def test_a_long_output_is_shown_whole_and_kept_in_part(typed: Typed) -> None:
    told = python(typed, "for line in range(200_000):\n    print('line', line)\n")
    assert told.out == "".join(f"line {line}\n" for line in range(200_000))
    (record,) = runs_of(typed, "job")
    text = kept(typed, record, "output")
    assert record.provenance["command"]["output_bytes"] == len(told.out)
    assert text.startswith("line 0\nline 1\n")
    assert text.endswith("line 199999\n")
    assert "bytes are left out" in text


def test_a_program_in_a_terminal_sees_a_terminal(typed: Typed) -> None:
    (typed.root / "job.py").write_text(
        "import sys\nprint(sys.stdout.isatty(), sys.stderr.isatty(), end='\\r', flush=True)\nprint('over')\n",
        encoding="utf-8",
    )
    source, end = pty.openpty()
    command = [sys.executable, "-c", "from bancada.cli import main; main()", "exec", "--", sys.executable, "job.py"]
    environ = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(command, cwd=typed.root, env=environ, stdin=end, stdout=end, stderr=end) as process:
        os.close(end)
        seen = b""
        while b"submitted no predictions" not in seen:
            seen += os.read(source, 4096)
        while True:
            try:
                if not os.read(source, 4096):
                    break
            except OSError:
                break
    os.close(source)
    assert process.returncode == 0
    assert b"True True\rover\r\n" in seen


WAITS = """
import signal, sys, time
import bancada as bc

def heard(*_):
    with open("heard.txt", "a") as file:
        file.write("x")
    sys.exit(9)

signal.signal(signal.SIGINT, heard)
bc.log(step=1)
ids = IDS
told = bc.submit({"id": ids, "probability": [0.5] * len(ids)})
print("ready", flush=True)
time.sleep(600)
"""


def waiting(typed: Typed) -> subprocess.Popen[str]:
    lines = csv.DictReader(io.StringIO(typed.types("show", "--split", "--csv").out))
    ids = sorted({line["id"] for line in lines})
    (typed.root / "job.py").write_text(WAITS.replace("IDS", repr(ids)), encoding="utf-8")
    process = typed.spawn("exec", "--", sys.executable, "job.py")
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("whole_group", [False, True])
def test_ctrl_c_reaches_the_script_once(typed: Typed, whole_group: bool) -> None:
    with waiting(typed) as process:
        (os.killpg if whole_group else os.kill)(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130, err
    assert (typed.root / "heard.txt").read_text() == "x"
    (record,) = runs_of(typed, "job")
    assert (record.status, len(record.folds), record.provenance["command"]["exit"]) == ("interrupted", 3, 9)


def test_a_kill_of_bancada_loses_nothing_that_was_acknowledged(typed: Typed) -> None:
    with waiting(typed) as process:
        journal = next(typed.store.glob("runs/risk/*/journal-driver.jsonl"))
        pids = _children(process.pid)
        process.kill()
        process.communicate(timeout=LIMIT_S)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    text = journal.read_text()
    assert '"event":"submitted"' in text
    assert '"step":1' in "".join(path.read_text() for path in journal.parent.glob("journal-script-*.jsonl"))
    assert typed.types("store", "verify").code == 0
    assert len(list(typed.store.glob("folds/*/*/*/predictions.arrow"))) == 3


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    if not tasks.is_dir():
        pytest.skip("this system does not tell a process's children")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


@pytest.mark.parametrize(
    ("words", "sentences"),
    [
        ((), ("runs a command", "bancada exec -- python train.py")),
        (("--",), ("runs a command",)),
        (("--nmae", "x", "--", "true"), ("Options of `bancada exec` stand before", "`--nmae`")),
        (("--", "no-such-program"), ("`no-such-program` cannot",)),
        (("--reads", "nowhere", "--", "true"), ("`--reads` names must exist", "`nowhere`")),
        (("--as", "first", "--", "true"), ("is a candidate that this project defines",)),
        (("--as", "a b", "--", "true"), ("'a b'",)),
        (("-p", "rsk", "--", "true"), ("Did you mean `risk`?",)),
    ],
)
def test_a_mistyped_command_is_answered_in_three_sentences(
    typed: Typed, words: tuple[str, ...], sentences: tuple[str, ...]
) -> None:
    typed.types("exec", *words).refuses(*sentences)
    assert not list(typed.store.glob("runs/risk/*/run.json"))


def test_what_differs_from_the_commit_is_kept(typed: Typed) -> None:
    subprocess.run(["git", "init", "-q"], cwd=typed.root, check=True, timeout=LIMIT_S)
    author = ["-c", "user.name=A", "-c", "user.email=a@b.c"]
    (typed.root / "job.py").write_text("print(1)\n", encoding="utf-8")
    subprocess.run(["git", "add", "job.py"], cwd=typed.root, check=True, timeout=LIMIT_S)
    subprocess.run(["git", *author, "commit", "-qm", "one"], cwd=typed.root, check=True, timeout=LIMIT_S)
    assert python(typed, "print(2)\n").code == 0
    (record,) = runs_of(typed, "job")
    assert record.provenance["git"]["dirty"] is True
    assert "+print(2)" in kept(typed, record, "diff")
