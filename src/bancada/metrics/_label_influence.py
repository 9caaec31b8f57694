"""How much each row moves the metrics of rows with several labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.metrics._influence import of_ratio, undefined
from bancada.samples import Influence

if TYPE_CHECKING:
    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Weights = Floats | None

__all__ = ["f1_macro", "f1_micro", "f1_weighted", "precision_micro", "recall_micro"]


def _counted(flags: Flags) -> Floats:
    return np.asarray(flags.sum(axis=1), dtype=np.float64)


def f1_micro(truth: Flags, predicted: Flags, weight: Weights) -> Influence:
    """Of 2·TP / (2·TP + FP + FN), summed over all labels."""
    return of_ratio(2 * _counted(truth & predicted), _counted(truth) + _counted(predicted), weight, "logit")


def precision_micro(truth: Flags, predicted: Flags, weight: Weights) -> Influence:
    """Of TP / (TP + FP), summed over all labels."""
    return of_ratio(_counted(truth & predicted), _counted(predicted), weight, "logit")


def recall_micro(truth: Flags, predicted: Flags, weight: Weights) -> Influence:
    """Of TP / (TP + FN), summed over all labels."""
    return of_ratio(_counted(truth & predicted), _counted(truth), weight, "logit")


def f1_macro(truth: Flags, predicted: Flags, weight: Weights) -> Influence:
    """Of the mean of F1 over the labels that occur."""
    scores, by_row, _ = _by_label(truth, predicted, weight)
    if not scores.size:
        return undefined(len(truth))
    return _weighed(float(scores.mean()), by_row.mean(axis=1), weight)


def f1_weighted(truth: Flags, predicted: Flags, weight: Weights) -> Influence:
    """Of Σ t·F1 / Σ t, t the rows that have the label."""
    scores, by_row, held = _by_label(truth, predicted, weight)
    if not held.sum() > 0:
        return undefined(len(truth))
    share = held / held.sum()
    theta = float(share @ scores)
    weights = np.ones(len(truth)) if weight is None else weight
    kept = ((weights @ truth) + (weights @ predicted)) > 0
    of_shares = (truth[:, kept] * (scores - theta)).sum(axis=1) / held.sum()
    return _weighed(theta, by_row @ share + of_shares, weight)


def _by_label(truth: Flags, predicted: Flags, weight: Weights) -> tuple[Floats, Floats, Floats]:
    """Return, of each label that occurs, F1, its derivative by the weight of each row, and the count in the truth."""
    weights = np.ones(len(truth)) if weight is None else weight
    sizes = weights @ truth + weights @ predicted
    kept = sizes > 0
    truth, predicted, sizes = truth[:, kept], predicted[:, kept], sizes[kept]
    scores = 2 * (weights @ (truth & predicted)) / sizes
    # Sums of truth values are counts, so each is made a number first.
    by_row = (2.0 * (truth & predicted) - scores * (truth.astype(np.float64) + predicted)) / sizes
    return scores, by_row, weights @ truth


def _weighed(value: float, by_weight: Floats, weight: Weights) -> Influence:
    """Return the influence from derivatives by the weights."""
    values = by_weight * by_weight.size if weight is None else by_weight * weight * by_weight.size
    return Influence(value, values, scale="logit", kind="ratio")
