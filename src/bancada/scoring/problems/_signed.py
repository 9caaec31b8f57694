"""Two candidates over many problems: Wilcoxon's signed ranks, and Holm's adjustment for several pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata

from bancada.exceptions import DataError
from bancada.scoring._racing import chances_of_sums
from bancada.scoring.problems._table import refuse_few, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = ["SignedRanks", "holm", "signed_ranks"]


@dataclass(frozen=True, slots=True)
class SignedRanks:
    """Wilcoxon's signed-rank test.

    Attributes:
        plus: R+, the ranks of problems where the first is better, and half of those where both are equal.
        minus: R−.
        p: Two-sided p value, exact given the ranks.
        n: Problems.
    """

    plus: float
    minus: float
    p: float
    n: int


def signed_ranks(differences: npt.ArrayLike, *, scale: float | None = None) -> SignedRanks:
    """Return Wilcoxon's signed-rank test over problems (Demšar 2006): zeros take ranks, which are split evenly.

    The p value is exact, with ties too: each sign of the differences that are not 0 is as likely as its opposite.

    Args:
        differences: One per problem, oriented so that positive is better, (n_problems,).
        scale: Largest absolute score, against which rounding is measured; by default the largest absolute difference.

    Raises:
        ProcedureRefused: On fewer than ten problems.
        DataError: Where a difference is not a number.

    Examples:
        >>> found = signed_ranks([0.03, 0.01, 0.02, -0.01, 0.04, 0.05, 0.0, 0.02, 0.06, 0.07])
        >>> found.plus, found.minus, round(found.p, 4)
        (52.0, 3.0, 0.0117)
    """
    d = np.asarray(differences, dtype=np.float64)
    if d.ndim != 1 or not np.isfinite(d).all():
        raise DataError(
            "Signed ranks are those of one finite difference per problem.",
            f"Found shape {d.shape} with {int((~np.isfinite(d)).sum())} that are not finite.",
            "Leave out problems that a candidate lacks.",
        )
    refuse_few(len(d), "Wilcoxon's signed-rank test")
    largest = float(np.abs(d).max()) if scale is None else scale
    d = rounded(d, np.asarray(largest))
    ranks = rankdata(np.abs(d))
    half = float(ranks[d == 0].sum()) / 2
    plus, minus = float(ranks[d > 0].sum()), float(ranks[d < 0].sum())
    return SignedRanks(plus + half, minus + half, _exact_p(ranks[d != 0], min(plus, minus)), len(d))


def _exact_p(ranks: npt.NDArray[np.float64], smaller: float) -> float:
    """Return twice the probability that random signs give a rank sum of at most `smaller`, at most 1."""
    chances = chances_of_sums(np.rint(2 * ranks).astype(np.int64))
    return min(1.0, 2 * float(chances[: round(2 * smaller) + 1].sum()))


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """Return Holm's (1979) adjusted p values, in the order given.

    Examples:
        >>> [round(one, 3) for one in holm([0.01, 0.04, 0.03])]
        [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p)), key=lambda i: p[i])
    adjusted = [0.0] * len(p)
    running = 0.0
    for place, i in enumerate(order):
        running = max(running, min(1.0, (len(p) - place) * p[i]))
        adjusted[i] = running
    return tuple(adjusted)
