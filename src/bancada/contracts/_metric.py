"""The contract of a metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from bancada.records import MetricIdentity
    from bancada.samples import Sample

__all__ = ["Metric"]


@runtime_checkable
class Metric(Protocol):
    """What is computed from truth, predictions and row columns.

    A metric is a frozen value. The engine asks `missing` before it runs anything, then calls `score` per fold, per
    repeat or per slice as `aggregate` says.

    Laws:
        * `score` is pure and does not depend on the order of the rows.
        * Weights all equal to a constant change nothing; where weights are read, a row of weight 3 counts like three.
        * Perfect predictions score best, and where a bound is declared there, they reach it; predictions that are given
          to the wrong rows score worse on average; a better prediction never scores worse.
        * Where it is a mean, all rows twice score like all rows once.
        * A prediction that is NaN gives NaN or an error, never a number.
        * It returns NaN where the metric is undefined on these rows (one class, zero denominator), never a stand-in
          value.
        * `missing` is empty exactly where `score` can read the tables.
        * `pairs` is 0 where the score is undefined, and for a metric that compares no pairs.
        * Another parameter is another identity.

    `bancada.testing.metric_checks` holds a metric to them, but for those that it waives with a reason;
    `bancada.testing.MeanDeviation` is one in memory.
    """

    @property
    def name(self) -> str:
        """Name under which scores are shown."""

    @property
    def greater_is_better(self) -> bool:
        """Direction."""

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """Smallest and largest possible value; None where unbounded."""

    @property
    def aggregate(self) -> str:
        """How fold values become one number: `fold-mean`, `pooled` or `pairs-within-folds` (STATISTICS §0)."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Row columns of the dataset that the metric reads beside truth and predictions."""

    def identity(self) -> MetricIdentity:
        """Return name, ingredients and their digest."""

    def missing(self, truth: Any, predictions: Any) -> tuple[str, ...]:
        """Return what the metric reads and these Arrow schemas of truth and predictions lack, a name each."""

    def score(self, sample: Sample) -> float:
        """Return the metric on these rows; NaN where undefined."""

    def pairs(self, sample: Sample) -> float:
        """Return how many pairs of rows were compared: the weight of a fold, asked for `pairs-within-folds` only."""
