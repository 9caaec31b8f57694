"""A hypothesis as it is stored: in the provenance of each run that it is about, or as a statement about a known run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from bancada.store import StoredRun

__all__ = ["KIND", "SCHEMA", "Hypothesis", "Reference", "Seen", "hypotheses_of", "read_hypothesis"]

KIND = "hypothesis"
SCHEMA = "store.hypothesis/1"


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """The champion that runs are held against, as it was when the hypothesis was declared.

    Attributes:
        named: What was typed.
        run_id: The newest of its runs.
        runs: All of them: several where seeds are averaged.
        candidate: Label of the candidate.
        value: Its score by the metric, on the slice.
    """

    named: str
    run_id: str
    runs: tuple[str, ...]
    candidate: str
    value: float | None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What could have been seen before the hypothesis was declared.

    Attributes:
        runs: How many runs on the same rows had scores.
        claim: True where a run of one of the very claims was among them.
    """

    runs: int = 0
    claim: bool = False


class Hypothesis(msgspec.Struct, frozen=True, kw_only=True):
    """What was expected of the runs of one invocation, and why; fixed before the first fold.

    Attributes:
        id: The same for all runs of the invocation.
        because: Why they are made; may be empty.
        expect: The expectation's canonical text; empty where there is only a reason.
        metric: Name of the metric.
        metric_id: Its digest.
        operator: `>`, `>=`, `<` or `<=`.
        bound: The number; beside a reference what is added to the reference's score.
        reference: The champion; None for a number alone.
        slice: Name of the slice, or the expression that its rows are shown under; None for all rows.
        slice_id: Digest of which rows that were.
        alpha: Level of the invocation.
        claims: M, how many claims the invocation made.
        known: Those of its runs that were known before, each with a statement of this hypothesis.
        declared: UTC time, ISO 8601.
        seen: What could have been seen before.
        schema: `store.hypothesis/1`.
    """

    id: str
    because: str = ""
    expect: str = ""
    metric: str = ""
    metric_id: str = ""
    operator: str = ""
    bound: float = 0.0
    reference: Reference | None = None
    slice: str | None = None
    slice_id: str | None = None
    alpha: float = 0.05
    claims: int = 1
    known: tuple[str, ...] = ()
    declared: str = ""
    seen: Seen = Seen()
    schema: str = SCHEMA

    @property
    def level(self) -> float:
        """Level of each run's interval: alpha over M."""
        return self.alpha / max(self.claims, 1)

    @property
    def after_data(self) -> bool:
        """True where results on the same rows existed when it was declared."""
        return self.seen.runs > 0

    @property
    def sound(self) -> bool:
        """False where the fields contradict each other: whoever wrote the record may have written anything."""
        words = not self.expect or self.operator in {">", ">=", "<", "<="}
        return bool(self.id) and words and 0 < self.alpha < 1 and self.claims >= 1


def read_hypothesis(content: Any) -> Hypothesis | None:
    """Return a hypothesis; None where there is none, it cannot be read, or it is of a newer version."""
    if not isinstance(content, dict) or content.get("schema", SCHEMA) != SCHEMA:
        return None
    try:
        found = msgspec.convert(content, Hypothesis)
    except msgspec.ValidationError:
        return None
    return found if found.sound else None


def hypotheses_of(stored: StoredRun) -> tuple[Hypothesis, ...]:
    """Return the hypotheses about a run: the one before its first fold first, then those that were stated later."""
    told = [stored.record.provenance.get(KIND)]
    told += [said.content for said in stored.statements if said.kind == KIND]
    return tuple(found for item in told if (found := read_hypothesis(item)) is not None)
