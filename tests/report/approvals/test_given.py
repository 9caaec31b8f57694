"""Tests of what an approval has come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.judgement.approvals.approval_samples import ANA, NOW, git_says, project_in, told

from bancada.judgement.approvals import approve, approver_of, status_of
from bancada.report.approvals import approval_document, approval_text

if TYPE_CHECKING:
    from pathlib import Path


def test_it_says_who_approved_what_and_who_is_missing(tmp_path: Path) -> None:
    git_says(tmp_path, "Ana", ANA)
    project = project_in(tmp_path)
    approver = approver_of(None, project)
    approve(told(), ["evaluation"], approver, project, now=NOW, sign=False, ask=False)
    given = {"role": approver.role, "who": approver.who, "signed": False}
    document = approval_document(status_of(told(), project), ["evaluation"], **given)  # type: ignore[arg-type]  # each of its own type
    assert approval_text(document) == (
        f"evaluation {told().evaluation[:6]} approved by {ANA} as product: 1 of 2; still missing: data\n"
        "`approvals.toml` written; commit it"
    )
    taken = approval_document(status_of(told(), project), ["evaluation"], withdrawn=1, **given)  # type: ignore[arg-type]  # as above
    assert "evaluation withdrawn by ana@example.org as product: 1 of 2" in approval_text(taken)
    assert "1 line taken out; `approvals.toml` written; commit it" in approval_text(taken)
