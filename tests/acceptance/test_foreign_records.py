"""A store that a stranger wrote: whatever a verb is told to do with it, nothing of it executes, and nothing leaves it.

The store is one's own; beside one's own runs lie a stranger's, each of which would like to execute, to write elsewhere,
to deceive, or to take all memory. Every verb meets every one of them, without a terminal to ask on.
"""

from __future__ import annotations

import os
import pickle
import pty
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import msgspec
import pytest
from tests.acceptance.conftest import SOURCE

import bancada as bc
from bancada.cli._verbs import VERBS
from bancada.definitions import find_project
from bancada.engine.origins import agreed
from bancada.exceptions import StoreError, UsageError
from bancada.reproduction import Reproducer, Ways
from bancada.store import Store

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

    from bancada.engine.origins import WouldRun
    from bancada.reproduction import Reproduction

ESCAPES = "\x1b[2J\x1b]0;evil\x07\u202e<script>alert(1)</script>\r\nfalse line"
OUT = ("../../../../evil.py", "/evil.py", "..\\evil.py", "a/../../evil.py", ".git/config", "\x00", "x" * 5_000)
# What a verb is told: `{run}` is a stranger's run. What is not listed here is told the run alone.
WORDS: dict[str, tuple[str, ...]] = {
    "run": ("run --in-process", "run --in-process --carry 3", "run --in-process first"),
    "try": ("try first --in-process",),
    "leaderboard": ("leaderboard", "leaderboard --all --json"),
    "compare": ("compare first {run}",),
    "show": ("show {run}", "show {run} --json", "show {run} --code", "show {run} --log", "show --split"),
    "list": ("list", "list --json", "list --failed"),
    "submit": ("submit data.csv --as {run}",),
    "exec": ("exec -- true",),
    "note": ("note {run} text",),
    "rm": ("rm {run}", "rm --undo {run}"),
    "gc": ("gc --dry-run",),
    "forget": ("forget --ids ids.txt --dry-run",),
    "demo": ("demo --help",),
    "store": ("store verify", "store rebuild"),
    "completion": ("completion bash",),
}


class Executes:
    """Touches a file when it is unpickled."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[Any, ...]:
        """Say what unpickling does."""
        return Path.touch, (self.canary,)


class Stranger:
    """Writes runs beside somebody's own."""

    def __init__(self, typed: Typed, canary: Path) -> None:
        self.store = Store.open(typed.store, create=False)
        self.canary = canary
        self.code = f"from pathlib import Path\nPath({str(canary)!r}).touch()\n"
        own = [self.store.runs.read(*where) for where in self.store.runs.walk()]
        kept = next(run for run in own if run is not None and run.record.candidate == "first")
        self.content: dict[str, Any] = msgspec.json.decode(kept.data)
        self.count = 0

    def put(self, data: str | bytes) -> str:
        """Keep an object."""
        return self.store.objects.put(data.encode() if isinstance(data, str) else data)

    def writes(self, origin: str = "", provenance: dict[str, Any] | None = None, **changed: Any) -> str:
        """Write a run; its provenance is the own one's but for what is given."""
        self.count += 1
        run_id = f"{self.count:02}".ljust(26, "z")
        told = {**self.content["provenance"], **(provenance or {})}
        content = {**self.content, "run_id": run_id, "origin": origin, "provenance": told, **changed}
        place = self.store.runs.place("risk", run_id)
        place.mkdir(parents=True)
        (place / "run.json").write_bytes(msgspec.json.encode(content))
        return run_id

    def says(self, run_id: str, name: str, content: dict[str, Any]) -> None:
        """Say something about a run."""
        said = {"kind": name, "said": "2030-01-01T00:00:00+00:00", "content": content, "schema": "store.statement/1"}
        folder = self.store.runs.place("risk", run_id) / "after"
        folder.mkdir(exist_ok=True)
        self.count += 1
        (folder / f"{name}-20300101T000000-{self.count:010}.json").write_bytes(msgspec.json.encode(said))


def code_that_executes(stranger: Stranger) -> list[str]:
    text = stranger.put(stranger.code)
    names = (*OUT, "sitecustomize.py", "cli_experiment.py", "data.csv")
    sources = dict.fromkeys(names, text)
    job = stranger.put(
        msgspec.json.encode({"schema": "store.job/1", "modules": sources, "task": {"class": "os:system"}})
    )
    everything = {"sources": sources, "files": sources, "job": job, "extracted": {"object": text, "name": "first"}}
    return [
        stranger.writes(provenance=everything),
        stranger.writes(provenance={"extracted": {"object": text, "name": "__import__"}, "reference": "os:system"}),
        stranger.writes(
            provenance={"reference": "os:system", "command": {"words": ["touch", str(stranger.canary)], "exit": 0}},
            params={"command": f"touch {stranger.canary}"},
            claim={**stranger.content["claim"], "kind": "exec", "command": ["touch", str(stranger.canary)]},
        ),
        # A stamp that is none, and one's own stamp on another record.
        stranger.writes(origin="0" * 64, provenance=everything),
        stranger.writes(origin=stranger.content["origin"], provenance=everything),
    ]


