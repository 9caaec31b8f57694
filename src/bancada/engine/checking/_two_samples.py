"""How far two samples of one column lie apart, and whether chance explains it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from bancada.engine.checking._encoding import NUMBER

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.engine.checking._encoding import Encoded

__all__ = ["Apart", "apart", "levels_apart", "numbers_apart"]

# Below an expected count of 5 the chi-squared distribution is no guide (Cochran 1954): such levels are one.
LEAST_EXPECTED = 5.0


@dataclass(frozen=True, slots=True)
class Apart:
    """How far two samples lie apart.

    Attributes:
        statistic: `KS D`, the largest distance of the distribution functions, or `Cramér's V`; both 0 to 1.
        size: Its value.
        p: Probability of at least that much by chance.
    """

    statistic: str
    size: float
    p: float


def apart(column: Encoded, among: npt.NDArray[np.bool_], rows: npt.NDArray[np.bool_] | None = None) -> Apart:
    """Return how far the rows of a part lie from all other rows.

    Args:
        column: The column, (n_rows,).
        among: Which rows are of the part, (n_rows,).
        rows: Which rows count at all, (n_rows,); all by default. Rows without a value never do.
    """
    known = ~column.missing if rows is None else rows & ~column.missing
    values, inside = column.values[known], among[known]
    return numbers_apart(values, inside) if column.kind == NUMBER else levels_apart(values.astype(np.int64), inside)


def numbers_apart(values: npt.NDArray[np.float64], inside: npt.NDArray[np.bool_]) -> Apart:
    """Return Kolmogorov and Smirnov's two-sample statistic, D = max |F₁ − F₂|, with its asymptotic p.

    p = P(K > √(n₁n₂/(n₁ + n₂))·D) of the Kolmogorov distribution, which is conservative where values are tied
    (Conover, Practical Nonparametric Statistics, 1999, §6.3).

    Args:
        values: Values without NaN, (n_rows,).
        inside: Which of them are of the first sample, (n_rows,).
    """
    n_one, n_two = int(inside.sum()), int((~inside).sum())
    if not (n_one and n_two):
        return Apart("KS D", 0.0, 1.0)
    order = np.argsort(values, kind="stable")
    ordered, first = values[order], inside[order]
    steps = np.cumsum(np.where(first, 1.0 / n_one, -1.0 / n_two))
    ends = np.append(ordered[1:] != ordered[:-1], True)
    size = min(float(np.abs(steps[ends]).max()), 1.0)
    return Apart("KS D", size, float(special.kolmogorov(np.sqrt(n_one * n_two / (n_one + n_two)) * size)))


def levels_apart(codes: npt.NDArray[np.int64], inside: npt.NDArray[np.bool_]) -> Apart:
    """Return Cramér's V = √(χ²/n) of levels against sample, with the p of Pearson's χ².

    Levels with an expected count below 5 in either sample count as one (Cochran 1954).

    Args:
        codes: Numbers of the levels, none negative, (n_rows,).
        inside: Which rows are of the first sample, (n_rows,).
    """
    n = len(codes)
    if not n or inside.all() or not inside.any():
        return Apart("Cramér's V", 0.0, 1.0)
    one = np.bincount(codes[inside], minlength=int(codes.max()) + 1).astype(np.float64)
    total = np.bincount(codes, minlength=len(one)).astype(np.float64)
    share = float(inside.mean())
    rare = total * min(share, 1 - share) < LEAST_EXPECTED
    one = np.append(one[~rare], one[rare].sum())
    total = np.append(total[~rare], total[rare].sum())
    one, total = one[total > 0], total[total > 0]
    if len(total) < 2:
        return Apart("Cramér's V", 0.0, 1.0)
    expected = total * share
    chi2 = float((np.square(one - expected) / expected).sum() + (np.square(one - expected) / (total - expected)).sum())
    return Apart("Cramér's V", min(float(np.sqrt(chi2 / n)), 1.0), float(special.chdtrc(len(total) - 1, chi2)))
