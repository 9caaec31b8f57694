"""Tests of the demo project: what is written, and that its approvals hold for what is in it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from bancada.definitions import find_project, load
from bancada.exceptions import UsageError
from bancada.judgement.approvals import approved_on, status_of, told_problem
from bancada.project import write_demo

if TYPE_CHECKING:
    from pathlib import Path

ALL = ("bancada.toml", "experiment.py", "guide.md", "approvals.toml")


def test_all_files_are_written_once(tmp_path: Path) -> None:
    assert write_demo(tmp_path / "demo") == ALL
    assert write_demo(tmp_path / "demo") == ()


def test_a_demo_of_an_earlier_version_keeps_its_files_and_gets_the_rest(tmp_path: Path) -> None:
    for name in ALL[:2]:
        (tmp_path / name).write_text("mine")
    assert write_demo(tmp_path) == ALL[2:]
    assert (tmp_path / "bancada.toml").read_text() == "mine"


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(UsageError, match=r"holds `thesis\.tex`\. Name another folder"):
        write_demo(tmp_path)


def test_its_approvals_are_those_of_its_evaluation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Where the demo's evaluation was changed: in a copy of its folder, with git's name and address of each member,
    # `bancada evaluation approve --subject evaluation --subject alternatives --subject guide`, and copy the file back.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "experiment", raising=False)
    write_demo(tmp_path)
    project = find_project(tmp_path, {}, home=tmp_path)
    try:
        told = told_problem(load(project).snapshot(), None)
    finally:
        sys.modules.pop("experiment", None)
    status = status_of(told, project)
    assert {outcome.id: outcome.status for outcome in status.outcomes} == {
        "V1": "passed", "V4": "not-applicable", "V6": "passed", "V7": "passed", "V8": "not-applicable", "V9": "passed",
    }, status.subjects  # fmt: skip
    on_board = approved_on("tumours", told.evaluation, project)
    assert on_board is not None
    assert (on_board.in_words, on_board.flagged) == ("approved 3 of 3", ())
