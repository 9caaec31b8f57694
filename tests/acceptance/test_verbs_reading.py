"""Verbs that read execute nothing of the project, and work from wherever it is reached."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

READING = [("leaderboard",), ("compare", "first", "second"), ("show", "first"), ("list",), ("store", "verify")]
CHANGED = """
@bc.candidate
def first(cut: float = 0.0):
    return Curve(cut + 1)


@bc.candidate
def second(cut: float = 0.0, column: str = "b"):
    return Curve(cut, column)
"""
TRAP = "from pathlib import Path\nPath(__file__).with_name('executed').touch()\nraise RuntimeError('executed')\n"


def test_reading_executes_no_project_code(typed: Typed) -> None:
    assert typed.runs().code == 0
    typed.write_text(TRAP)
    for words in [
        *READING,
        ("evaluation", "show"),
        ("store", "rebuild"),
        ("--help",),
        ("run", "--help"),
        ("--version",),
    ]:
        assert typed.types(*words).code == 0
        assert not (typed.root / "executed").exists()
    typed.runs().refuses("RuntimeError: executed")
    assert (typed.root / "executed").exists()


def test_reading_needs_no_data_and_no_module(typed: Typed) -> None:
    assert typed.runs().code == 0
    before = [typed.types(*words).out for words in READING]
    (typed.root / "data.csv").unlink()
    (typed.root / f"{typed.module}.py").unlink()
    assert [typed.types(*words).out for words in READING] == before


def test_reading_writes_nothing_into_the_store(typed: Typed) -> None:
    assert typed.runs().code == 0

    def state() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in sorted(typed.store.rglob("*"))}

    before = state()
    for words in [*READING, ("store", "rebuild")]:
        assert typed.types(*words).code == 0
    assert state() == before


@pytest.mark.parametrize("words", [("leaderboard",), ("list",), ("evaluation", "show"), ("--help",)])
def test_reading_loads_no_heavy_library(typed: Typed, words: tuple[str, ...]) -> None:
    assert typed.runs().code == 0
    assert typed.types("leaderboard").code == 0
    process = typed.spawn(*words, environ={"PYTHONPROFILEIMPORTTIME": "1"})
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out
    loaded = {line.rpartition("|")[2].strip() for line in err.splitlines() if line.startswith("import time:")}
    assert "bancada.cli" in loaded
    assert loaded & {"pandas", "sklearn", "scipy", "pyarrow", "numpy", "jinja2", typed.module} == set()


def test_a_project_is_reached_from_below_and_from_afar(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    below = typed.root / "notebooks" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert typed.runs().code == 0
    assert not (below / ".bancada").exists()
    board = typed.types("leaderboard").out
    monkeypatch.chdir(typed.root.parent)
    assert typed.types("leaderboard", "-C", "project").out == board
    assert typed.types("leaderboard", "--directory", str(below)).out == board


def test_a_store_can_be_anywhere(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = typed.root.parent / "else where"
    assert typed.runs("--store", str(elsewhere)).code == 0
    assert not typed.store.exists()
    board = typed.types("leaderboard", "--store", "../else where")
    assert board.code == 0
    monkeypatch.setenv("BANCADA_STORE", str(elsewhere))
    assert typed.types("leaderboard").out == board.out
    (typed.root / "bancada.toml").write_text(f'modules = ["{typed.module}"]\nstore = "../else where"\n')
    monkeypatch.delenv("BANCADA_STORE")
    assert typed.types("leaderboard").out == board.out


def test_a_store_that_moved_is_the_same_store(typed: Typed) -> None:
    assert typed.runs().code == 0
    board = typed.types("leaderboard").out
    shutil.move(typed.store, typed.root / "moved")
    assert typed.types("leaderboard", "--store", "moved").out == board
    assert typed.runs("--store", "moved", "--json").document["runs"][0]["status"] == "known"


def test_a_folder_with_spaces_and_letters_of_all_kinds_is_a_folder(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = typed.root.parent / "Bäume & ørter – 木 'x'"
    typed.root.rename(odd)
    monkeypatch.chdir(odd)
    typed.root = odd
    assert typed.runs().code == 0
    assert typed.types("leaderboard").code == 0
    assert typed.types("store", "verify").code == 0


@pytest.mark.parametrize("layout", ["src", "package"])
def test_modules_lie_in_src_or_in_a_package(typed: Typed, layout: str) -> None:
    module = typed.root / f"{typed.module}.py"
    if layout == "src":
        (typed.root / "src").mkdir()
        module.rename(typed.root / "src" / module.name)
    else:
        package = typed.root / typed.module
        package.mkdir()
        (package / "__init__.py").touch()
        module.rename(package / "experiment.py")
    document = typed.runs("--json").document
    assert [run["status"] for run in document["runs"]] == ["done"] * 3
    assert typed.types("show", "first", "--code").code == 0


def test_a_project_in_pyproject_is_one(typed: Typed) -> None:
    Path("bancada.toml").unlink()
    Path("pyproject.toml").write_text(f'[project]\nname = "x"\n[tool.bancada]\nmodules = ["{typed.module}"]\n')
    assert typed.runs().code == 0


def test_help_of_every_verb_shows_an_example_or_says_what_it_does(typed: Typed) -> None:
    for verb in ("run", "leaderboard", "compare", "show", "list", "fit"):
        told = typed.types(verb, "--help")
        assert told.code == 0
        assert "Examples:" in told.out
        assert f"bancada {verb}" in told.out
        assert max(map(len, told.out.splitlines())) <= 100


def test_a_board_for_people_says_who_leads_and_that_nothing_was_computed_twice(typed: Typed) -> None:
    first = typed.runs()
    assert "3 of 3 runs" in first.err
    assert "9 folds computed, 0 from the store" in first.err
    again = typed.runs()
    assert "0 folds computed, 9 from the store" in again.err
    assert again.out == first.out == typed.types("leaderboard").out
    assert first.out.splitlines()[0].startswith("risk · roc_auc ↑ · 30 rows, version 1 · 3 folds")


def test_a_changed_candidate_alone_is_computed_again(typed: Typed) -> None:
    assert typed.runs().code == 0
    typed.write(CHANGED)
    statuses = {run["candidate"]: run["status"] for run in typed.runs("--json").document["runs"]}
    assert statuses == {"first": "done", "second": "known", "baseline": "known"}