def models_that_execute(stranger: Stranger) -> list[str]:
    run_id = stranger.writes()
    model = stranger.put(pickle.dumps(Executes(stranger.canary)))
    for form in ("cloudpickle", "skops", "pickle", "\x1b[2J"):
        stranger.says(run_id, "fit", {"object": model, "format": form, "executes_code": False, "packages": {}})
    for content in ({}, {"object": 3, "format": []}, {"object": "../../x", "format": "cloudpickle"}):
        stranger.says(run_id, "fit", content)
    stranger.says(run_id, "signature", {"signature": "x" * 100_000, "way": [["left", "0" * 64]] * 1000})
    stranger.says(run_id, "verdict", {"verdict": "identical", "predictions": ESCAPES})
    return [run_id]


def environments_that_execute(stranger: Stranger) -> list[str]:
    package = {
        "name": "evil", "version": "1", "origin": "kept", "kept": stranger.put(b"PK\x03\x04 no wheel"),
        "hashes": ["sha256:" + "0" * 64],
    }  # fmt: skip
    elsewhere = {"name": "--index-url=http://evil.example", "version": "; rm -rf /", "origin": "index"}
    record = {
        "manager": "uv", "python": "3.11.7", "implementation": "CPython", "tag": "t", "platform": ESCAPES,
        "packages": [package, elsewhere], "locks": dict.fromkeys(OUT, package["kept"]),
        "details": {"index": "http://evil.example", "channels": ["file:///tmp"]}, "schema": "store.environment/1",
    }  # fmt: skip
    return [stranger.writes(provenance={"environment": stranger.put(msgspec.json.encode(record))})]


def deceptions(stranger: Stranger) -> list[str]:
    run_id = stranger.writes(candidate=ESCAPES, author=ESCAPES, params={ESCAPES: ESCAPES}, status=ESCAPES)
    for kind in ("note", "withdrawn", "restored"):
        stranger.says(run_id, kind, {"text": ESCAPES, "because": ESCAPES})
    named = {"notes": [ESCAPES], "reference": ESCAPES, "git": {"remote": ESCAPES, "commit": ESCAPES}}
    evidence = {"grade": ESCAPES, "missing": [ESCAPES]}
    return [run_id, stranger.writes(provenance=named, evidence=evidence, started=ESCAPES)]


def misshapen(stranger: Stranger) -> list[str]:
    names = (*stranger.content["provenance"], "carried", "command", "job", "objects", "stopped_by", "submitted")
    values = (3, "x", [3], {"words": 3, "object": 3, "patch": 3, "recipe": 3, "table": 3})
    runs = [stranger.writes(provenance=dict.fromkeys(names, value)) for value in values]
    claim = {key: [3] for key in (*stranger.content["claim"], "row_limit", "kind")}
    return [*runs, stranger.writes(claim=claim, params={"x": [[[{"y": None}]]]}, folds=[], scores=[])]


def floods(stranger: Stranger) -> list[str]:
    many = {f"{number}.py": "0" * 64 for number in range(50_000)}
    crowded = stranger.writes()
    for number in range(500):
        stranger.says(crowded, "note", {"text": str(number)})
    large = stranger.writes()
    os.truncate(stranger.store.runs.place("risk", large) / "run.json", 10**11)
    deep = stranger.writes()
    (stranger.store.runs.place("risk", deep) / "run.json").write_bytes(b'{"claim":' + b"[" * 200_000)
    hole = stranger.store.objects.path("1" * 64)
    hole.touch()
    os.truncate(hole, 10**9)
    named = {"environment": "1" * 64, "code": "1" * 64, "sources": {"a.py": "1" * 64}}
    return [
        stranger.writes(provenance={"sources": many, "files": many}),
        crowded,
        large,
        deep,
        stranger.writes(provenance=named),
    ]


