"""A run that is rebuilt and computed once more comes out as it was recorded, or the verdict says what does not."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
import tempfile
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.conftest import Typed

# It draws from the global generator, calls a helper in another module, and reads a file: all of it is evidence.
DRAWN = """
import json
import pathlib

from {helper} import tilt


@bc.candidate
def drawn(cut: float = 0.25):
    class Drawn(Curve):
        def fit(self, X, y):
            self.shift = float(np.random.rand()) + json.loads(pathlib.Path("shift.json").read_text())
            return super().fit(X, y)

        def predict_proba(self, X):
            return tilt(super().predict_proba(X), self.shift)

    return Drawn(cut)
"""
HERE = "--with-current-environment"
TOKEN = "ghp_" + "Z7" * 18
HELPER = """
import numpy as np

def tilt(probabilities, shift):
    high = np.clip(probabilities[:, 1] * {factor} + shift / 100, 0, 1)
    return np.column_stack([1 - high, high])
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the folder for temporary folders one of the test's own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.fixture
def project(typed: Typed, place: Path) -> Typed:
    """Make a project whose candidate has a helper that git does not know, and reads a file."""
    helper = f"{typed.module}_helper"
    typed.write(candidates=DRAWN.format(helper=helper))
    _help(typed, 0.5)
    (typed.root / "shift.json").write_text("1.5")
    told = typed.runs("drawn")
    assert told.code == 0, told.err
    assert place.is_dir()
    return typed


def _help(typed: Typed, factor: float) -> None:
    (typed.root / f"{typed.module}_helper.py").write_text(HELPER.format(factor=factor))


def reproduced(typed: Typed, *words: str, code: int = 0) -> Any:
    """Reproduce with the interpreter that runs this test: rebuilding one is tested by itself, once."""
    told = typed.types("reproduce", *words, HERE, "--json")
    assert told.code == code, told.err + told.out
    return told.document


def grade(typed: Typed, candidate: str = "drawn") -> str:
    rows = typed.types("leaderboard", "--json").document["rows"]
    return str(next(row["evidence"]["grade"] for row in rows if row["candidate"] == candidate))


def record(typed: Typed) -> Path:
    (path,) = (path for path in typed.store.glob("runs/risk/*/run.json") if '"drawn"' in path.read_text())
    return path


def test_a_run_is_identical_whatever_has_become_of_its_project_since(project: Typed, place: Path) -> None:
    before = record(project).read_bytes()
    # Nothing of this is needed: the module, its helper, the file that it reads, the data, git.
    for path in project.root.iterdir():
        if path.name not in {".bancada", "bancada.toml"}:
            path.unlink()
    found = reproduced(project, "drawn")
    assert (found["schema"], found["verdict"]) == ("bancada.reproduction/1", "identical")
    assert (found["predictions"], found["differing"], found["max_abs_difference"]) == (30, 0, 0.0)
    assert (found["first_difference"], found["drifted"], found["missing"], found["scores"]) == (None, [], [], [])
    assert "identical, 0 of 30 predictions differ" in project.types("show", "drawn").out
    assert record(project).read_bytes() == before
    assert list(place.iterdir()) == []


