"""Ranks, and the area under the curve from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["auc", "ranks"]


def ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the rank of each value from 1, ties sharing their mean rank, float64 (n_rows,)."""
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts).astype(np.float64)
    mean: npt.NDArray[np.float64] = last - (counts - 1) / 2
    return mean[group]


def auc(scores: npt.NDArray[np.float64], positive: npt.NDArray[np.bool_]) -> float:
    """Return the probability that a positive row scores above a negative one, ties by half (Mann and Whitney 1947).

    Args:
        scores: Scores, (n_rows,).
        positive: Which rows are positive, (n_rows,).

    Returns:
        (R₊ − n₊(n₊ + 1)/2)/(n₊n₋), R₊ the sum of the positive rows' ranks; 0.5 where a class is empty.
    """
    n_positive = int(positive.sum())
    n_negative = len(positive) - n_positive
    if not (n_positive and n_negative):
        return 0.5
    total = float(ranks(scores)[positive].sum())
    return (total - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative)
