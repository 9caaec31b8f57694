"""The contract of a metric that leaves out what it is not defined on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from bancada.contracts._metric import Metric

if TYPE_CHECKING:
    from bancada.samples import LeftOut, Sample

__all__ = ["SelectiveMetric"]


@runtime_checkable
class SelectiveMetric(Metric, Protocol):
    """A metric that is a mean over parts of the rows, such as queries or labels, and has no value on some of them.

    Laws:
        * What is left out is counted, and the count is told beside the score.
        * Where everything is left out, `score` is NaN.
    """

    def left_out(self, sample: Sample) -> LeftOut | None:
        """Return how many parts of these rows do not count; None where the metric leaves nothing out, ever."""
