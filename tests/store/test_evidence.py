"""What later statements make of a run's evidence."""

from __future__ import annotations

from typing import Any

from bancada.records import Evidence, Statement
from bancada.store._evidence import evidence_after

COMPLETE = Evidence(grade="complete")


def said(kind: str, **content: Any) -> Statement:
    return Statement(kind=kind, said="2026-01-02T00:00:00+00:00", content=content)


TWICE = said("determinism", folds=3, differing_folds=2, predictions=30, differing=4, max_abs_difference=0.25)
SAME = said("determinism", folds=3, differing_folds=0, predictions=30, differing=0)


def test_without_statements_evidence_is_as_recorded() -> None:
    assert evidence_after(COMPLETE, ()) == COMPLETE


def test_a_claim_that_came_out_otherwise_is_incomplete_whatever_else_was_found() -> None:
    phrase = "not deterministic: computed twice, 2 of 3 folds came out otherwise (4 of 30 predictions, by up to 0.25)"
    expected = Evidence(grade="incomplete", missing=(phrase,))
    recorded = Evidence(grade="incomplete", missing=("not deterministic: 1 folds have given other predictions",))
    for first in (COMPLETE, recorded):
        assert evidence_after(first, [TWICE]) == expected
        assert evidence_after(first, [TWICE, said("verdict", verdict="identical")]) == expected
        assert evidence_after(first, [said("verdict", verdict="identical"), TWICE]) == expected


def test_a_run_that_was_recorded_as_not_deterministic_is_not_reproduced() -> None:
    recorded = Evidence(grade="incomplete", missing=("not deterministic: 1 folds have given other predictions",))
    for verdict in ("identical", "within-tolerance"):
        assert evidence_after(recorded, [said("verdict", verdict=verdict)]) == recorded
    other = Evidence(grade="incomplete", missing=("`x` was read, outside the project",))
    assert evidence_after(other, [said("verdict", verdict="identical")]).grade == "reproduced"


def test_the_last_check_holds_and_what_cannot_be_read_is_passed_over() -> None:
    assert evidence_after(COMPLETE, [TWICE, SAME]) == COMPLETE
    assert evidence_after(COMPLETE, [said("determinism", folds="many")]) == COMPLETE
    assert evidence_after(COMPLETE, [said("verdict", verdict=3)]) == COMPLETE


def test_verdicts_grade_as_they_say() -> None:
    assert evidence_after(COMPLETE, [said("verdict", verdict="identical")]).grade == "reproduced"
    assert evidence_after(COMPLETE, [said("verdict", verdict="identical", current=["code"])]) == COMPLETE
    diverged = evidence_after(COMPLETE, [said("verdict", verdict="diverged")])
    assert diverged == Evidence(grade="incomplete", missing=("it diverged when it was reproduced on 2026-01-02",))
    assert evidence_after(COMPLETE, [said("verdict", verdict="impossible")]) == COMPLETE