def test_a_moved_project_is_reproduced_from_where_it_is_now(
    project: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    moved = tmp_path / "elsewhere"
    project.root.rename(moved)
    monkeypatch.chdir(moved)
    assert reproduced(project, "drawn")["verdict"] == "identical"


@pytest.mark.parametrize("what", ["helper", "file"])
def test_with_the_code_of_now_what_was_changed_is_noticed_and_named(project: Typed, what: str) -> None:
    before = grade(project)
    if what == "helper":
        _help(project, 0.25)
    else:
        (project.root / "shift.json").write_text("2.5")
    found = reproduced(project, "drawn", "--with-current-code", code=1)
    assert (found["verdict"], found["current"], found["differing"]) == ("diverged", ["code", "environment"], 30)
    first, largest = found["first_difference"], found["largest_difference"]
    assert first["column"] in {"score", "probability"}
    assert abs(largest["recorded"] - largest["found"]) == found["max_abs_difference"] > 0
    changed = f"{project.module}_helper.py" if what == "helper" else "shift.json"
    assert f"file `{changed}` changed" in found["drifted"]
    # It says that the run does not hold any more, and nothing of how it was recorded.
    assert grade(project) == before


def test_with_the_code_of_now_an_unchanged_project_holds_and_grants_nothing(project: Typed) -> None:
    before = grade(project)
    found = reproduced(project, "drawn", "--with-current-code")
    assert (found["verdict"], found["current"]) == ("identical", ["code", "environment"])
    assert grade(project) == before
    told = "(with the code and the environment as of that day, not as recorded)"
    assert told in project.types("show", "drawn").out


def test_everything_that_is_missing_is_told_at_once(project: Typed) -> None:
    before = grade(project)
    run = json.loads(record(project).read_text())
    sources = {**run["provenance"]["files"], **run["provenance"]["sources"]}
    gone = [f"{project.module}_helper.py", "shift.json"]
    for path in gone:
        (project.store / "objects" / sources[path]).unlink()
    shutil.rmtree(project.store / "folds")
    found = reproduced(project, "drawn", code=1)
    assert found["verdict"] == "impossible"
    for path in gone:
        assert any(f"`{path}` is not in the store" in text for text in found["missing"])
    assert sum("the predictions of repeat 0" in text for text in found["missing"]) == 3
    assert grade(project) == before


def test_an_altered_object_is_an_error_and_executes_nothing(project: Typed, place: Path) -> None:
    run = json.loads(record(project).read_text())
    name = run["provenance"]["sources"][f"{project.module}.py"]
    (project.store / "objects" / name).write_text("open('/tmp/executed', 'w')")
    project.types("reproduce", "drawn", HERE).refuses("must have the digest that names it", "was altered")
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("what", ["a prediction", "the record of a fold"])
def test_altered_predictions_are_an_error_and_no_verdict_on_the_run(project: Typed, place: Path, what: str) -> None:
    (use, *_) = json.loads(record(project).read_text())["folds"]
    (path,) = project.store.glob(f"folds/*/{use['key']}/{use['content']}/predictions.arrow")
    if what == "a prediction":
        with pa.memory_map(str(path)) as source:
            score = pa.ipc.open_file(source).read_all().column("score")[0].as_py()
        data = bytearray(path.read_bytes())
        data[data.index(struct.pack("<d", score))] ^= 1
        path.write_bytes(bytes(data))
    else:
        path = path.with_name("fold.json")
        path.write_text(json.dumps(json.loads(path.read_text()) | {"predictions": "0" * 64}))
    before, kept = grade(project), sorted(record(project).parent.rglob("*"))
    project.types("reproduce", "drawn", HERE).refuses(
        "A stored fold must hold what the digests that name it were made of.",
        "predictions or observed files were altered",
        "`bancada store verify` lists all that is broken",
    )
    assert (grade(project), sorted(record(project).parent.rglob("*"))) == (before, kept)
    assert list(place.iterdir()) == []


def test_rows_that_were_forgotten_make_it_impossible_and_say_so(project: Typed) -> None:
    before = grade(project)
    (project.root / "left.txt").write_text("3\n")
    assert project.types("forget", "--ids", "left.txt").code == 0
    found = reproduced(project, "drawn", code=1)
    assert found["verdict"] == "impossible"
    assert sum("rows of it were forgotten since" in text for text in found["missing"]) == 1
    assert grade(project) == before


def test_a_lost_job_is_named_with_all_else_that_is_lost(project: Typed, tmp_path: Path) -> None:
    said = json.loads(record(project).read_text())["provenance"]
    for part in ("job", "environment"):
        (project.store / "objects" / said[part]).unlink()
    (project.store / "objects" / said["sources"][f"{project.module}.py"]).unlink()
    (project.root / "data.csv").unlink()
    shutil.rmtree(tmp_path / "cache")
    told = project.types("reproduce", "drawn", "--json")
    missing = told.document["missing"]
    assert (told.code, told.document["verdict"]) == (1, "impossible")
    lost = f"the record of what was installed is not in the store (object {said['environment'][:12]}…)"
    assert f"the job is not in the store (object {said['job'][:12]}…)" in missing
    assert any(text.startswith(lost) and "--with-current-environment" in text for text in missing)
    assert any(text.startswith(f"`{project.module}.py` is not in the store") for text in missing)
    assert any("`data.csv`" in text for text in missing)
    assert not any("kept less" in text for text in missing)


def test_data_that_are_gone_are_named(project: Typed, tmp_path: Path) -> None:
    text = (project.root / "data.csv").read_text()
    (project.root / "data.csv").write_text(text.replace("\n3,", "\n3,9", 1))
    shutil.rmtree(tmp_path / "cache")
    found = reproduced(project, "drawn", code=1)
    assert found["verdict"] == "impossible"
    assert any("`data.csv`" in text for text in found["missing"]), found["missing"]


def test_only_finished_runs_are_reproduced(project: Typed) -> None:
    project.write(candidates="@bc.candidate\ndef broken():\n    raise RuntimeError('no')\n")
    assert project.runs("broken").code == 1
    project.types("reproduce", "broken", HERE).refuses("once it is finished", "is failed", "--log")


READING = """
import pathlib

@bc.candidate
def reading():
    class Reading(Curve):
        def fit(self, X, y):
            self.cut = len(pathlib.Path({file!r}).read_text()) / 1000
            return super().fit(X, y)

    return Reading()
"""


def test_without_a_file_that_was_withheld_it_is_impossible_and_not_diverged(typed: Typed, place: Path) -> None:
    (typed.root / "login.txt").write_text(TOKEN)
    typed.write(candidates=READING.format(file="login.txt"))
    assert typed.runs("reading").code == 0
    found = reproduced(typed, "reading", code=1)
    assert found["verdict"] == "impossible"
    assert found["missing"] == ["file `login.txt` was withheld: it holds GitHub token"]
    assert "FileNotFoundError" in found["first_difference"]["found"]
    (typed.root / "login.txt").write_text(f"{TOKEN} and more")
    found = reproduced(typed, "reading", "--with-current-code", code=1)
    assert (found["verdict"], found["drifted"]) == ("diverged", ["file `login.txt` changed"])
    assert list(place.iterdir()) == []


def test_data_that_the_code_reads_by_itself_are_there_while_the_project_has_them(typed: Typed, place: Path) -> None:
    typed.write(candidates=READING.format(file="data.csv"))
    assert typed.runs("reading").code == 0
    assert reproduced(typed, "reading")["verdict"] == "identical"
    with (typed.root / "data.csv").open("a") as data:
        data.write("\n")
    found = reproduced(typed, "reading", code=1)
    assert (found["verdict"], found["missing"]) == ("impossible", ["file `data.csv` was read, and is not as it was"])
    assert list(place.iterdir()) == []


def test_of_several_all_are_looked_at_before_the_first_is_computed(project: Typed) -> None:
    broken = '@bc.candidate\ndef broken():\n    raise ValueError("no")\n'
    project.write(candidates=DRAWN.format(helper=f"{project.module}_helper") + broken)
    failed = project.runs("broken", "--json").document["runs"][0]["run_id"]
    told = project.types("reproduce", "drawn", f"r-{failed}", HERE)
    told.refuses("A run is reproduced once it is finished", "is failed")
    assert "computing the folds" not in told.err
    assert not list(project.store.glob("runs/*/*/after/verdict-*.json"))


def test_what_was_made_outside_is_impossible_and_says_why(project: Typed) -> None:
    ids = "".join(f"{number},0.5\n" for number in range(30))
    (project.root / "theirs.csv").write_text("person,score\n" + ids)
    told = project.types("submit", "theirs.csv", "--as", "theirs")
    assert told.code == 0, told.err
    found = reproduced(project, "theirs", code=1)
    assert found["verdict"] == "impossible"
    assert "its predictions were submitted" in found["missing"][0]


def test_the_best_of_the_board_are_one_table_and_one_exit_code(project: Typed) -> None:
    project.write()
    assert project.runs("first", "second").code == 0
    told = project.types("reproduce", "--top", "2", HERE)
    assert told.code == 0, told.err
    assert told.out.count("identical") == 2
    assert told.out.count("with the environment as now: this grants no `reproduced`") == 1
    for path in project.store.glob("objects/*"):
        if b"def second" in path.read_bytes():
            path.unlink()
    found = reproduced(project, "first", "second", code=1)
    assert found["schema"] == "bancada.reproductions/1"
    assert {item["verdict"] for item in found["reproductions"]} == {"impossible"}


def test_the_folder_can_be_kept_and_the_runner_called_again(project: Typed, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    assert reproduced(project, "drawn", "--keep", str(kept))["verdict"] == "identical"
    assert (kept.stat().st_mode & 0o777) == 0o700
    assert (kept / "project" / "shift.json").read_text() == "1.5"
    assert json.loads((kept / "out" / "result.json").read_text())["schema"] == "result/1"
    project.types("reproduce", "drawn", HERE, "--keep", str(kept)).refuses("a folder that is empty", "--keep")


def test_nothing_depends_on_git(project: Typed) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=project.root, check=True, capture_output=True)

    git("init", "-q")
    git("add", f"{project.module}.py", "bancada.toml")
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "first")
    assert project.runs("drawn", "cut=0.5").code == 0
    shutil.rmtree(project.root / ".git")
    assert reproduced(project, "drawn")["verdict"] == "identical"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Runs are named, or `--top N` takes the best."),
        (("drawn", "--top", "1"), "Both were given."),
        (("drwan",), "Did you mean `drawn`?"),
        (("--top", "2", "--keep", "x"), "`--keep` keeps the folder of one run."),
    ],
)
def test_a_slip_is_told_before_anything_is_done(project: Typed, words: tuple[str, ...], sentence: str) -> None:
    project.types("reproduce", *words, HERE).refuses(sentence)