def links_and_pipes(stranger: Stranger) -> list[str]:
    piped, linked, beside = stranger.writes(), stranger.writes(), stranger.writes()
    place = stranger.store.runs.place
    (place("risk", piped) / "run.json").unlink()
    os.mkfifo(place("risk", piped) / "run.json")
    (place("risk", linked) / "run.json").unlink()
    (place("risk", linked) / "run.json").symlink_to("/dev/zero")
    (place("risk", beside) / "after").mkdir()
    os.mkfifo(place("risk", beside) / "after" / "note-20300101T000000-0000000000.json")
    (place("risk", beside) / "after" / "note-20300101T000000-0000000001.json").symlink_to("/dev/zero")
    os.mkfifo(stranger.store.objects.path("2" * 64))
    stranger.store.objects.path("3" * 64).symlink_to("/dev/zero")
    named = {"environment": "2" * 64, "code": "3" * 64, "sources": {"a.py": "2" * 64, "b.py": "3" * 64}}
    return [piped, linked, beside, stranger.writes(provenance=named)]


def definitions_that_deceive(stranger: Stranger, root: Path) -> list[str]:
    """Write definitions of this project's root, newer than its own."""
    snapshot = {
        "problems": [{
            "name": ESCAPES, "dataset": {"name": ESCAPES, "version": ESCAPES}, "metrics": [{"name": ESCAPES}],
            "file": "/dev/zero", "line": 1,
        }],
        "candidates": [{"name": ESCAPES, "parameters": [], "summary": ESCAPES}],
        "modules": [{"module": "os", "file": name, "sha256": "0" * 64} for name in ("/dev/zero", *OUT)],
    }  # fmt: skip
    entry = {
        "schema": "store.definitions/1", "root": str(root), "written": "2999",
        "snapshot": stranger.put(msgspec.json.encode(snapshot)),
    }  # fmt: skip
    folder = stranger.store.root / "definitions"
    (folder / "29990101T000000.000000-000000000000.json").write_bytes(msgspec.json.encode(entry))
    os.mkfifo(folder / "29990101T000000.000000-000000000001.json")
    return []


KINDS = {
    "code": code_that_executes,
    "models": models_that_execute,
    "environments": environments_that_execute,
    "text": deceptions,
    "misshapen": misshapen,
    "floods": floods,
    "links": links_and_pipes,
}


def tree(folder: Path, *but: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if not any(path.is_relative_to(other) for other in but)
    }


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


@pytest.fixture
def stranger(typed: Typed, canary: Path) -> Stranger:
    """Run once, so that there is something of one's own; then let a stranger in."""
    assert typed.runs().code == 0
    (typed.root / "ids.txt").write_text("1\n")
    return Stranger(typed, canary)


@pytest.fixture(autouse=True)
def _debugging(monkeypatch: pytest.MonkeyPatch) -> None:
    """See the traceback of what should not happen."""
    monkeypatch.setenv("BANCADA_DEBUG", "1")


def meets(typed: Typed, words: str, run_id: str) -> None:
    """Type a command line about a stranger's run: it answers or refuses, and shows nothing that hides."""
    told = typed.types(*(word.format(run=f"r-{run_id}") for word in words.split()))
    assert told.code in {0, 1, 2}, (words, told.err)
    shown = told.out + told.err
    assert "mistake in bancada" not in shown, (words, shown)
    hidden = {character for character in shown if character in "\x1b\x07\u202e\r"}
    assert not hidden, (words, shown)
    if "--json" not in words:
        assert "\nfalse line" not in shown


def test_every_verb_is_met() -> None:
    assert WORDS.keys() <= {verb.name for verb in VERBS}


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.slow) if kind == "floods" else kind for kind in KINDS]
)
def test_no_verb_executes_what_a_stranger_wrote(kind: str, typed: Typed, stranger: Stranger, canary: Path) -> None:
    runs = KINDS[kind](stranger)
    cache, home = Path(os.environ["BANCADA_CACHE"]), Path(os.environ["HOME"])
    # A fresh interpreter that imports one's own project may write its bytecode.
    own = (typed.store, cache, typed.root / "__pycache__")
    outside = tree(typed.root.parent, *own)
    for verb in VERBS:
        for words in WORDS.get(verb.name, (f"{verb.name} {{run}}",)):
            for run_id in runs if "{run}" in words else runs[:1]:
                meets(typed, words, run_id)
                assert not canary.exists(), words
    assert tree(typed.root.parent, *own) == outside
    assert not list(home.rglob("evil*"))
    assert not Path("/evil.py").exists()
    assert not [path for path in typed.store.rglob("*") if path.name.startswith("evil")]


def test_definitions_of_a_stranger_execute_nothing(typed: Typed, stranger: Stranger, canary: Path) -> None:
    definitions_that_deceive(stranger, typed.root)
    for words in ("list", "leaderboard", "show first", "completion bash", "store verify", "run --in-process first"):
        meets(typed, words, "")
    assert not canary.exists()


