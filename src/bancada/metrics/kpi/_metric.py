"""A KPI as a metric: the mean amount per row, times the rows that its unit speaks of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bancada.exceptions import DefinitionError
from bancada.identity import digest
from bancada.metrics._averages import NAN, mean
from bancada.metrics._builtin import FOLD_MEAN
from bancada.metrics.kpi._costs import CELLS, CostMatrix
from bancada.records import MetricIdentity

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from bancada.metrics.kpi._function import AmountFunction
    from bancada.samples import Sample

__all__ = ["KpiMetric"]


@dataclass(frozen=True)
class KpiMetric:
    """What a business counts, as a metric.

    Attributes:
        name: Name under which it is shown.
        unit: What its numbers are, such as `EUR per 1,000 customers`.
        scale: Rows that one number speaks of: the mean per row is multiplied by it.
        greater_is_better: Direction.
        source: What gives the amount of each row.
    """

    name: str
    unit: str
    scale: float
    greater_is_better: bool
    source: CostMatrix | AmountFunction

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        """An amount has no bounds."""
        return (None, None)

    @property
    def aggregate(self) -> str:
        """The mean over folds."""
        return FOLD_MEAN

    @property
    def columns(self) -> tuple[str, ...]:
        """Row columns that hold amounts."""
        return self.source.columns

    @property
    def function(self) -> Callable[..., Any] | None:
        """The user's function, which its code is known by; None for a table of costs."""
        return None if isinstance(self.source, CostMatrix) else self.source.function

    @property
    def code(self) -> str | None:
        """Digest of the function's code, where it was said."""
        return None if isinstance(self.source, CostMatrix) else self.source.code

    @property
    def assumptions(self) -> dict[str, float]:
        """The numbers that the KPI rests on, by name; what a column of the data holds is none."""
        if not isinstance(self.source, CostMatrix):
            return dict(self.source.assumptions)
        found = {cell: getattr(self.source, cell) for cell in CELLS}
        return {cell: value for cell, value in found.items() if not isinstance(value, str)}

    def identity(self) -> MetricIdentity:
        """Return name, unit, scale, what gives the amounts, and their digest.

        Raises:
            DefinitionError: The code of the function cannot be identified.
        """
        ingredients: dict[str, Any] = {
            "name": self.name,
            "unit": self.unit,
            "scale": self.scale,
            "greater_is_better": self.greater_is_better,
            **self.source.ingredients(),
        }
        return MetricIdentity(
            name=self.name,
            digest=digest(ingredients),
            ingredients=ingredients,
            greater_is_better=self.greater_is_better,
        )

    def with_code(self, code: str) -> KpiMetric:
        """Return this KPI identified by another text for its function's code; costs have no code."""
        if isinstance(self.source, CostMatrix):
            return self
        return replace(self, source=replace(self.source, code=code))

    def moved(self, assumption: str, value: float) -> KpiMetric:
        """Return this KPI under another value of an assumption."""
        return replace(self, source=self.source.moved(assumption, value))

    def missing(self, truth: pa.Schema, predictions: pa.Schema) -> tuple[str, ...]:
        """Return what it reads and the schemas lack."""
        return self.source.missing(truth, predictions)

    def losses(self, sample: Sample) -> npt.NDArray[np.float64]:
        """Return the loss of each row, (n_rows,): a gain is a negative loss.

        Raises:
            DefinitionError: As `amounts`.
            DataError: As `amounts`.
        """
        amounts = self.amounts(sample)
        return -amounts if self.greater_is_better else amounts

    def amounts(self, sample: Sample) -> npt.NDArray[np.float64]:
        """Return the amount of each row, times the scale, (n_rows,), in the KPI's own direction.

        Raises:
            DefinitionError: The function returned no amount per row, or the sample lacks what it reads.
            DataError: An amount is missing, negative where it is a cost, or no number.
        """
        absent = self.missing(sample.truth.schema, sample.predictions.schema)
        if absent:
            rule = f"`{self.name}` needs its columns of truth and predictions."
            found = f"There is no {', '.join(f'`{name}`' for name in absent)}."
            raise DefinitionError(rule, found, "Say what it reads by `reads`, or choose a KPI that fits the task.")
        return self.scale * self.source.amounts(sample)

    def score(self, sample: Sample) -> float:
        """Return the mean amount per row, times the scale; NaN without rows, and where a prediction is NaN.

        Raises:
            DefinitionError: The function returned no amount per row, or the sample lacks what it reads.
            DataError: An amount is missing, negative where it is a cost, or no number.
        """
        return mean(self.amounts(sample), sample.weight) if sample.truth.num_rows else NAN

    def pairs(self, sample: Sample) -> float:  # noqa: ARG002 - the contract's signature
        """Return 0: it compares no pairs."""
        return 0.0
