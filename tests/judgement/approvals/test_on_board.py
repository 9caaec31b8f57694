"""Tests of how far the evaluation of a board is approved."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from tests.judgement.approvals.approval_samples import ANA, NOW, RUI, project_in

from bancada.judgement.approvals import approved_on
from bancada.judgement.approvals._entries import entry_of
from bancada.judgement.approvals._file import FILE_NAME, write_approvals
from bancada.judgement.approvals._signing import signed_by

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provenance.origin.origin_samples import Signer

    from bancada.definitions import Project

BOARD = "a" * 64


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return dataclasses.replace(project_in(tmp_path), cache=tmp_path / "cache")


def said(who: str, role: str, digest: str = BOARD) -> dict[str, object]:
    return {"problem": "risk", "subject": "evaluation", "role": role, "who": who, "when": NOW, "digest": digest}


def test_without_a_team_a_board_says_nothing(project: Project) -> None:
    assert approved_on("risk", BOARD, dataclasses.replace(project, team=type(project.team)())) is None


def test_only_approvals_of_this_evaluation_count(project: Project) -> None:
    write_approvals(project.root, map(entry_of, [said(ANA, "product"), said(RUI, "data", "b" * 64)]))
    found = approved_on("risk", BOARD, project)
    assert found is not None
    assert (found.in_words, found.missing, found.flagged) == ("approved 1 of 2", ("data",), ())


def test_signed_ones_are_counted(project: Project, ana: Signer, signers: Path) -> None:
    raw = said(ANA, "product")
    write_approvals(project.root, [entry_of(raw | {"signature": signed_by(raw, ana.key, ask=False)})])
    found = approved_on("risk", BOARD, dataclasses.replace(project, signers=signers))
    assert found is not None
    assert found.in_words == "approved 1 of 2, 1 signed"


def test_a_file_that_cannot_be_read_never_stops_a_board(project: Project) -> None:
    (project.root / FILE_NAME).write_text("<<<<<<< HEAD\n")
    found = approved_on("risk", BOARD, project)
    assert found is not None
    assert (found.in_words, found.missing) == ("approved 0 of 2", ("product", "data"))
    assert "which a merge has left" in found.flagged[0]


def test_what_is_refused_is_told(project: Project) -> None:
    write_approvals(project.root, map(entry_of, [said("eve@example.org", "product"), {"who": "x"}]))
    found = approved_on("risk", BOARD, project)
    assert found is not None
    assert found.flagged[0] == "eve@example.org as product: they are no member of `product`"
    assert found.flagged[1].startswith("entry 1: it is no whole entry")
    assert found.given == 0
