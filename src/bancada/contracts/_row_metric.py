"""The contracts of metrics of which the part of each row is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from bancada.contracts._metric import Metric

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from bancada.samples import Influence, Sample

__all__ = ["InfluentialMetric", "LossMetric"]


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


@runtime_checkable
class InfluentialMetric(Metric, Protocol):
    """A metric that tells how much each row moves it, so that an interval over rows costs one pass (STATISTICS §4).

    Laws:
        * `value` is the score; where that is undefined, the influences are NaN.
        * The influences sum to 0.
        * They agree with the jackknife, n − 1 times what the score changes where a row is left out: correlation above
          .999, standard deviation within 3 %.
        * The order of the rows changes none of them, nor do weights that are all equal.
    """

    def influence(self, sample: Sample) -> Influence | None:
        """Return the score and the influence of each row; None where there is no closed form on these rows."""
