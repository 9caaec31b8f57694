"""The grade of a run's evidence after what was said about it later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.exceptions import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bancada.records import Evidence, Statement

__all__ = ["deciding", "evidence_after"]

UNSTABLE = "not deterministic"
_GRADES = {"identical": "reproduced", "within-tolerance": "reproduced", "diverged": "incomplete"}


def evidence_after(recorded: Evidence, statements: Iterable[Statement]) -> Evidence:
    """Return the evidence of a run as it is known now.

    It is `reproduced` where the last verdict says that the run came out as it was recorded, entirely from what was
    recorded; one that diverged makes it incomplete, and one that was impossible says nothing. Where the claim has come
    out otherwise, before the run was recorded or when it was computed twice, it is incomplete, whatever else was found.

    Args:
        recorded: As the run was recorded.
        statements: What was said about it, oldest first; one that cannot be read is passed over.
    """
    evidence, unstable = recorded, ""
    for statement in deciding(statements):
        if statement.kind == "verdict":
            evidence = _reproduced(recorded, statement)
        else:
            unstable = _unstable(statement)
    if not unstable:
        return evidence
    others = tuple(phrase for phrase in evidence.missing if not phrase.startswith(UNSTABLE))
    return msgspec.structs.replace(evidence, grade="incomplete", missing=(*others, unstable))


def deciding(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return the statements that make the grade of a run's evidence: at most one verdict and one on determinism.

    Whoever said one of them has made the grade, whatever was said after it that counts for nothing.

    Args:
        statements: What was said about the run, oldest first.
    """
    verdict: Statement | None = None
    twice: Statement | None = None
    for statement in statements:
        if statement.kind == "verdict" and _grade(statement):
            verdict = statement
        elif statement.kind == "determinism":
            said = _twice(statement)
            # That it came out the same decides where it had come out otherwise before.
            twice = statement if said is not None and (said.differing_folds or twice is not None) else twice
    return tuple(statement for statement in (verdict, twice) if statement is not None)


class _Twice(msgspec.Struct, frozen=True):
    """What counts of a `determinism` statement."""

    folds: int = 0
    differing_folds: int = 0
    predictions: int = 0
    differing: int = 0
    max_abs_difference: float | None = None


def _twice(statement: Statement) -> _Twice | None:
    try:
        return msgspec.convert(statement.content, _Twice)
    except msgspec.ValidationError:
        return None


def _unstable(statement: Statement) -> str:
    """Return what was found when a claim was computed twice; empty where everything came out the same."""
    said = _twice(statement)
    if said is None or not said.differing_folds:
        return ""
    apart = "" if said.max_abs_difference is None else f", by up to {said.max_abs_difference:.3g}"
    return (
        f"{UNSTABLE}: computed twice, {said.differing_folds} of {counted(said.folds, 'fold')} came out otherwise "
        f"({said.differing:,} of {counted(said.predictions, 'prediction')}{apart})"
    )


class _Verdict(msgspec.Struct, frozen=True):
    """What counts of a `verdict` statement."""

    verdict: str = ""
    current: tuple[str, ...] = ()


def _grade(statement: Statement) -> str:
    """Return the grade that a verdict gives; empty where it says nothing of what was recorded."""
    try:
        said = msgspec.convert(statement.content, _Verdict)
    except msgspec.ValidationError:
        return ""
    if said.current:
        # It tells whether the run still holds under what is there now.
        return ""
    return _GRADES.get(said.verdict, "")


def _reproduced(recorded: Evidence, statement: Statement) -> Evidence:
    """Return the evidence of a run by the verdict that counts."""
    grade = _grade(statement)
    if grade == "reproduced":
        # What has come out otherwise before has come out as it was recorded by chance.
        unstable = any(phrase.startswith(UNSTABLE) for phrase in recorded.missing)
        return recorded if unstable else msgspec.structs.replace(recorded, grade=grade)
    missing = (*recorded.missing, f"it diverged when it was reproduced on {statement.said[:10]}")
    return msgspec.structs.replace(recorded, grade=grade, missing=missing)
