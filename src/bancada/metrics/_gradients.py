"""How the metrics of labels change with each cell of the confusion matrix: their derivatives by its counts.

Each is a function of the hits d (the diagonal), the truth t (sums of rows) and the predictions p (sums of columns), so
that the derivative by the cell (i, j) is ∂t_i + ∂p_j, and on the diagonal ∂d_i more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Cells = npt.NDArray[np.float64]

__all__ = [
    "balanced_accuracy",
    "cohen_kappa",
    "f1",
    "f1_macro",
    "f1_weighted",
    "mcc",
    "precision_macro",
    "recall_macro",
]


def _parts(cells: Cells) -> tuple[Cells, Cells, Cells]:
    return cells.diagonal(), cells.sum(axis=1), cells.sum(axis=0)


def _cells(by_hits: Cells, by_truth: Cells, by_predicted: Cells) -> Cells:
    return np.asarray(np.diag(by_hits) + by_truth[:, np.newaxis] + by_predicted[np.newaxis, :], dtype=np.float64)


def _quotient(hits: Cells, size: Cells) -> tuple[Cells, Cells]:
    """Return the derivatives of hits/size by hits and by size, per class; 0 where the size is 0."""
    inverse = np.divide(1.0, size, out=np.zeros_like(size), where=size > 0)
    return inverse, -hits * inverse**2


def balanced_accuracy(cells: Cells) -> Cells:
    """Of the mean of d/t over the classes in the truth."""
    hits, truth, _ = _parts(cells)
    by_hits, by_truth = _quotient(hits, truth)
    n_present = np.count_nonzero(truth)
    return _cells(by_hits / n_present, by_truth / n_present, np.zeros_like(hits))


def f1(cells: Cells) -> Cells:
    """Of 2·d/(t + p) of the positive class."""
    hits, truth, predicted = _parts(cells)
    by_hits, by_size = _quotient(2 * hits, truth + predicted)
    positive = np.array([0.0, 1.0])
    return _cells(2 * by_hits * positive, by_size * positive, by_size * positive)


def f1_macro(cells: Cells) -> Cells:
    """Of the mean of 2·d/(t + p) over the classes in truth or predictions."""
    hits, truth, predicted = _parts(cells)
    by_hits, by_size = _quotient(2 * hits, truth + predicted)
    n_present = np.count_nonzero(truth + predicted)
    return _cells(2 * by_hits / n_present, by_size / n_present, by_size / n_present)


def f1_weighted(cells: Cells) -> Cells:
    """Of Σ t·F1 / Σ t."""
    hits, truth, predicted = _parts(cells)
    by_hits, by_size = _quotient(2 * hits, truth + predicted)
    scores, size = 2 * hits * by_hits, truth.sum()
    theta = truth @ scores / size
    by_either = truth * by_size / size
    return _cells(2 * truth * by_hits / size, by_either + (scores - theta) / size, by_either)


def precision_macro(cells: Cells) -> Cells:
    """Of the mean of d/p over the classes in truth or predictions."""
    hits, truth, predicted = _parts(cells)
    by_hits, by_predicted = _quotient(hits, predicted)
    n_present = np.count_nonzero(truth + predicted)
    return _cells(by_hits / n_present, np.zeros_like(hits), by_predicted / n_present)


def recall_macro(cells: Cells) -> Cells:
    """Of the mean of d/t over the classes in truth or predictions."""
    hits, truth, predicted = _parts(cells)
    by_hits, by_truth = _quotient(hits, truth)
    n_present = np.count_nonzero(truth + predicted)
    return _cells(by_hits / n_present, by_truth / n_present, np.zeros_like(hits))


def cohen_kappa(cells: Cells) -> Cells:
    """Of A/B, A = N·Σd − Σt·p, B = N² − Σt·p."""
    hits, truth, predicted = _parts(cells)
    size, by_chance = truth.sum(), truth @ predicted
    below = size**2 - by_chance
    theta = (size * hits.sum() - by_chance) / below
    by_truth = (hits.sum() - predicted) - theta * (2 * size - predicted)
    by_predicted = -truth + theta * truth
    return _cells(np.full_like(hits, size) / below, by_truth / below, by_predicted / below)


def mcc(cells: Cells) -> Cells:
    """Of A/√(X·Y), A = N·Σd − Σt·p, X = N² − Σt², Y = N² − Σp²."""
    hits, truth, predicted = _parts(cells)
    size = truth.sum()
    above = size * hits.sum() - truth @ predicted
    spread, other = size**2 - truth @ truth, size**2 - predicted @ predicted
    root = np.sqrt(spread * other)
    half = above / root / (2 * root)
    by_truth = hits.sum() - predicted - half * (other * (2 * size - 2 * truth) + spread * 2 * size)
    by_predicted = -truth + half * spread * 2 * predicted
    return _cells(np.full_like(hits, size) / root, by_truth / root, by_predicted / root)
