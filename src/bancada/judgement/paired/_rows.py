"""The rows that both of two fitted models have predicted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.contracts import InfluentialMetric
from bancada.samples import Sample
from bancada.scoring.rows import bootstrap_difference, row_difference

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from bancada.contracts import Metric
    from bancada.engine.examples import Examples, TestedFold
    from bancada.scoring.rows import RowDifference

    Positions = npt.NDArray[np.int64]

__all__ = ["PairedRows", "ordered", "paired_rows"]


@dataclass(frozen=True)
class PairedRows:
    """Two models' predictions of the same rows, in the same order.

    Attributes:
        a: Those of the first.
        b: Those of the second.
        groups: Number of each row's group, (n_rows,); None where rows are independent.
        slices: A truth value per row for each declared slice, by its name.
    """

    a: Sample
    b: Sample
    groups: Positions | None
    slices: Mapping[str, npt.NDArray[np.bool_]]

    def among(self, name: str) -> PairedRows | None:
        """Return the rows of a slice; None where it is not declared."""
        mask = self.slices.get(name)
        if mask is None:
            return None
        kept = np.flatnonzero(mask)
        groups = None if self.groups is None else self.groups[kept]
        return PairedRows(_taken(self.a, kept), _taken(self.b, kept), groups, {})

    def difference(self, metric: Metric) -> RowDifference:
        """Return the difference by a metric, oriented so that positive is better.

        Raises:
            DefinitionError: The predictions lack what the metric reads.
        """
        if isinstance(metric, InfluentialMetric):
            first, other = metric.influence(self.a), metric.influence(self.b)
            if first is not None and other is not None:
                return row_difference(
                    first,
                    other,
                    greater_is_better=metric.greater_is_better,
                    groups=self.groups,
                    weight=self.a.weight,
                )
        return bootstrap_difference(
            _scored(metric, self.a),
            _scored(metric, self.b),
            self.a.truth.num_rows,
            greater_is_better=metric.greater_is_better,
            groups=self.groups,
        )


def paired_rows(examples: Examples) -> PairedRows | None:
    """Return the rows that both sides have; None where there is none.

    Args:
        examples: The rows of two sides, each of one fold.
    """
    first, other = (side[0] for side in examples.sides)
    rows = np.intersect1d(first.rows, other.rows)
    if not rows.size:
        return None
    groups = None if examples.groups is None else examples.groups[rows]
    slices = {name: mask[rows] for name, mask in examples.slices.items()}
    return PairedRows(ordered(examples, first, rows), ordered(examples, other, rows), groups, slices)


def ordered(examples: Examples, fold: TestedFold, rows: Positions) -> Sample:
    """Return the predictions of a fold for some of its rows, in their order."""
    order = np.argsort(fold.rows, kind="stable")
    return _taken(examples.sample(fold), order[np.searchsorted(fold.rows[order], rows)])


def _scored(metric: Metric, sample: Sample) -> Callable[[Positions], float]:
    def score(rows: Positions) -> float:
        return float(metric.score(_taken(sample, rows)))

    return score


def _taken(sample: Sample, positions: Positions) -> Sample:
    at = pa.array(positions)
    beside = sample.rows.take(at) if sample.rows.num_columns else sample.rows
    weight = None if sample.weight is None else sample.weight[positions]
    return Sample(sample.truth.take(at), sample.predictions.take(at), beside, weight)
