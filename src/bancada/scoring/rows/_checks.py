"""Tests that are shown beside a paired difference over rows and decide nothing (STATISTICS §2, §4)."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import bdtr, ndtr

from bancada.exceptions import DataError

if TYPE_CHECKING:
    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]

__all__ = ["RowCheck", "delong", "mcnemar", "mcnemar_counts"]


@dataclass(frozen=True, slots=True)
class RowCheck:
    """A test of two models on the same independent rows.

    Attributes:
        name: Which test.
        statistic: Its statistic; NaN where degenerate.
        p: Two-sided p value; NaN where degenerate.
        note: What must be told beside it.
    """

    name: str
    statistic: float
    p: float
    note: str = ""


def delong(positive: Flags, first: Floats, other: Floats) -> RowCheck:
    """Return the test of DeLong, DeLong & Clarke-Pearson (1988) of two AUCs on the same rows.

    z = ΔAUC / √(S10/m + S01/n), S of the differences of the placements with ddof 1.

    Args:
        positive: Which rows are positive, (n_rows,).
        first: Scores of the one, (n_rows,).
        other: Scores of the other, (n_rows,).

    Raises:
        DataError: A class has fewer than two rows, or the arrays have other lengths.
    """
    if not positive.shape == first.shape == other.shape or min(positive.sum(), (~positive).sum()) < 2:
        raise DataError(
            "DeLong's test needs two scores of the same rows, at least two rows of each class.",
            f"Found shapes {positive.shape}, {first.shape} and {other.shape}, {int(positive.sum())} positives.",
            "Give truth and scores of the same rows.",
        )
    ours, theirs = _placements(positive, first), _placements(positive, other)
    of_positives, of_negatives = ours[0] - theirs[0], ours[1] - theirs[1]
    delta = float(of_positives.mean())
    variance = float(of_positives.var(ddof=1) / of_positives.size + of_negatives.var(ddof=1) / of_negatives.size)
    if variance <= 0:
        return RowCheck("DeLong", 0.0 if delta == 0 else nan, 1.0 if delta == 0 else nan, "no row differs in its place")
    z = delta / sqrt(variance)
    return RowCheck("DeLong", z, 2 * float(ndtr(-abs(z))))


def _placements(positive: Flags, score: Floats) -> tuple[Floats, Floats]:
    """Return the share of negatives below each positive, and of positives above each negative; ties count half."""
    ups, downs = score[positive], score[~positive]
    ranked_downs, ranked_ups = np.sort(downs), np.sort(ups)
    below = np.searchsorted(ranked_downs, ups, "left") + np.searchsorted(ranked_downs, ups, "right")
    above = np.searchsorted(ranked_ups, downs, "left") + np.searchsorted(ranked_ups, downs, "right")
    return below / (2 * downs.size), 1 - above / (2 * ups.size)


def mcnemar(first: Flags, other: Flags) -> RowCheck:
    """Return McNemar's exact test of two models' right answers on the same rows.

    Args:
        first: Rows that the one got right, (n_rows,).
        other: Rows that the other got right, (n_rows,).

    Raises:
        DataError: The arrays have other lengths.
    """
    if first.shape != other.shape:
        raise DataError(
            "McNemar's test compares two models on the same rows.",
            f"Found shapes {first.shape} and {other.shape}.",
            "Give the answers on the rows that both have.",
        )
    return mcnemar_counts(int((first & ~other).sum()), int((~first & other).sum()))


def mcnemar_counts(b: int, c: int) -> RowCheck:
    """Return McNemar's exact test: each of the b + c rows on which the two differ is a fair coin (McNemar 1947).

    Args:
        b: Rows that the one alone got right.
        c: Rows that the other alone got right.

    Raises:
        DataError: A count is negative.

    Examples:
        >>> mcnemar_counts(11, 1).p
        0.00634765625
    """
    if min(b, c) < 0:
        raise DataError("Counts of rows are not negative.", f"Found {b} and {c}.", "Count the rows again.")
    return RowCheck("McNemar, exact", float(min(b, c)), _two_sided(min(b, c), b + c))


def _two_sided(fewer: int, total: int) -> float:
    """Return 2·P(X ≤ fewer), at most 1, X binomial with one half."""
    return min(1.0, 2 * float(bdtr(fewer, total, 0.5))) if total else 1.0
