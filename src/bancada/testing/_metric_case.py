"""A metric, and what its laws are held against."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.testing._examples import same

if TYPE_CHECKING:
    import pyarrow as pa

    from bancada.contracts import Metric
    from bancada.testing._examples import Example

__all__ = ["MetricCase"]


@dataclass(frozen=True)
class MetricCase:
    """A metric, and what it is asked about.

    Attributes:
        metric: The metric.
        example: Truth and predictions that it can read.
        unlike: Metrics that differ from it, and must have other identities.
    """

    metric: Metric
    example: Example
    unlike: tuple[Metric, ...] = ()

    def score(self, predictions: pa.Table | None = None) -> float:
        """Return the score of predictions; of the noisy ones without any."""
        return float(self.metric.score(self.example.sample(predictions)))

    def worse(self, score: float, than: float) -> bool:
        """Tell whether one score is worse than another, beyond rounding."""
        if math.isnan(score) or math.isnan(than) or same(score, than):
            return False
        return score < than if self.metric.greater_is_better else score > than
