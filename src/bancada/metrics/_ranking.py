"""Metrics of the order that scores give: ROC AUC, average precision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.metrics._averages import NAN, ratio
from bancada.metrics._builtin import FOLD_MEAN, PAIRS, BuiltIn, Way
from bancada.metrics._placements import of_average_precision, of_one_against_rest, of_roc_auc
from bancada.metrics._readings import CLASS_PROBABILITIES, RANKING

if TYPE_CHECKING:
    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]

__all__ = ["METRICS", "average_precision", "roc_auc"]


def _masses(positive: Flags, score: Floats, weight: Floats | None) -> tuple[Floats, Floats]:
    """Return the weight of positives and of negatives at each distinct score, ascending; NaN where a score is NaN."""
    order = np.argsort(score)
    ordered, flags = score[order], positive[order]
    if np.isnan(ordered[-1]):
        # What has no place in the order sorts last.
        return np.array([NAN]), np.array([NAN])
    ends = np.append(np.flatnonzero(ordered[1:] != ordered[:-1]), ordered.size - 1)
    if weight is None:
        positives = np.diff(np.cumsum(flags, dtype=np.int64)[ends], prepend=0).astype(np.float64)
        return positives, np.diff(ends, prepend=-1) - positives
    starts = np.append(0, ends[:-1] + 1)
    weights = weight[order]
    return np.add.reduceat(weights * flags, starts), np.add.reduceat(weights * ~flags, starts)


def roc_auc(positive: Flags, score: Floats, weight: Floats | None) -> float:
    """Return P(score of a positive > score of a negative) + P(equal) / 2; NaN without one of the two."""
    positives, negatives = _masses(positive, score, weight)
    below = np.cumsum(negatives)
    n_positive, n_negative = float(positives.sum()), float(below[-1])
    # A tie counts as half a concordant pair.
    return ratio(float(positives @ (below - negatives / 2)), n_positive * n_negative)


def _pairs(positive: Flags, score: Floats, weight: Floats | None) -> float:
    weights = np.ones(score.size) if weight is None else weight
    on_positives = float(weights @ positive)
    return on_positives * (float(weights.sum()) - on_positives)


def average_precision(positive: Flags, score: Floats, weight: Floats | None) -> float:
    """Return Σ (R_t − R_(t−1))·P_t over the distinct scores; NaN without a positive."""
    positives, negatives = _masses(positive, score, weight)
    positives, negatives = positives[::-1], negatives[::-1]
    found = np.cumsum(positives)
    seen = found + np.cumsum(negatives)
    held = positives > 0
    return ratio(float(positives[held] @ (found[held] / seen[held])), float(found[-1]))


def _roc_auc_ovr(truth: npt.NDArray[np.int64], probability: Floats, weight: Floats | None) -> float:
    n_classes = probability.shape[1]
    present = np.bincount(truth, weights=weight, minlength=n_classes)
    if n_classes == 0 or not present.all():
        return NAN
    return float(np.mean([roc_auc(truth == index, probability[:, index], weight) for index in range(n_classes)]))


METRICS = (
    BuiltIn(
        "roc_auc",
        greater_is_better=True,
        ways=(Way(RANKING, roc_auc, _pairs, influence=of_roc_auc),),
        formula="P(score of a positive > score of a negative) + P(equal) / 2",
        aggregates=(FOLD_MEAN, PAIRS),
    ),
    BuiltIn(
        "average_precision",
        greater_is_better=True,
        ways=(Way(RANKING, average_precision, influence=of_average_precision),),
        formula="Σ (R_t − R_(t−1))·P_t over the distinct scores t, descending; P precision, R recall",
        aggregates=(FOLD_MEAN,),
    ),
    BuiltIn(
        "roc_auc_ovr",
        greater_is_better=True,
        ways=(Way(CLASS_PROBABILITIES, _roc_auc_ovr, influence=of_one_against_rest),),
        formula="mean over all classes of the ROC AUC of its probability, the class against the rest",
        aggregates=(FOLD_MEAN,),
    ),
)
