"""Labels that a classifier contradicts with confidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["SuspectLabels", "suspect_labels"]


@dataclass(frozen=True)
class SuspectLabels:
    """Rows whose label may be wrong, the most suspect first.

    Attributes:
        rows: Their positions, int64 (n_suspects,).
        suggested: The class that the model is confident of instead, int64 (n_suspects,).
        confidence: Probability of the label that stands in the data, float64 (n_suspects,).
        margin: Probability of the suggested class less that of the label, float64 (n_suspects,).
        thresholds: Mean probability of each class over the rows that bear it, float64 (n_classes,); NaN without rows.
    """

    rows: npt.NDArray[np.int64]
    suggested: npt.NDArray[np.int64]
    confidence: npt.NDArray[np.float64]
    margin: npt.NDArray[np.float64]
    thresholds: npt.NDArray[np.float64]


def suspect_labels(labels: npt.NDArray[np.int64], probabilities: npt.NDArray[np.float64]) -> SuspectLabels:
    """Return the rows off the diagonal of the confident joint (Northcutt, Jiang & Chuang 2021, *Confident Learning*).

    The threshold of a class is the mean probability of it over the rows that bear its label: t_j = mean of p_j over
    y = j. A row is confidently of class j where p_j ≥ t_j, of the greatest such p_j where there are several; it is
    suspect where that is not its label. The probabilities must be out of fold: a model that has seen the labels repeats
    them.

    Args:
        labels: Class of each row, (n_rows,).
        probabilities: Probability of each class, (n_rows, n_classes); a row with NaN is not judged.

    Examples:
        >>> labels = np.array([0, 0, 0, 1, 1, 1])
        >>> positive = np.array([0.1, 0.2, 0.95, 0.9, 0.8, 0.7])
        >>> suspect_labels(labels, np.column_stack([1 - positive, positive])).rows.tolist()
        [2]
    """
    known = ~np.isnan(probabilities).any(axis=1)
    n_classes = probabilities.shape[1]
    thresholds = np.full(n_classes, np.nan)
    for number in range(n_classes):
        own = known & (labels == number)
        if own.any():
            thresholds[number] = probabilities[own, number].mean()
    # A comparison with NaN is False: nothing is confidently of a class that no row bears.
    confident = np.where(probabilities >= thresholds, probabilities, -np.inf)
    best = np.argmax(confident, axis=1)
    suspect = known & np.isfinite(confident.max(axis=1)) & (best != labels)
    rows = np.flatnonzero(suspect)
    confidence = probabilities[rows, labels[rows]]
    margin = probabilities[rows, best[rows]] - confidence
    order = np.lexsort((rows, -margin))
    return SuspectLabels(
        rows=rows[order].astype(np.int64),
        suggested=best[rows][order].astype(np.int64),
        confidence=confidence[order],
        margin=margin[order],
        thresholds=thresholds,
    )
