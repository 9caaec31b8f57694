"""Many metrics on many slices of one set of predictions, each with its interval: sorted once (STATISTICS §4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.contracts import InfluentialMetric
from bancada.exceptions import DataError
from bancada.samples import Sample
from bancada.scoring.rows._estimate import RowEstimate, bootstrap_estimate, row_estimate
from bancada.scoring.rows._spread import check_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from bancada.contracts import Metric

    Codes = npt.NDArray[np.integer]
    Mask = npt.NDArray[np.bool_]

__all__ = ["SliceScore", "by_score", "estimate_rows", "part_of", "score_slices"]

_SORTED_BY = "score"


@dataclass(frozen=True, slots=True)
class SliceScore:
    """One metric on one slice of a set of predictions.

    Attributes:
        metric: Name of the metric.
        slice: Name of the slice; None for all rows.
        n_rows: Rows that were scored.
        found: The score and its interval.
    """

    metric: str
    slice: str | None
    n_rows: int
    found: RowEstimate


def score_slices(
    metrics: Sequence[Metric],
    sample: Sample,
    slices: Mapping[str, Mask],
    *,
    groups: Codes | None = None,
    alpha: float = 0.05,
) -> tuple[SliceScore, ...]:
    """Score metrics over all rows and over each slice of them, with intervals over rows.

    The rows are sorted by score once, so that no metric of the order sorts a slice again. Nothing is resampled where
    there is a closed form.

    Args:
        metrics: What to score.
        sample: All rows.
        slices: A truth value for each row, (n_rows,), by name.
        groups: Number of each row's group, (n_rows,); None where rows are independent.
        alpha: One minus the level of each interval; nothing is adjusted.

    Returns:
        The scores over all rows, one for each metric, then those of each slice.

    Raises:
        DataError: A mask or the groups are not one value for each row, or weights mean nothing.
    """
    n_rows = sample.truth.num_rows
    for name, mask in slices.items():
        if mask.shape != (n_rows,) or mask.dtype != np.bool_:
            raise DataError(
                "A slice says of each row whether it is in it.",
                f"`{name}` has the shape {mask.shape} and the type {mask.dtype}, and there are {n_rows:,} rows.",
                "Give one truth value for each row that is scored.",
            )
    check_weights(sample.weight)
    ordered, order = by_score(sample) if slices else (sample, None)
    if order is not None:
        sample, groups = ordered, None if groups is None else groups[order]
    found = [_scored(metric, sample, None, groups, alpha) for metric in metrics]
    for name, mask in slices.items():
        inside = mask if order is None else mask[order]
        part, members = part_of(sample, inside), None if groups is None else groups[inside]
        found += [_scored(metric, part, name, members, alpha) for metric in metrics]
    return tuple(found)


def estimate_rows(
    metric: Metric, sample: Sample, *, groups: Codes | None = None, alpha: float = 0.05, count: int = 500
) -> RowEstimate:
    """Return a metric on fitted models' predictions with its interval over rows.

    In closed form where the metric tells the influence of each row, else by a percentile bootstrap.

    Args:
        metric: The metric.
        sample: The rows.
        groups: Number of each row's group, (n_rows,); None where rows are independent.
        alpha: One minus the level of the interval.
        count: Resamples, where there must be any.

    Raises:
        DataError: Weights mean nothing, or the groups are not one for each row.
        Exception: What the metric raises.
    """
    check_weights(sample.weight)
    if sample.truth.num_rows == 0:
        return bootstrap_estimate(lambda _: float("nan"), 0)
    influence = metric.influence(sample) if isinstance(metric, InfluentialMetric) else None
    if influence is not None:
        return row_estimate(influence, groups=groups, weight=sample.weight, bounds=metric.bounds, alpha=alpha)

    def score(rows: npt.NDArray[np.int64]) -> float:
        return float(metric.score(_taken(sample, rows)))

    return bootstrap_estimate(
        score, sample.truth.num_rows, groups=groups, bounds=metric.bounds, alpha=alpha, count=count
    )


def part_of(sample: Sample, inside: Mask) -> Sample:
    """Return the rows under a mask."""
    kept = pa.array(inside)
    rows = sample.rows.filter(kept) if sample.rows.num_columns else sample.rows
    weight = None if sample.weight is None else sample.weight[inside]
    return Sample(sample.truth.filter(kept), sample.predictions.filter(kept), rows, weight)


def _scored(metric: Metric, sample: Sample, name: str | None, groups: Codes | None, alpha: float) -> SliceScore:
    if name is not None and sample.weight is not None and not sample.weight.any():
        # All weights of the data being 0 is an error; those of one slice leave nothing to score in it.
        found = RowEstimate(None, flags=("undefined on these rows",))
    else:
        found = estimate_rows(metric, sample, groups=groups, alpha=alpha)
    return SliceScore(metric.name, name, sample.truth.num_rows, found)


def by_score(sample: Sample) -> tuple[Sample, npt.NDArray[np.int64] | None]:
    """Return the rows by ascending score, and their order; as they are and None where predictions have no such column.

    Args:
        sample: The rows.
    """
    if _SORTED_BY not in sample.predictions.column_names:
        return sample, None
    order = np.argsort(sample.predictions.column(_SORTED_BY).to_numpy())
    return _taken(sample, order), order


def _taken(sample: Sample, positions: npt.NDArray[np.int64]) -> Sample:
    taken = pa.array(positions)
    # A table without columns has no rows to take.
    rows = sample.rows.take(taken) if sample.rows.num_columns else sample.rows
    weight = None if sample.weight is None else sample.weight[positions]
    return Sample(sample.truth.take(taken), sample.predictions.take(taken), rows, weight)