def test_a_run_in_the_name_of_ones_own_is_marked(typed: Typed, stranger: Stranger) -> None:
    theirs = stranger.writes(claim={**stranger.content["claim"], "code": "x"}, claim_id="f" * 64, candidate="theirs")
    assert "origin foreign" in " ".join(typed.types("show", f"r-{theirs}").out.split())
    assert typed.types("show", f"r-{theirs}", "--json").document["origin"] == "foreign"
    listed = {item["run_id"]: item["origin"] for item in typed.types("list", "--json").document["runs"]}
    assert listed[theirs] == "foreign"
    assert listed[stranger.content["run_id"]] == "own"
    assert "foreign" in typed.types("list").out
    rows = typed.types("leaderboard", "--json").document["rows"]
    assert {row["origin"] for row in rows if theirs in row["runs"]} == {"foreign"}
    assert "; foreign" in typed.types("leaderboard").out


def test_a_model_of_a_stranger_is_read_when_one_says_so(typed: Typed, stranger: Stranger, canary: Path) -> None:
    run_id = stranger.writes()
    model = stranger.put(pickle.dumps(Executes(canary)))
    stranger.says(run_id, "fit", {"object": model, "format": "cloudpickle", "executes_code": False})
    with pytest.raises(UsageError, match="was fitted by somebody else"):
        bc.load(f"r-{run_id}")
    with pytest.raises(UsageError, match="signed by nobody in your file of allowed signers"):
        bc.load(f"r-{run_id}", trust="ana@example.org")
    assert not canary.exists()
    bc.load(f"r-{run_id}", trust=True)
    assert canary.exists()


def test_a_model_of_a_stranger_beside_ones_own_run_is_not_ones_own(
    typed: Typed, stranger: Stranger, canary: Path
) -> None:
    own = stranger.content["run_id"]
    model = stranger.put(pickle.dumps(Executes(canary)))
    stranger.says(own, "fit", {"object": model, "format": "cloudpickle", "executes_code": False})
    with pytest.raises(UsageError, match="was fitted by somebody else"):
        bc.load(f"r-{own}")
    assert typed.types("fit", f"r-{own}").code == 0
    bc.load(f"r-{own}")
    assert not canary.exists()


def test_a_model_that_says_it_is_harmless_and_is_not_is_not_read(
    typed: Typed, stranger: Stranger, canary: Path
) -> None:
    run_id = stranger.writes()
    model = stranger.put(pickle.dumps(Executes(canary)))
    stranger.says(run_id, "fit", {"object": model, "format": "skops", "executes_code": False})
    with pytest.raises(BadZipFile, match="not a zip file"):
        bc.load(f"r-{run_id}")
    assert not canary.exists()


def agrees(typed: Typed, stranger: Stranger, run_id: str) -> tuple[WouldRun, Reproduction]:
    """Say yes to whatever is shown of a run, reproduce it with the packages of now, and return what was shown."""
    shown: list[WouldRun] = []

    def ask(document: WouldRun) -> bool:
        shown.append(document)
        return True

    project = find_project(typed.root, dict(os.environ), home=Path.home())
    stored = agreed("reproduce", stranger.store, project, "risk", run_id, ask=ask)
    with Reproducer(project, stranger.store, os.environ) as reproducer:
        return shown[0], reproducer.reproduce(stored.scored(), Ways(current_environment=True))


def test_what_one_agrees_to_is_what_executes(typed: Typed, stranger: Stranger, canary: Path) -> None:
    told = stranger.content["provenance"]
    sources = {**told["sources"], f"{typed.module}.py": stranger.put(stranger.code)}
    shown, _ = agrees(typed, stranger, stranger.writes(provenance={"sources": sources}))
    assert canary.exists()
    assert any(str(canary) in line for file in shown.code for line in file.diff)


@pytest.mark.parametrize("hidden", ["sources", "files"])
def test_two_contents_of_one_path_are_refused(typed: Typed, stranger: Stranger, canary: Path, hidden: str) -> None:
    told, other = stranger.content["provenance"], {"sources": "files", "files": "sources"}[hidden]
    path = f"{typed.module}.py"
    forged = {
        hidden: {**told[hidden], path: stranger.put(stranger.code)},
        other: {**told[other], path: told["sources"][path]},
    }
    run_id = stranger.writes(provenance=forged)
    with pytest.raises(StoreError, match=r"names two contents for 'cli_experiment_\d+\.py'"):
        agrees(typed, stranger, run_id)
    assert not canary.exists()


