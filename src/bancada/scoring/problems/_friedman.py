"""Several candidates over many problems: mean ranks, Friedman's tests, Nemenyi's critical difference."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc, fdtrc
from scipy.stats import friedmanchisquare, rankdata, studentized_range

from bancada.scoring.problems._table import refuse_few, rounded, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = ["Friedman", "critical_difference", "friedman", "friedman_of", "mean_ranks"]


@dataclass(frozen=True, slots=True)
class Friedman:
    """Friedman's test that all candidates rank equally over problems.

    Attributes:
        chi2: χ² without correction for ties.
        p_chi2: Its p value, k − 1 degrees of freedom.
        f: F_F of Iman & Davenport (1980), which decides: χ² alone is too cautious.
        p_f: Its p value, k − 1 and (k − 1)(N − 1) degrees of freedom.
        chi2_ties: χ² with the correction for ties that scipy applies; None where it was not computed.
        p_ties: Its p value.
    """

    chi2: float
    p_chi2: float
    f: float
    p_f: float
    chi2_ties: float | None = None
    p_ties: float | None = None


def mean_ranks(scores: npt.ArrayLike, *, greater_is_better: bool = True) -> tuple[float, ...]:
    """Return each candidate's mean rank over problems: 1 is best, ties share the mean of their ranks.

    Args:
        scores: One per problem and candidate, (n_problems, n_candidates).
        greater_is_better: True where a greater score is better.

    Raises:
        DataError: Where the scores are no table of finite numbers.

    Examples:
        >>> mean_ranks([[0.9, 0.8, 0.8], [0.7, 0.9, 0.6]])
        (1.5, 1.75, 2.75)
    """
    table = table_of(scores)
    level = rounded(table, np.abs(table).max(axis=1, keepdims=True))
    return tuple(float(rank) for rank in rankdata(-level if greater_is_better else level, axis=1).mean(axis=0))


def friedman(scores: npt.ArrayLike) -> Friedman:
    """Return Friedman's test over problems, with scipy's tie-corrected statistic beside it.

    Args:
        scores: One per problem and candidate, in either direction, (n_problems, n_candidates); at least 3 candidates.

    Raises:
        DataError: Where the scores are no table of finite numbers.
        ProcedureRefused: On fewer than ten problems.
    """
    table = table_of(scores)
    table = rounded(table, np.abs(table).max(axis=1, keepdims=True))
    found = friedman_of(mean_ranks(table), len(table))
    tied = bool((table == table[:, :1]).all())
    if table.shape[1] < 3 or tied:
        return found
    corrected = friedmanchisquare(*table.T)
    return Friedman(found.chi2, found.p_chi2, found.f, found.p_f, float(corrected.statistic), float(corrected.pvalue))


def friedman_of(ranks: Sequence[float], n_problems: int) -> Friedman:
    """Return Friedman's test from mean ranks.

    χ² = 12N/(k(k+1))·[ΣR_j² − k(k+1)²/4] without tie correction, F_F = (N−1)χ²/(N(k−1) − χ²) (Demšar 2006).

    Raises:
        ProcedureRefused: On fewer than ten problems.
    """
    refuse_few(n_problems, "Friedman's test")
    n, k = n_problems, len(ranks)
    chi2 = max(0.0, 12 * n / (k * (k + 1)) * (sum(rank**2 for rank in ranks) - k * (k + 1) ** 2 / 4))
    rest = n * (k - 1) - chi2
    # Every problem ranks them alike: χ² has its largest value, and no more can be said against equality.
    f = (n - 1) * chi2 / rest if rest > 1e-9 else inf  # noqa: PLR2004 - rounding of a sum of ranks
    p_f = float(fdtrc(k - 1, (k - 1) * (n - 1), f)) if f < inf else 0.0
    return Friedman(chi2, float(chdtrc(k - 1, chi2)), f, p_f)


def critical_difference(n_candidates: int, n_problems: int, alpha: float = 0.05) -> float:
    """Return Nemenyi's critical difference of mean ranks: q_α·sqrt(k(k+1)/(6N)), q_α = studentized range/√2.

    It is for the picture only: the tests of pairs are Wilcoxon's with Holm's adjustment, which find more.

    Raises:
        ProcedureRefused: On fewer than ten problems.

    Examples:
        >>> round(critical_difference(4, 14), 2), round(critical_difference(4, 14, 0.10), 2)
        (1.25, 1.12)
    """
    refuse_few(n_problems, "Nemenyi's critical difference")
    q = float(studentized_range.ppf(1 - alpha, n_candidates, np.inf)) / sqrt(2)
    return q * sqrt(n_candidates * (n_candidates + 1) / (6 * n_problems))
