"""Numbers with what is known about them."""

from __future__ import annotations

import msgspec

__all__ = ["Estimate", "FoldScore", "Score"]


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A value with its interval; without one where the evidence allows none.

    Attributes:
        value: The point; None where undefined.
        low: Lower end of the interval at the level of its use; None where there is none.
        high: Upper end.
        procedure: Name of the procedure that made the interval; empty where there is none.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    procedure: str = ""


class FoldScore(msgspec.Struct, frozen=True, kw_only=True):
    """The metric on the test rows of one fold, and on its training rows where that was kept."""

    repeat: int
    fold: int
    value: float | None
    train: float | None = None


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """One metric on one slice of one run.

    Attributes:
        metric: Name of the metric.
        metric_id: Digest of the metric's identity.
        slice: Name of the slice; None for all rows.
        estimate: The aggregate over folds and its interval.
        folds: Fold values in order of repeat and fold; for a pooled metric the pseudo-values of STATISTICS §0.
        n_rows: Rows that were scored (each once, whatever the repeats).
        flags: What must be told beside the number, such as `undefined in repeat 0, fold 3: one class`.
        slice_id: Digest of which rows the slice means; None for all rows.
    """

    metric: str
    metric_id: str
    estimate: Estimate
    folds: tuple[FoldScore, ...]
    n_rows: int
    slice: str | None = None
    flags: tuple[str, ...] = ()
    slice_id: str | None = None

    @property
    def key(self) -> tuple[str, str | None]:
        """What the score is of: the metric's digest, and the slice's."""
        return self.metric_id, self.slice_id or self.slice
