"""One value per row and claim, whose mean over rows is the claim's score."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.contracts import InfluentialMetric, LossMetric
from bancada.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.contracts import Metric
    from bancada.engine.examples import Examples, TestedFold

    Floats = npt.NDArray[np.float64]

__all__ = ["row_values"]


def row_values(examples: Examples, side: int, metric: Metric) -> Floats | None:
    """Return a value for each row whose mean over rows is the score of a side, (n_rows,); NaN where not tested.

    A row's value is its mean over the repeats that tested it. In a repeat it is θ + n/(k·n_j)·[(θ_j − θ) + f], f the
    influence of the row on the score θ_j of its fold of n_j rows: so that a resample of the rows moves the mean as it
    moves the score, to the first order. A pooled metric has one fold: the repeat.

    Args:
        examples: The rows.
        side: Position of the side.
        metric: The metric.

    Returns:
        The values; None where the metric tells no row's part in it, or is undefined in a fold.
    """
    total, count = np.zeros(examples.n_rows), np.zeros(examples.n_rows)
    ordered = sorted(examples.sides[side], key=lambda fold: (fold.run_id, fold.repeat, fold.fold))
    for _, members in groupby(ordered, key=lambda fold: (fold.run_id, fold.repeat)):
        parts = _parts(examples, list(members), pooled=metric.aggregate == "pooled")
        found = _of_repeat(parts, metric)
        if found is None:
            return None
        for (rows, _), of_fold in zip(parts, found, strict=True):
            total[rows] += of_fold
            count[rows] += 1
    values: Floats = np.divide(total, count, out=np.full(examples.n_rows, np.nan), where=count > 0)
    return values


def _parts(
    examples: Examples, folds: Sequence[TestedFold], *, pooled: bool
) -> list[tuple[npt.NDArray[np.int64], Sample]]:
    """Return rows and sample of each fold; of all of them together where the metric pools them."""
    parts = [(fold.rows, examples.sample(fold)) for fold in folds]
    if not pooled or len(parts) == 1:
        return parts
    samples = [sample for _, sample in parts]
    truth, predictions, rows = (
        pa.concat_tables([getattr(sample, field) for sample in samples]) for field in ("truth", "predictions", "rows")
    )
    weights = [sample.weight for sample in samples if sample.weight is not None]
    weight = np.concatenate(weights) if weights else None
    return [(np.concatenate([place for place, _ in parts]), Sample(truth, predictions, rows, weight))]


def _of_repeat(parts: Sequence[tuple[npt.NDArray[np.int64], Sample]], metric: Metric) -> list[Floats] | None:
    """Return the values of the rows of one repeat, fold by fold."""
    moved = [_moved(sample, metric) for _, sample in parts]
    known = [one for one in moved if one is not None]
    if len(known) < len(parts):
        return None
    theta = float(np.mean([score for score, _ in known]))
    n_rows = sum(len(rows) for rows, _ in parts)
    share = [n_rows / (len(parts) * len(rows)) for rows, _ in parts]
    return [theta + each * ((score - theta) + f) for each, (score, f) in zip(share, known, strict=True)]


def _moved(sample: Sample, metric: Metric) -> tuple[float, Floats] | None:
    """Return the score of a fold and the influence of each of its rows; None where there is none."""
    if isinstance(metric, InfluentialMetric):
        found = metric.influence(sample)
        if found is not None and np.isfinite(found.value) and np.isfinite(found.values).all():
            return found.value, found.values
    losses = metric.losses(sample) if isinstance(metric, LossMetric) else None
    if losses is None or not len(losses) or not np.isfinite(losses).all():
        return None
    upper = metric.identity().bounds[1] if metric.greater_is_better else None
    if metric.greater_is_better and upper is None:
        return None
    values = losses if upper is None else upper - losses
    weight = np.ones(len(values)) if sample.weight is None else sample.weight
    score = float(weight @ values / weight.sum())
    return score, weight * (values - score) * (len(values) / weight.sum())
