"""A metric in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.identity import digest
from bancada.records import MetricIdentity
from bancada.samples import Influence

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.contracts import InfluentialMetric, LossMetric
    from bancada.samples import Sample

__all__ = ["MeanDeviation"]


@dataclass(frozen=True)
class MeanDeviation:
    """The weighted mean of |truth - prediction| to a power, over `value`; undefined without rows.

    Args:
        power: The power.
    """

    power: float = 1.0

    @property
    def name(self) -> str:
        """`mean_deviation`."""
        return "mean_deviation"

    @property
    def greater_is_better(self) -> bool:
        """False."""
        return False

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """From 0."""
        return (0.0, None)

    @property
    def aggregate(self) -> str:
        """`fold-mean`."""
        return "fold-mean"

    @property
    def columns(self) -> tuple[str, ...]:
        """None."""
        return ()

    def identity(self) -> MetricIdentity:
        """Return name and power."""
        ingredients: dict[str, Any] = {"name": self.name, "power": self.power}
        return MetricIdentity(
            name=self.name,
            digest=digest(ingredients),
            ingredients=ingredients,
            greater_is_better=self.greater_is_better,
            bounds=self.bounds,
        )

    def missing(self, truth: Any, predictions: Any) -> tuple[str, ...]:
        """Return `truth.value` and `predictions.value`, as far as they are not there."""
        schemas = {"truth": truth, "predictions": predictions}
        return tuple(f"{table}.value" for table, schema in schemas.items() if "value" not in schema.names)

    def score(self, sample: Sample) -> float:
        """Return the mean; NaN without rows."""
        losses = self.losses(sample)
        return float(np.average(losses, weights=sample.weight)) if len(losses) else float("nan")

    def losses(self, sample: Sample) -> npt.NDArray[np.float64]:
        """Return |truth - prediction| to the power, (n_rows,)."""
        true, predicted = (np.asarray(table.column("value")) for table in (sample.truth, sample.predictions))
        return np.asarray(np.abs(true - predicted) ** self.power, dtype=np.float64)

    def influence(self, sample: Sample) -> Influence:
        """Return the mean, and of each row its loss less that, times its weight."""
        losses = self.losses(sample)
        weight = np.ones(len(losses)) if sample.weight is None else sample.weight
        score = self.score(sample)
        return Influence(score, (losses - score) * weight / (weight.mean() if len(weight) else 1.0))

    def pairs(self, sample: Sample) -> float:  # noqa: ARG002 - the contract's signature
        """Return 0: no rows are compared."""
        return 0.0


if TYPE_CHECKING:
    _: LossMetric = MeanDeviation()
    __: InfluentialMetric = MeanDeviation()
