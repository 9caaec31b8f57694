"""The contract of a metric that is a mean over rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from bancada.contracts._metric import Metric

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from bancada.samples import Sample

__all__ = ["LossMetric"]


@runtime_checkable
class LossMetric(Metric, Protocol):
    """A metric that each row has a part in, by itself: a mean of losses.

    Laws:
        * The score is the mean of the losses, weighted where the sample is; where more is better, the upper bound less
          that mean.
        * A greater loss is a worse prediction, in either direction of the metric. No loss depends on another row.
        * A row on which the metric is undefined has the loss NaN.
    """

    def losses(self, sample: Sample) -> npt.NDArray[np.float64] | None:
        """Return the loss of each row, (n_rows,); None where the metric is no mean over these rows."""
