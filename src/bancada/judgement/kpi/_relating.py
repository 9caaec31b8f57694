"""Each metric against a KPI over the candidates so far, on halves of the rows (STATISTICS §7)."""

from __future__ import annotations

from functools import cached_property
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

__all__ = ["MOST_ROWS", "Halves", "relations_of"]

_SPLITS = 200
MOST_ROWS = 10_000
_NUMBERS = (
    "rho",
    "low",
    "high",
    "reliability_metric",
    "reliability_kpi",
    "regret",
    "regret_low",
    "regret_high",
)


class Halves:
    """Random halves of the rows, and what candidates score on them; each is computed once, whatever the KPI.

    A metric that is a mean over rows is computed from the losses of all repeats. Any other is computed anew on each
    half of the first repeat, of at most 10,000 rows.

    Args:
        binding: The problem with its data.
    """

    def __init__(self, binding: Binding) -> None:
        self.binding = binding
        self._known: dict[tuple[str, str], tuple[Floats, Floats]] = {}

    @cached_property
    def masks(self) -> tuple[Masks, Masks]:
        """Rows of the first and of the second half of each split, (n_splits, n_rows) each."""
        groups = group_numbers(self.binding)
        first = halves(len(self.binding.positions), _SPLITS, groups=groups)
        return first, ~first

    def scores(self, candidates: Sequence[Candidate], metric: Metric) -> tuple[Floats, Floats]:
        """Return what candidates score on both halves, oriented so that greater is better, (n_splits, n_names) each."""
        both = [self._of_one(candidate, metric) for candidate in candidates]
        return np.column_stack([one for one, _ in both]), np.column_stack([other for _, other in both])

    def _of_one(self, candidate: Candidate, metric: Metric) -> tuple[Floats, Floats]:
        key = (candidate.run.run_id, metric.identity().digest)
        if key not in self._known:
            first, second = (_scores(candidate, metric, mask) for mask in self.masks)
            self._known[key] = first, second
        return self._known[key]


def relations_of(on_halves: Halves, kpi: KpiMetric, candidates: Sequence[Candidate]) -> tuple[MetricRelation, ...]:
    """Return what each metric of the evaluation says about a KPI; nothing with fewer than eight candidates.

    Args:
        on_halves: Halves of the rows.
        kpi: The KPI.
        candidates: One for each name; no baseline.
    """
    if len(candidates) < FEWEST_NAMES:
        return ()
    by_kpi = on_halves.scores(candidates, kpi)
    found = []
    for metric in on_halves.binding.metrics:
        if isinstance(metric, KpiMetric) or not all(_readable(metric, candidate) for candidate in candidates):
            continue
        told = relation(on_halves.scores(candidates, metric), by_kpi)
        fields = {name: value if isfinite(value := getattr(told, name)) else None for name in _NUMBERS}
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
