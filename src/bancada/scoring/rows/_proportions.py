"""Intervals of proportions, and of an AUC that lies near its end."""

from __future__ import annotations

from math import isfinite, sqrt
from typing import TYPE_CHECKING, NamedTuple

from bancada.exceptions import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Ends", "newcombe", "wilson"]

_TOLERANCE = 1e-12


class Ends(NamedTuple):
    """The two ends of an interval."""

    low: float
    high: float


def wilson(share: float, n_rows: float, reach: float) -> Ends:
    """Return the score interval of a proportion: (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n) (Wilson 1927).

    Args:
        share: The proportion found.
        n_rows: Rows that it is a share of; of weighted rows (Σw)²/Σw², of rows in groups n/deff.
        reach: Quantile of the standard normal distribution, or of Student's.

    Raises:
        DataError: The share is not between 0 and 1, or there are no rows.

    Examples:
        >>> [round(end, 4) for end in wilson(0.9, 50, 1.959964)]
        [0.7864, 0.9565]
    """
    if not (0 <= share <= 1 and n_rows > 0 and isfinite(n_rows)):
        raise DataError(
            "A proportion lies between 0 and 1, of at least one row.",
            f"It is {share!r} of {n_rows!r} rows.",
            "Give the share and the count of rows that it is a share of.",
        )
    square = reach**2
    middle = share + square / (2 * n_rows)
    half = reach * sqrt(share * (1 - share) / n_rows + square / (4 * n_rows**2))
    below = 1 + square / n_rows
    # At 0 and at 1 the end is the share itself, up to rounding.
    low = 0.0 if share == 0 else (middle - half) / below
    high = 1.0 if share == 1 else (middle + half) / below
    return Ends(max(low, 0.0), min(high, 1.0))


def newcombe(auc: float, n_positive: float, n_negative: float, reach: float) -> Ends:
    """Return the interval of an AUC that is near 0 or 1, where its estimated variance is of no use.

    The ends are the θ at which |θ − AUC| = z·√V(θ), with V(θ) = θ(1 − θ)·[1 + N*·((1 − θ)/(2 − θ) + θ/(1 + θ))]/(m·n)
    and N* = (m + n)/2 − 1: method 5 of Newcombe (2006), *Confidence intervals for an effect size measure based on the
    Mann–Whitney statistic, part 2*.

    Args:
        auc: The AUC found.
        n_positive: Positives.
        n_negative: Negatives.
        reach: Quantile of the standard normal distribution.

    Raises:
        DataError: The AUC is not between 0 and 1, or a class has no row.
    """
    if not (0 <= auc <= 1 and n_positive > 0 and n_negative > 0):
        raise DataError(
            "An AUC lies between 0 and 1, of at least one row of each class.",
            f"It is {auc!r} of {n_positive!r} positives and {n_negative!r} negatives.",
            "Give the AUC and the count of each class.",
        )

    def apart(theta: float) -> float:
        pairs = (n_positive + n_negative) / 2 - 1
        inner = 1 + pairs * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        return (theta - auc) ** 2 - reach**2 * theta * (1 - theta) * inner / (n_positive * n_negative)

    low = 0.0 if auc == 0 else _crossing(apart, auc, 0.0)
    high = 1.0 if auc == 1 else _crossing(apart, auc, 1.0)
    return Ends(low, high)


def _crossing(apart: Callable[[float], float], inside: float, outside: float) -> float:
    """Halve until the place is found where a function that is not positive inside becomes positive."""
    while abs(outside - inside) > _TOLERANCE:
        middle = (inside + outside) / 2
        if apart(middle) > 0:
            outside = middle
        else:
            inside = middle
    return (inside + outside) / 2
