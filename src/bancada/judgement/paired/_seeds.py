"""Several fits of one split on each side: the rows that all of them have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from bancada.contracts import InfluentialMetric
from bancada.judgement.paired._rows import ordered
from bancada.scoring.seeds import FEWEST_SEEDS, seeds_difference, seeds_needed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.contracts import Metric
    from bancada.engine.examples import Examples
    from bancada.records import RunRecord
    from bancada.samples import Influence
    from bancada.scoring.rows import RowDifference
    from bancada.scoring.seeds import SeedsNeeded

__all__ = ["Fits", "enough_seeds", "fits_of"]


def enough_seeds(a: Sequence[RunRecord], b: Sequence[RunRecord]) -> bool:
    """Tell whether both sides have the seeds by which their part in a score can be measured."""
    return min(len({run.seed for run in side}) for side in (a, b)) >= FEWEST_SEEDS


@dataclass(frozen=True)
class Fits:
    """Score and influences of each seed of both sides, on the rows that all of them have."""

    first: tuple[Influence, ...]
    other: tuple[Influence, ...]
    greater_is_better: bool
    groups: npt.NDArray[np.int64] | None
    weight: npt.NDArray[np.float64] | None

    def difference(self) -> RowDifference:
        """Return the difference of the two procedures on this split."""
        return seeds_difference(
            self.first,
            self.other,
            greater_is_better=self.greater_is_better,
            groups=self.groups,
            weight=self.weight,
        )

    def needed(self, level: float) -> SeedsNeeded | None:
        """Return how many seeds would settle it at the level of the comparison; None where that is not known."""
        return seeds_needed(
            self.first,
            self.other,
            greater_is_better=self.greater_is_better,
            a=level,
            groups=self.groups,
            weight=self.weight,
        )


def fits_of(examples: Examples, metric: Metric) -> Fits | None:
    """Return the fits of two procedures on one split; None where no row is common, or without influences.

    Args:
        examples: The rows of two sides, each with one fold per seed.
        metric: The metric.
    """
    rows = reduce(np.intersect1d, (fold.rows for side in examples.sides for fold in side))
    if not rows.size or not isinstance(metric, InfluentialMetric):
        return None
    samples = [[ordered(examples, fold, rows) for fold in side] for side in examples.sides]
    first, other = ([metric.influence(sample) for sample in side] for side in samples)
    known = [tuple(one for one in side if one is not None) for side in (first, other)]
    if len(known[0]) < len(first) or len(known[1]) < len(other):
        return None
    groups = None if examples.groups is None else examples.groups[rows]
    return Fits(known[0], known[1], metric.greater_is_better, groups, samples[0][0].weight)
