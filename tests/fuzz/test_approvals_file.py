"""Whatever becomes of `approvals.toml`, nothing counts that nobody gave, and nothing but one error is raised."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.judgement.approvals.approval_samples import ANA, NOW, RUI, project_in, told

from bancada.exceptions import ConfigurationError
from bancada.judgement.approvals import approved_on, status_of
from bancada.judgement.approvals._entries import entry_of
from bancada.judgement.approvals._file import FILE_NAME, read_approvals, write_approvals
from bancada.judgement.approvals._subjects import subject_of

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.definitions import Project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("tampered")
    return dataclasses.replace(project_in(root), cache=root / "cache")


@pytest.fixture(scope="module")
def whole(project: Project) -> str:
    """Write a file in which one of two roles has approved, and return it."""
    subject = subject_of("evaluation", told(), project)
    said: dict[str, Any] = {"problem": "risk", "subject": "evaluation", "when": NOW, "digest": subject.digest}
    said |= {"parts": dict(subject.parts or {})}
    lapsed = {"role": "product", "who": ANA, "digest": "0" * 64}
    write_approvals(project.root, [entry_of(said | {"role": "data", "who": RUI}), entry_of(said | lapsed)])
    return (project.root / FILE_NAME).read_text(encoding="utf-8")


def given_now(root: Path, project: Project, text: bytes) -> int:
    (root / FILE_NAME).write_bytes(text)
    board = approved_on("risk", told().evaluation, project)
    assert board is not None
    try:
        state = status_of(told(), project).subject("evaluation")
    except ConfigurationError:
        return board.given if len(board.flagged) == 1 else -1
    assert state.given <= board.given
    return board.given


@given(place=st.integers(0, 10_000), character=st.characters(codec="utf-8"))
def test_one_other_character_never_makes_an_approval(place: int, character: str, project: Project, whole: str) -> None:
    place %= len(whole)
    assert given_now(project.root, project, (whole[:place] + character + whole[place + 1 :]).encode()) in {0, 1}


@given(first=st.integers(0, 10_000), last=st.integers(0, 10_000))
def test_no_cut_makes_an_approval(first: int, last: int, project: Project, whole: str) -> None:
    first, last = sorted((first % len(whole), last % len(whole)))
    assert given_now(project.root, project, (whole[:first] + whole[last:]).encode()) in {0, 1}


@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes, project: Project) -> None:
    (project.root / FILE_NAME).write_bytes(b'schema = "bancada.approvals/1"\n' + content)
    try:
        entries = read_approvals(project.root)
    except ConfigurationError:
        return
    assert all(entry.said is None for entry in entries)


def test_the_file_as_it_was_counts_one(project: Project, whole: str) -> None:
    assert given_now(project.root, project, whole.encode()) == 1
