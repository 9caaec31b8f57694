"""Tests of what the signatures of approvals are worth."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from tests.judgement.approvals.approval_samples import ANA, project_in

from bancada.judgement.approvals._entries import entry_of
from bancada.judgement.approvals._signing import Verdicts, signed_by

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provenance.origin.origin_samples import Signer

    from bancada.definitions import Project

RAW: dict[str, Any] = {
    "problem": "risk", "subject": "evaluation", "role": "product", "who": ANA, "when": "2026-11-23", "digest": "0" * 64,
}  # fmt: skip


@pytest.fixture
def project(tmp_path: Path, signers: Path) -> Project:
    return dataclasses.replace(project_in(tmp_path), signers=signers, cache=tmp_path / "cache")


def test_an_entry_without_a_signature_has_no_verdict(project: Project) -> None:
    assert Verdicts(project).of(entry_of(RAW)) == ""


def test_a_signed_entry_is_good_and_a_changed_one_is_not(project: Project, ana: Signer) -> None:
    signed = RAW | {"signature": signed_by(RAW, ana.key, ask=False)}
    verdicts = Verdicts(project)
    assert verdicts.of(entry_of(signed)) == "good"
    assert verdicts.of(entry_of(signed | {"digest": "1" * 64})) == "altered"
    assert verdicts.of(entry_of(signed | {"ticket": "AB-1"})) == "altered"


def test_a_verdict_is_kept_and_another_file_of_signers_asks_again(
    project: Project, ana: Signer, eve: Signer, signers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = entry_of(RAW | {"signature": signed_by(RAW, ana.key, ask=False)})
    assert Verdicts(project).of(entry) == "good"
    monkeypatch.setenv("PATH", "")
    assert Verdicts(project).of(entry) == "good"
    signers.write_text(f"{eve.name} {' '.join(eve.key.with_suffix('.pub').read_text().split()[:2])}\n")
    assert Verdicts(project).of(entry) == "unchecked"  # there is no `ssh-keygen` to ask
    monkeypatch.undo()
    assert Verdicts(project).of(entry) == "unchecked"


def test_without_signers_or_their_file_nobodys_signature_counts(project: Project, ana: Signer, tmp_path: Path) -> None:
    entry = entry_of(RAW | {"signature": signed_by(RAW, ana.key, ask=False)})
    assert Verdicts(dataclasses.replace(project, signers=None)).of(entry) == "unchecked"
    assert Verdicts(dataclasses.replace(project, signers=tmp_path / "gone")).of(entry) == "unchecked"


@pytest.mark.parametrize("content", [b"", b"[1]", b"\xff", b'{"a": 3}'])
def test_a_memory_that_cannot_be_read_is_made_anew(content: bytes, project: Project, ana: Signer) -> None:
    project.cache.mkdir()
    (project.cache / "approvals.json").write_bytes(content)
    entry = entry_of(RAW | {"signature": signed_by(RAW, ana.key, ask=False)})
    assert Verdicts(project).of(entry) == "good"


def test_a_cache_that_cannot_be_written_costs_time_only(project: Project, ana: Signer) -> None:
    project.cache.write_text("a file stands where the folder should")
    entry = entry_of(RAW | {"signature": signed_by(RAW, ana.key, ask=False)})
    assert Verdicts(project).of(entry) == "good"
