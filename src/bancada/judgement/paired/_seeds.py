"""Several fits of one split on each side: the rows that all of them have."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from bancada.contracts import InfluentialMetric
from bancada.judgement.paired._rows import ordered
from bancada.scoring.seeds import FEWEST_SEEDS, seeds_difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.contracts import Metric
    from bancada.engine.examples import Examples
    from bancada.records import RunRecord
    from bancada.scoring.rows import RowDifference

__all__ = ["difference_over_seeds", "enough_seeds"]


def enough_seeds(a: Sequence[RunRecord], b: Sequence[RunRecord]) -> bool:
    """Tell whether both sides have the seeds by which their part in a score can be measured."""
    return min(len({run.seed for run in side}) for side in (a, b)) >= FEWEST_SEEDS


def difference_over_seeds(examples: Examples, metric: Metric) -> RowDifference | None:
    """Return the difference of two procedures on one split; None where no row is common, or without influences.

    Args:
        examples: The rows of two sides, each with one fold per seed.
        metric: The metric.
    """
    rows = reduce(np.intersect1d, (fold.rows for side in examples.sides for fold in side))
    if not rows.size or not isinstance(metric, InfluentialMetric):
        return None
    samples = [[ordered(examples, fold, rows) for fold in side] for side in examples.sides]
    first, other = ([metric.influence(sample) for sample in side] for side in samples)
    known = [[one for one in side if one is not None] for side in (first, other)]
    if len(known[0]) < len(first) or len(known[1]) < len(other):
        return None
    groups = None if examples.groups is None else examples.groups[rows]
    return seeds_difference(
        *known, greater_is_better=metric.greater_is_better, groups=groups, weight=samples[0][0].weight
    )
