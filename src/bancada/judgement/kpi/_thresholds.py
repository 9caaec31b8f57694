"""A table of costs as thresholds: p*, the KPI under it, and the threshold that cost least on the rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from bancada.judgement.kpi._candidates import decided_rows, group_numbers
from bancada.judgement.kpi._document import KpiLine, KpiThreshold
from bancada.metrics.kpi import CostMatrix
from bancada.scoring.calibration import calibration
from bancada.scoring.costs import best_threshold, optimal_thresholds

if TYPE_CHECKING:
    from bancada.engine import Binding
    from bancada.engine.scored import RunScorer
    from bancada.judgement.kpi._candidates import Candidate
    from bancada.metrics.kpi import KpiMetric

__all__ = ["line_of_candidate", "threshold_of"]


@dataclass(frozen=True)
class _Cheapest:
    """The threshold that cost least on the rows of a candidate, and whether its probabilities mean what they say."""

    value: float | None = None
    cost: float | None = None
    word: str = ""


def threshold_of(binding: Binding, kpi: KpiMetric) -> KpiThreshold | None:
    """Return p* over all rows that are not sealed; None for a function."""
    if not isinstance(kpi.source, CostMatrix):
        return None
    found = optimal_thresholds(kpi.source.cells(binding.rows, len(binding.positions)))
    known = found[np.isfinite(found)]
    if not len(known):
        return KpiThreshold(value=None, low=None, high=None, without=len(found))
    return KpiThreshold(
        value=float(np.median(known)),
        low=float(known.min()),
        high=float(known.max()),
        without=len(found) - len(known),
    )


def line_of_candidate(candidate: Candidate, kpi: KpiMetric, scorer: RunScorer) -> KpiLine:
    """Return a candidate by a KPI, from its predictions."""
    score = scorer.over_all(candidate.run.folds, kpi)
    line = KpiLine(
        candidate=candidate.run.candidate,
        label=candidate.label,
        run_id=candidate.run.run_id,
        baseline=candidate.run.baseline,
        value=score.estimate.value,
        low=score.estimate.low,
        high=score.estimate.high,
        flags=(*score.flags, *_of_seeds(candidate)),
    )
    if not isinstance(kpi.source, CostMatrix) or "probability" not in _columns(candidate):
        return line
    decided = replace(kpi, source=replace(kpi.source, decide="threshold"))
    at_threshold = scorer.over_all(candidate.run.folds, decided).estimate
    cheapest = _cheapest(candidate, kpi, scorer.binding)
    return msgspec.structs.replace(
        line,
        at_threshold=at_threshold.value,
        at_threshold_low=at_threshold.low,
        at_threshold_high=at_threshold.high,
        best_threshold=cheapest.value,
        at_best=cheapest.cost,
        calibration=cheapest.word,
    )


def _of_seeds(candidate: Candidate) -> tuple[str, ...]:
    """Say that a line is of one seed where the board shows the mean of several."""
    return (f"the newest of {candidate.seeds} seeds, of which the board shows the mean",) if candidate.seeds > 1 else ()


def _columns(candidate: Candidate) -> list[str]:
    names: list[str] = candidate.folds[0].fold.sample.predictions.column_names
    return names


def _cheapest(candidate: Candidate, kpi: KpiMetric, binding: Binding) -> _Cheapest:
    rows = decided_rows(candidate, kpi)
    if rows is None or rows.probability is None or not np.isfinite(rows.probability).all():
        return _Cheapest()
    if_positive = np.where(rows.positive, rows.costs["c11"], rows.costs["c10"])
    if_negative = np.where(rows.positive, rows.costs["c01"], rows.costs["c00"])
    found = best_threshold(rows.probability, if_positive, if_negative, rows.weight)
    return _Cheapest(found.value if isfinite(found.value) else None, found.cost, _calibrated(candidate, binding))


def _calibrated(candidate: Candidate, binding: Binding) -> str:
    """Return the word on the probabilities of the first repeat: those of several repeats are not rows of their own."""
    first = min(tested.fold.repeat for tested in candidate.folds)
    folds = [tested for tested in candidate.folds if tested.fold.repeat == first]
    samples = [tested.fold.sample for tested in folds]
    positive = np.concatenate([sample.truth.column("label").to_numpy() for sample in samples])
    probability = np.concatenate([sample.predictions.column("probability").to_numpy() for sample in samples])
    weights = [sample.weight for sample in samples if sample.weight is not None]
    groups = group_numbers(binding)
    places = np.concatenate([tested.positions for tested in folds])
    return calibration(
        positive,
        probability,
        weight=np.concatenate(weights) if weights else None,
        groups=None if groups is None else groups[places],
    ).word