def test_a_call_through_a_module_of_bancada_is_shown_and_not_made(
    typed: Typed, stranger: Stranger, canary: Path
) -> None:
    call = "bancada.provenance.origin._ssh:subprocess.call"
    job: dict[str, Any] = msgspec.json.decode(stranger.store.objects.get(stranger.content["provenance"]["job"]))
    job["task"] = {"class": call, "params": {"args": ["touch", str(canary)]}}
    forged = stranger.put(msgspec.json.encode(job))
    shown, done = agrees(typed, stranger, stranger.writes(provenance={"job": forged}))
    assert done.verdict == "impossible"
    assert "leads through the module `subprocess`" in "".join(done.missing)
    assert [text.partition(" ")[0] for text in shown.calls] == [call]
    assert not canary.exists()


LARGE = 20_000_001


@pytest.mark.parametrize("field", ["sources", "job", "environment", "extracted"])
def test_what_is_too_large_to_be_shown_does_not_execute(
    typed: Typed, stranger: Stranger, canary: Path, field: str
) -> None:
    told = stranger.content["provenance"]
    # White space changes nothing of a module, nor of a JSON document.
    code = stranger.put(stranger.code + "\n" * LARGE)
    forged: dict[str, Any] = {
        "sources": {**told["sources"], f"{typed.module}.py": code},
        "extracted": {"object": code, "name": "first"},
    }
    value = forged.get(field) or stranger.put(stranger.store.objects.get(told[field]) + b" " * LARGE)
    run_id = stranger.writes(provenance={field: value})
    with pytest.raises(StoreError, match="shown whole before anybody agrees to it"):
        agrees(typed, stranger, run_id)
    stored = stranger.store.runs.read("risk", run_id)
    assert stored is not None
    project = find_project(typed.root, dict(os.environ), home=Path.home())
    # Nor does it when it is trusted unseen, where it would take part.
    if field in {"sources", "job"}:
        with (
            Reproducer(project, stranger.store, os.environ) as reproducer,
            pytest.raises(StoreError, match=r"has more than 20,000,000 bytes"),
        ):
            reproducer.reproduce(stored.scored(), Ways(current_environment=True))
    assert not canary.exists()


@pytest.mark.parametrize("current", [True, False])
def test_modules_are_searched_for_below_the_root_alone(
    typed: Typed, stranger: Stranger, canary: Path, *, current: bool
) -> None:
    job: dict[str, Any] = msgspec.json.decode(stranger.store.objects.get(stranger.content["provenance"]["job"]))
    (typed.root.parent / f"{typed.module}.py").write_text(stranger.code)
    forged = stranger.put(msgspec.json.encode({**job, "search": [".."]}))
    stored = stranger.store.runs.read("risk", stranger.writes(provenance={"job": forged}))
    assert stored is not None
    project = find_project(typed.root, dict(os.environ), home=Path.home())
    ways = Ways(current_environment=True, current_code=current)
    with (
        Reproducer(project, stranger.store, os.environ) as reproducer,
        pytest.raises(StoreError, match=r"Found '\.\.'"),
    ):
        reproducer.reproduce(stored.scored(), ways)
    assert not canary.exists()


@pytest.mark.parametrize(("answer", "code"), [("\n", 2), ("n\n", 2), ("y\n", 0)])
def test_on_a_terminal_one_is_shown_and_asked(typed: Typed, stranger: Stranger, answer: str, code: int) -> None:
    run_id = stranger.writes(author=ESCAPES)
    leader, follower = pty.openpty()
    call = "import sys; sys.argv[0] = 'bancada'; from bancada.cli import main; main()"
    environ = {**os.environ, "PYTHONPATH": str(SOURCE), "BANCADA_CORES": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", call, "fit", f"r-{run_id}"],
        cwd=typed.root, env=environ, stdin=follower, stdout=subprocess.PIPE, stderr=follower, start_new_session=True,
    )  # fmt: skip
    os.close(follower)
    os.write(leader, answer.encode())
    shown = _read(leader)
    assert process.wait(timeout=60) == code, shown
    assert process.stdout is not None
    process.stdout.close()
    os.close(leader)
    assert "foreign: nothing that you trust tells who made it" in shown
    assert "Execute it? [y/N]" in shown
    assert "\x1b[2J" not in shown
    stored = stranger.store.runs.read("risk", run_id)
    assert stored is not None
    assert [statement.kind for statement in stored.statements] == ([] if code else ["fit"])


def _read(leader: int) -> str:
    """Read what a terminal shows until its program has ended."""
    parts = []
    try:
        while part := os.read(leader, 65_536):
            parts.append(part)
    except OSError:  # Linux says so when nobody writes any more
        pass
    return b"".join(parts).decode(errors="replace")
