"""Tests of who approved what, as people see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.judgement.approvals.approval_samples import ANA, NOW, project_in, told

from bancada.display import to_text
from bancada.judgement.approvals import status_of
from bancada.judgement.approvals._entries import entry_of
from bancada.judgement.approvals._file import write_approvals
from bancada.judgement.approvals._subjects import subject_of
from bancada.report.approvals import status_document, status_tables

if TYPE_CHECKING:
    from pathlib import Path


def shown(root: Path, *entries: object) -> str:
    project = project_in(root)
    write_approvals(root, map(entry_of, entries))
    document = status_document(status_of(told(), project), ("judged.py",))
    return "\n".join(to_text(table) for table in status_tables(document))


def test_outcomes_stand_first_and_equal_remedies_are_told_once(tmp_path: Path) -> None:
    text = shown(tmp_path)
    assert " V4       the code that judges is unit-tested, and reviewed by all members" in text
    assert "does not apply" in text
    assert text.count("V1, V6: `bancada evaluation approve --subject evaluation` by product, data.") == 1
    assert "Changed since the definitions were read, and not in this: judged.py." in text


def test_each_entry_says_what_it_is_worth(tmp_path: Path) -> None:
    subject = subject_of("evaluation", told(), project_in(tmp_path))
    said: dict[str, object] = {"problem": "risk", "subject": "evaluation", "role": "product", "who": ANA, "when": NOW}
    said |= {"digest": subject.digest, "parts": dict(subject.parts or {})}
    lapsed = said | {"digest": "b" * 64, "parts": dict(subject.parts or {}) | {"margin": "f" * 16}}
    text = shown(tmp_path, said, lapsed, said | {"role": "owner"}, {"who": "x"})
    for expected in (
        "evaluation  owner    ana@example.org  2026-11-23  does not count  the team has no role `owner`",
        "approved",
        "lapsed          margin changed",
        "Does not count: entry 1: it is no whole entry",
    ):
        assert expected in text
