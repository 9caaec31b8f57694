"""Tests of something that people approve, as a value."""

from __future__ import annotations

from bancada.judgement.approvals._subject import Subject


def test_a_subject_applies_unless_it_says_otherwise() -> None:
    subject = Subject("evaluation", "0" * 64)
    assert (subject.applies, subject.lacking, subject.parts) == (True, "", {})
