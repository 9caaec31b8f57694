"""Each metric against a KPI over the candidates so far, on halves of the rows (STATISTICS §7)."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.contracts import LossMetric
from bancada.judgement.kpi._candidates import group_numbers
from bancada.judgement.kpi._document import MetricRelation
from bancada.metrics.kpi import KpiMetric
from bancada.samples import Sample
from bancada.scoring.costs import FEWEST_NAMES, half_means, halves, relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.contracts import Metric
    from bancada.engine import Binding
    from bancada.judgement.kpi._candidates import Candidate

    Floats = npt.NDArray[np.float64]
    Masks = npt.NDArray[np.bool_]

__all__ = ["MOST_ROWS", "relations_of"]

_SPLITS = 200
MOST_ROWS = 10_000


def relations_of(binding: Binding, kpi: KpiMetric, candidates: Sequence[Candidate]) -> tuple[MetricRelation, ...]:
    """Return what each metric of the evaluation says about a KPI; nothing with fewer than eight candidates.

    A metric that is a mean over rows is computed from the losses of all repeats. Any other is computed anew on each
    half of the first repeat, of at most 10,000 rows.

    Args:
        binding: The problem with its data.
        kpi: The KPI.
        candidates: One for each name; no baseline.
    """
    if len(candidates) < FEWEST_NAMES:
        return ()
    first = halves(len(binding.positions), _SPLITS, groups=group_numbers(binding))
    masks = (first, ~first)
    by_kpi = [np.column_stack([_scores(candidate, kpi, mask) for candidate in candidates]) for mask in masks]
    found = []
    for metric in binding.metrics:
        if isinstance(metric, KpiMetric) or not all(_readable(metric, candidate) for candidate in candidates):
            continue
        scores = [np.column_stack([_scores(candidate, metric, mask) for candidate in candidates]) for mask in masks]
        told = relation((scores[0], scores[1]), (by_kpi[0], by_kpi[1]))
        numbers = (
            ("rho", told.rho),
            ("low", told.low),
            ("high", told.high),
            ("reliability_metric", told.reliability_metric),
            ("reliability_kpi", told.reliability_kpi),
            ("regret", told.regret),
            ("regret_low", told.regret_low),
            ("regret_high", told.regret_high),
        )
        fields = {name: value if isfinite(value) else None for name, value in numbers}
        found.append(MetricRelation(metric=metric.name, word=told.word, **fields))
    return tuple(found)


def _readable(metric: Metric, candidate: Candidate) -> bool:
    sample = candidate.folds[0].fold.sample
    return not metric.missing(sample.truth.schema, sample.predictions.schema)


def _scores(candidate: Candidate, metric: Metric, masks: Masks) -> Floats:
    """Return a candidate's score on each half, oriented so that greater is better, (n_splits,)."""
    by_rows = _by_losses(candidate, metric, masks)
    return _anew(candidate, metric, masks) if by_rows is None else by_rows


def _by_losses(candidate: Candidate, metric: Metric, masks: Masks) -> Floats | None:
    """Return the scores of a metric that is a mean over rows: the mean over folds, of minus its losses."""
    if not isinstance(metric, LossMetric):
        return None
    total = []
    for tested in candidate.folds:
        sample = tested.fold.sample
        losses = metric.losses(sample)
        if losses is None:
            return None
        total.append(-half_means(masks[:, tested.positions], losses, sample.weight))
    return _over_folds(np.array(total))


def _anew(candidate: Candidate, metric: Metric, masks: Masks) -> Floats:
    """Return the scores of any metric, computed on the rows of each half in the folds of the first repeat."""
    sign = 1.0 if metric.greater_is_better else -1.0
    first = min(tested.fold.repeat for tested in candidate.folds)
    folds = [tested for tested in candidate.folds if tested.fold.repeat == first]
    n_rows = sum(len(tested.positions) for tested in folds)
    random = np.random.default_rng(0)
    found = []
    for tested in folds:
        kept = np.ones(len(tested.positions), dtype=np.bool_)
        if n_rows > MOST_ROWS:
            # Of the same rows for every candidate and both halves: the same seed, in the order of the folds.
            kept = random.random(len(kept)) < MOST_ROWS / n_rows
        within = masks[:, tested.positions] & kept
        found.append([sign * metric.score(_taken(tested.fold.sample, mask)) for mask in within])
    return _over_folds(np.array(found, dtype=np.float64))


def _taken(sample: Sample, mask: npt.NDArray[np.bool_]) -> Sample:
    places = np.flatnonzero(mask)
    taken = pa.array(places)
    rows = sample.rows.take(taken) if sample.rows.num_columns else sample.rows
    weight = None if sample.weight is None else sample.weight[places]
    return Sample(sample.truth.take(taken), sample.predictions.take(taken), rows, weight)


def _over_folds(scores: Floats) -> Floats:
    """Return the mean over the folds on which a half has a score, (n_splits,); NaN where it has none."""
    known = np.isfinite(scores)
    count = known.sum(axis=0)
    found = np.full(scores.shape[1], np.nan)
    np.divide(np.where(known, scores, 0.0).sum(axis=0), count, out=found, where=count > 0)
    return found
