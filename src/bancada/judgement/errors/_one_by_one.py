"""A metric on one row at a time, where it is the mean of that."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.exceptions import UsageError
from bancada.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from bancada.contracts import Metric
    from bancada.engine.examples import Examples

__all__ = ["one_by_one"]

_MOST_ROWS = 20_000
_CLOSE = 1e-9


def one_by_one(examples: Examples, metric: Metric) -> Callable[[Sample], npt.NDArray[np.float64]] | None:
    """Return how a metric's loss is computed for each row; None where it is no mean over rows, or queries.

    A metric of higher values counts as its bound less the value. Whether it is a mean is found out on the first fold.
    """
    fold = examples.sides[0][0]
    if sum(len(fold.rows) for fold in examples.sides[0]) > _MOST_ROWS:
        return None
    sample = examples.sample(fold)
    units = _units(sample)
    try:
        values, whole = _values(metric, sample, units), float(metric.score(sample))
    except (UsageError, ValueError, ArithmeticError):
        return None
    known = values[np.isfinite(values)]
    if not known.size or not isfinite(whole):
        return None
    weight = None if sample.weight is None else sample.weight[np.unique(units, return_index=True)[1]]
    kept = np.isfinite(values)
    mean = float(np.average(known, weights=None if weight is None else weight[kept]))
    if abs(mean - whole) > _CLOSE * max(1.0, float(np.abs(known).max())):
        return None
    upper = metric.bounds[1] or 0.0

    def losses(rows: Sample) -> npt.NDArray[np.float64]:
        of = _units(rows)
        each = _values(metric, rows, of)[of]
        return upper - each if metric.greater_is_better else each

    return losses


def _units(sample: Sample) -> npt.NDArray[np.int64]:
    """Return the number of the unit of each row: its query where there are queries, else the row itself."""
    if "query" not in sample.truth.column_names:
        return np.arange(sample.truth.num_rows)
    encoded = sample.truth.column("query").combine_chunks()
    encoded = encoded if pa.types.is_dictionary(encoded.type) else encoded.dictionary_encode()
    return np.unique(encoded.indices.to_numpy(zero_copy_only=False), return_inverse=True)[1].astype(np.int64)


def _values(metric: Metric, sample: Sample, units: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    order = np.argsort(units, kind="stable")
    ends = np.cumsum(np.bincount(units))
    taken = pa.array(order)
    truth, predictions = sample.truth.take(taken).combine_chunks(), sample.predictions.take(taken).combine_chunks()
    values = np.empty(len(ends))
    for number, end in enumerate(ends):
        start = ends[number - 1] if number else 0
        part = Sample(
            truth.slice(start, end - start), predictions.slice(start, end - start), sample.rows.slice(0, end - start)
        )
        values[number] = metric.score(part)
    return values
