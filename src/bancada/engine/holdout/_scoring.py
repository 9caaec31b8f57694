"""Scores of sealed rows: each with an interval over rows, at the level of the look (STATISTICS §4, §6)."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import pyarrow as pa

from bancada.records import Estimate, Score
from bancada.samples import Sample
from bancada.scoring.rows import estimate_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from bancada.contracts import Metric
    from bancada.engine.holdout._sealed import Sealed

__all__ = ["score_sealed"]


def score_sealed(metrics: Sequence[Metric], sealed: Sealed, predictions: pa.Table, level: float) -> tuple[Score, ...]:
    """Return every metric over all sealed rows and over each slice of them.

    A metric that raises or is undefined leaves a flag and no value.

    Args:
        metrics: The metrics, the primary first.
        sealed: The rows.
        predictions: What was predicted for them, (n_sealed,).
        level: One minus the level of each interval.
    """
    sample = sealed.sample(predictions)
    scores = [_score(metric, sample, sealed.units, level) for metric in metrics]
    for name, mask in sealed.slices.items():
        units = None if sealed.units is None else sealed.units[mask]
        part = _part(sample, mask)
        if not part.truth.num_rows:
            continue
        where = (name, sealed.slice_ids[name])
        scores += [_score(metric, part, units, level, *where) for metric in metrics]
    return tuple(scores)


def _score(
    metric: Metric,
    sample: Sample,
    units: npt.NDArray[np.int64] | None,
    level: float,
    name: str | None = None,
    slice_id: str | None = None,
) -> Score:
    lacking = metric.missing(sample.truth.schema, sample.predictions.schema)
    estimate, flags = Estimate(value=None), tuple[str, ...]()
    if lacking:
        flags = (f"this model gives no {', '.join(f'`{column}`' for column in lacking)}",)
    else:
        try:
            found = estimate_rows(metric, sample, groups=units, alpha=level)
        except Exception as error:  # noqa: BLE001 - a metric may raise anything; what others show must not be lost
            text = str(error).splitlines()[0].removesuffix(".") if str(error) else ""
            flags = (f"`{metric.name}` failed: {type(error).__name__}: {text}",)
        else:
            estimate, flags = _plain(found.estimate), found.flags
    return Score(
        metric=metric.name,
        metric_id=metric.identity().digest,
        estimate=estimate,
        folds=(),
        n_rows=sample.truth.num_rows,
        slice=name,
        slice_id=slice_id,
        flags=flags,
    )


def _plain(found: Estimate) -> Estimate:
    """Return an estimate in Python's own numbers; what is no number is None."""
    value, low, high = (
        float(number) if number is not None and isfinite(number) else None
        for number in (found.value, found.low, found.high)
    )
    return Estimate(value=value, low=low, high=high, procedure=found.procedure)


def _part(sample: Sample, inside: npt.NDArray[np.bool_]) -> Sample:
    kept = pa.array(inside)
    # A table without columns has no rows to filter.
    rows = sample.rows.filter(kept) if sample.rows.num_columns else sample.rows
    weight = None if sample.weight is None else sample.weight[inside]
    return Sample(sample.truth.filter(kept), sample.predictions.filter(kept), rows, weight)
