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
    from bancada.engine.scored import TestedFold
    from bancada.judgement.kpi._candidates import Candidate

    Floats = npt.NDArray[np.float64]
    Masks = npt.NDArray[np.bool_]
    Both = tuple[Floats, Floats]

__all__ = ["MOST_ROWS", "Halves", "half_scores", "relations_of"]

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
        self._known: dict[tuple[str, ...], Both] = {}

    @cached_property
    def first(self) -> Masks:
        """Rows of the first half of each split, (n_splits, n_rows)."""
        return halves(len(self.binding.positions), _SPLITS, groups=group_numbers(self.binding))

    def scores(self, candidates: Sequence[Candidate], metric: Metric) -> Both:
        """Return what candidates score on both halves, oriented so that greater is better, (n_splits, n_names) each."""
        key = (metric.identity().digest, *(candidate.run.run_id for candidate in candidates))
        if key not in self._known:
            self._known[key] = half_scores(candidates, metric, self.first)
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


def half_scores(candidates: Sequence[Candidate], metric: Metric, first: Masks) -> Both:
    """Return what candidates score on both halves, oriented so that greater is better.

    Args:
        candidates: The candidates.
        metric: The metric.
        first: Rows of the first half of each split, (n_splits, n_rows).

    Returns:
        Scores on the first and on the second halves, (n_splits, n_names) each.
    """
    by_rows = _by_losses(candidates, metric, first)
    if by_rows is not None:
        return by_rows
    anew = [[_anew(candidate, metric, masks) for candidate in candidates] for masks in (first, ~first)]
    return np.column_stack(anew[0]), np.column_stack(anew[1])


def _by_losses(candidates: Sequence[Candidate], metric: Metric, first: Masks) -> Both | None:
    """Return the scores of a metric that is a mean over rows: the mean over folds, of minus its losses."""
    if not isinstance(metric, LossMetric):
        return None
    folds: dict[tuple[int, int, bytes], list[tuple[int, TestedFold]]] = {}
    for number, candidate in enumerate(candidates):
        for tested in candidate.folds:
            # A fold from which rows were forgotten has fewer of them.
            place = (tested.fold.repeat, tested.fold.fold, tested.positions.tobytes())
            folds.setdefault(place, []).append((number, tested))
    scores = np.full((2, len(folds), len(first), len(candidates)), np.nan)
    for order, members in enumerate(folds.values()):
        losses = [metric.losses(tested.fold.sample) for _, tested in members]
        known = [values for values in losses if values is not None]
        if len(known) < len(losses):
            return None
        tested = members[0][1]
        means = half_means(first[:, tested.positions], np.column_stack(known), tested.fold.sample.weight)
        for half, values in enumerate(means):
            scores[half, order][:, [number for number, _ in members]] = -values
    return _over_folds(scores[0]), _over_folds(scores[1])


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
    """Return the mean over the folds, the first axis, on which a half has a score; NaN where it has none."""
    known = np.isfinite(scores)
    count = known.sum(axis=0)
    found = np.full(scores.shape[1:], np.nan)
    np.divide(np.where(known, scores, 0.0).sum(axis=0), count, out=found, where=count > 0)
    return found
