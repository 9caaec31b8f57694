"""What is offered behind a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.shell_completion import ShellComplete
from tests.acceptance.conftest import typed  # noqa: F401 - a fixture

from bancada.cli._main import program

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.conftest import Typed

MORE = """
@bc.candidate
def switched(*, deep: bool = False, depth: int | None = None, cut: float):
    return Curve(cut)
"""


def offered(*words: str) -> list[str]:
    """Return what is offered for the last of these words, behind the others."""
    shell = ShellComplete(program(), {}, "bancada", "_BANCADA_COMPLETE")
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


@pytest.fixture
def project(typed: Typed) -> Typed:  # noqa: F811 - the fixture
    typed.write(after=MORE)
    assert typed.runs("first").code == 0
    return typed


def test_candidates_then_their_parameters_then_values(project: Typed) -> None:
    assert offered("run", "") == ["first", "second", "switched", "baseline"]
    assert offered("run", "sw") == ["switched"]
    assert offered("run", "first", "switched", "d") == ["deep=", "depth="]
    assert offered("run", "switched", "deep=") == ["deep=true", "deep=false"]
    assert offered("run", "switched", "depth=") == ["depth=none"]
    assert "deep=" not in offered("run", "switched", "deep=true", "")
    assert offered("run", "switched", "unknown=") == []
    project.forget()


def test_what_names_a_run(project: Typed) -> None:
    assert offered("compare", "b") == ["best", "baseline"]
    runs = offered("show", "r-")
    assert len(runs) == 2
    assert all(len(run) == len("r-") + 10 for run in runs)
    assert offered("fit", "-p", "risk", runs[0][:6]) == [runs[0]]
    assert offered("fit", "-p", "other", "r-") == []
    project.forget()


def test_subjects_and_roles_of_an_approval(project: Typed) -> None:
    settings = project.root / "bancada.toml"
    settings.write_text(settings.read_text() + '[team]\nroles = { product = ["ana"], data = ["rui"] }\n')
    assert offered("evaluation", "approve", "--subject", "") == ["evaluation", "code", "guide", "alternatives"]
    assert offered("evaluation", "approve", "--subject", "g") == ["guide"]
    assert offered("evaluation", "approve", "--role", "p") == ["product"]


def test_problems_behind_their_option(project: Typed) -> None:
    assert offered("leaderboard", "-p", "") == ["risk"]
    assert offered("leaderboard", "-C", str(project.root.parent), "-p", "") == []


def test_no_project_code_is_executed(project: Typed) -> None:
    project.write_text("raise SystemExit(3)\n")
    assert offered("run", "f") == ["first"]


@pytest.mark.parametrize("words", [("run", ""), ("show", "r-"), ("fit", ""), ("leaderboard", "-p", "")])
def test_where_there_is_no_store_nothing_is_offered(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert offered(*words) == []


def test_a_project_file_that_is_broken_offers_nothing(project: Typed) -> None:
    (project.root / "bancada.toml").write_text("modules = [", encoding="utf-8")
    assert offered("run", "f") == []


def test_a_name_that_would_move_the_cursor_is_not_offered(project: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = {"candidates": [{"name": "a\x1b[2Jb", "parameters": []}, {"name": "fine", "parameters": []}]}
    monkeypatch.setattr("bancada.cli._completing._snapshot", lambda _: snapshot)
    assert offered("run", "") == ["fine", "baseline"]
    assert project.root.exists()
