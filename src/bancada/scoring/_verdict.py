"""The one function that makes every word (STATISTICS §2)."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nextafter
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr, stdtrit

from bancada.exceptions import DefinitionError

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["BETTER", "WORDS", "WORSE", "Verdict", "adjusted_p", "decide", "mde", "quantile", "two_sided_p", "verdict"]

WORDS = ("none", "identical", "equivalent", "better", "worse", "inconclusive")
"""What can be said of a candidate against another; `decide` answers with positions in this tuple."""

NONE, IDENTICAL, EQUIVALENT, BETTER, WORSE, INCONCLUSIVE = range(len(WORDS))

_FEWEST_DF = 2
_POWER = 0.80


@dataclass(frozen=True, slots=True)
class Verdict:
    """A paired difference, its interval at the comparison's own level, and the word that follows.

    Attributes:
        word: `better`, `worse`, `equivalent`, `inconclusive`, `identical` or `none`.
        note: What must be told beside the word; often empty.
        delta: Mean difference, oriented so that positive is better.
        low: Lower end of the shown interval, delta − t(df, 1−a/2)·SE; None where there is none.
        high: Upper end.
        p: Two-sided p value, the dual of the interval: p < a iff the interval excludes 0.
        mde: Smallest difference found with a power of 80 % at level a; a property of the design.
        se: Standard error of delta.
        df: Degrees of freedom.
        a: Level of this comparison: alpha over the size of its family.
    """

    word: str
    note: str
    delta: float
    low: float | None
    high: float | None
    p: float | None
    mde: float | None
    se: float
    df: int
    a: float

    def adjusted(self, alpha: float) -> float | None:
        """Return p adjusted for a family of level alpha: below alpha iff the interval excludes 0; None without p."""
        return None if self.p is None else adjusted_p(self.p, self.a, alpha)


def quantile(df: float, tail: float) -> float:
    """Return t(df, 1 − tail), from the lower tail: for tiny levels 1 − tail would lose its digits."""
    return -float(stdtrit(df, tail))


def mde(se: float, df: int, a: float) -> float:
    """Return the smallest difference that a comparison at level a finds with a power of 80 %.

    MDE = (t(df, 1−a/2) + t(df, .80))·SE.

    Examples:
        >>> [round(mde(1.0, df, 0.05), 3) for df in (4, 9, 14, 99)]
        [3.717, 3.146, 3.013, 2.829]
    """
    return (quantile(df, a / 2) + quantile(df, 1 - _POWER)) * se


def decide(
    delta: npt.NDArray[np.float64],
    se: npt.NDArray[np.float64],
    df: int,
    margin: float | None,
    a: float,
) -> npt.NDArray[np.int8]:
    """Decide the word for each difference.

    Args:
        delta: Mean differences, oriented so that positive is better, any shape.
        se: Standard errors, the same shape; 0 where the differences are degenerate, NaN where there are none.
        df: Degrees of freedom of all of them.
        margin: Smallest difference that matters; None where none was declared.
        a: Level of each comparison.

    Returns:
        Positions in `WORDS`, the same shape.

    Raises:
        DefinitionError: Where the level is not between 0 and 1, or the margin is not a positive number.
    """
    _check(margin, a)
    words = np.full(np.shape(delta), NONE, dtype=np.int8)
    if df < _FEWEST_DF:
        return words
    reach = quantile(df, a / 2) * se
    words[np.isfinite(reach)] = INCONCLUSIVE
    words[delta - reach > 0] = BETTER
    words[delta + reach < 0] = WORSE
    if margin is not None:
        narrow = quantile(df, a) * se
        words[(delta - narrow > -margin) & (delta + narrow < margin)] = EQUIVALENT
    words[se == 0] = NONE
    words[(se == 0) & (delta == 0)] = IDENTICAL
    return words


def two_sided_p(delta: float, se: float, df: float, a: float) -> float:
    """Return the two-sided p value of a difference, dual to its interval at level a.

    Rounding may put a p value on the other side of a than the interval's end is of 0; the interval decides.
    """
    p = 2 * float(stdtr(df, -abs(delta) / se))
    excludes = abs(delta) > quantile(df, a / 2) * se
    if excludes:
        return min(p, nextafter(a, 0.0))
    return max(p, a)


def adjusted_p(p: float, a: float, alpha: float) -> float:
    """Return Bonferroni's p for a comparison at level a = alpha / family: below alpha iff p is below a."""
    adjusted = min(1.0, p * (alpha / a))
    return min(adjusted, nextafter(alpha, 0.0)) if p < a else max(adjusted, alpha)


def verdict(delta: float, se: float, df: int, margin: float | None, a: float) -> Verdict:
    """Make the word for one paired difference.

    In this order: `identical` or `none` for degenerate differences; `equivalent` where a margin was declared and
    delta ± t(df, 1−a)·SE lies inside it; `better` or `worse` where the shown interval delta ± t(df, 1−a/2)·SE excludes
    0; else `inconclusive`, which never means equal.

    Args:
        delta: Mean difference, oriented so that positive is better.
        se: Its standard error; 0 where the differences are degenerate, NaN where there is no procedure.
        df: Degrees of freedom.
        margin: Smallest difference that matters; None where none was declared.
        a: Level of this comparison: alpha over the size of its family.

    Raises:
        DefinitionError: Where the level is not between 0 and 1, or the margin is not a positive number.

    Examples:
        >>> verdict(0.02, 0.005, 14, None, 0.05).word
        'better'
        >>> verdict(0.001, 0.001, 14, 0.005, 0.05).word
        'equivalent'
    """
    code = int(decide(np.asarray(delta, dtype=np.float64), np.asarray(se, dtype=np.float64), df, margin, a))
    if code == IDENTICAL:
        return Verdict("identical", "", 0.0, None, None, None, None, se, df, a)
    if code == NONE:
        return Verdict("none", _silence(delta, se, df), delta, None, None, None, None, se, df, a)
    reach = quantile(df, a / 2) * se
    low, high = delta - reach, delta + reach
    return Verdict(
        word=WORDS[code],
        note=_note(code, low, high, margin),
        delta=delta,
        low=low,
        high=high,
        p=two_sided_p(delta, se, df, a),
        mde=mde(se, df, a),
        se=se,
        df=df,
        a=a,
    )


def _note(code: int, low: float, high: float, margin: float | None) -> str:
    """Say how the shown interval lies to the margin, where that adds to the word."""
    if margin is None:
        return ""
    if code == EQUIVALENT and (low > 0 or high < 0):
        return "a real difference, smaller than matters"
    if code in {BETTER, WORSE} and (low > margin or high < -margin):
        return "by more than the margin"
    return ""


def _silence(delta: float, se: float, df: int) -> str:
    """Say why there is no word."""
    if se == 0 and isfinite(delta):
        return "every fold shows the same difference: no interval"
    if df < _FEWEST_DF:
        return "fewer than 2 degrees of freedom: estimates only"
    return "no standard error: estimates only"


def _check(margin: float | None, a: float) -> None:
    """Refuse levels and margins that mean nothing."""
    if not 0 < a < 1:
        raise DefinitionError("A level lies between 0 and 1.", f"It is {a!r}.", "Give a level such as 0.05.")
    if not 0 < (1 if margin is None else margin) < float("inf"):
        raise DefinitionError(
            "A margin is the smallest difference that matters: a positive number.",
            f"It is {margin!r}.",
            "Give one in units of the primary metric, or none.",
        )
