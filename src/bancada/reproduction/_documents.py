"""What a reproduction found: the document that is printed, and that the statement on the run holds."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = [
    "DIVERGED",
    "IDENTICAL",
    "IMPOSSIBLE",
    "WITHIN",
    "Difference",
    "Reproduction",
    "Reproductions",
    "ScoreDifference",
]

IDENTICAL, WITHIN, DIVERGED, IMPOSSIBLE = "identical", "within-tolerance", "diverged", "impossible"


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One prediction that came out otherwise.

    Attributes:
        repeat: Number of the repeat.
        fold: Number of the fold in it.
        id: Id of the row; None where the whole fold or column differs.
        column: Column of the predictions; None where the fold failed or has other rows.
        recorded: What the run had.
        found: What came out now; the reason where a fold failed.
    """

    repeat: int
    fold: int
    id: Any = None
    column: str | None = None
    recorded: Any = None
    found: Any = None


class ScoreDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A score that came out otherwise."""

    metric: str
    slice: str | None
    recorded: float | None
    found: float | None


class Reproduction(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.reproduction/1`.

    Attributes:
        run_id: The run.
        candidate: Its candidate.
        problem: Its problem.
        verdict: `identical`, `within-tolerance`, `diverged` or `impossible`.
        predictions: Rows that were compared, over all folds.
        differing: Rows of these with a value that is not the same to the bit.
        max_abs_difference: Largest difference between two numbers; None where none could be compared.
        first_difference: In the order of repeats, folds and rows.
        largest_difference: The prediction with the largest difference.
        beyond: Rows with a difference beyond the tolerance.
        tolerances: How far a prediction may lie from the recorded one, by column.
        scores: Scores that are not the same.
        unscored: Metrics by which no score was compared, since they exist in a session only.
        drifted: What is no longer as it was recorded: interpreter, packages, BLAS, CPU, data, files, threads.
        missing: What stood in the way, where the verdict is `impossible`.
        reason: Why what is missing cannot be had, and what to do; empty where each thing says it itself.
        since: What the project has otherwise now, where the recorded files were taken.
        current: What was taken as it is now in place of what was recorded: `code`, `environment`.
        folds: Folds that were computed.
        seconds: Wall-clock time.
        schema: `bancada.reproduction/1`.
    """

    run_id: str
    candidate: str
    problem: str
    verdict: str
    predictions: int = 0
    differing: int = 0
    max_abs_difference: float | None = None
    first_difference: Difference | None = None
    largest_difference: Difference | None = None
    beyond: int = 0
    tolerances: dict[str, float] = {}
    scores: tuple[ScoreDifference, ...] = ()
    unscored: tuple[str, ...] = ()
    drifted: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str = ""
    since: tuple[str, ...] = ()
    current: tuple[str, ...] = ()
    folds: int = 0
    seconds: float = 0.0
    schema: str = "bancada.reproduction/1"

    @property
    def holds(self) -> bool:
        """True where the run came out as it was recorded."""
        return self.verdict in {IDENTICAL, WITHIN}


class Reproductions(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.reproductions/1`: several runs, in the order asked for."""

    reproductions: tuple[Reproduction, ...]
    schema: str = "bancada.reproductions/1"
