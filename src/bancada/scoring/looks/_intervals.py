"""The interval of a number at a look: wider with each look."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isfinite, log
from typing import Literal

from bancada.scoring._verdict import quantile
from bancada.scoring.looks._levels import look_level

__all__ = ["LookInterval", "Scale", "end_of", "ends", "look_interval"]

Scale = Literal["plain", "log", "logit"]
"""Where the interval is symmetric: on the number itself, on its logarithm, or on log(v/(1 − v))."""

_FEWEST_DF = 2


@dataclass(frozen=True, slots=True)
class LookInterval:
    """The interval of a number that a look showed.

    Attributes:
        value: The number.
        low: Lower end of the 1 − level interval; None where there is none.
        high: Upper end.
        level: Level of this look.
        number: Number of the look, from 1.
    """

    value: float
    low: float | None
    high: float | None
    level: float
    number: int

    @property
    def text(self) -> str:
        """The interval's name, such as `96.96 % interval (look 1)`."""
        return f"{100 * (1 - self.level):.4g} % interval (look {self.number})"


def look_interval(
    value: float, se: float, df: int, number: int, *, scale: Scale = "plain", alpha: float = 0.05
) -> LookInterval:
    """Return the interval of a score, or of a difference, at look j: value ± t(df, 1 − a/2)·SE, a = alpha·6/(π²j²).

    Args:
        value: The score or the difference.
        se: Its standard error, in its own unit on every scale; 0 or NaN where there is none.
        df: Degrees of freedom.
        number: The look's number, counted from 1.
        scale: `logit` for scores in (0, 1), `log` for positive ones; `plain` for differences. The standard error is
            carried over by the derivative, and a score on the edge of its scale has no interval.
        alpha: Level of all looks together.

    Raises:
        DefinitionError: Where the number is no positive whole number, or alpha is not between 0 and 1.

    Examples:
        >>> first, tenth = (look_interval(0.8, 0.02, 499, j) for j in (1, 10))
        >>> round(first.low, 3), round(first.high, 3), round(tenth.low, 3), round(tenth.high, 3)
        (0.757, 0.843, 0.727, 0.873)
    """
    level = look_level(number, alpha)
    low, high = ends(value, se, df, level / 2, scale)
    return LookInterval(value, low, high, level, number)


def ends(value: float, se: float, df: int, tail: float, scale: Scale) -> tuple[float | None, float | None]:
    """Return the two ends with `tail` beyond each; None where there is no interval."""
    return end_of(value, se, df, tail, scale, -1), end_of(value, se, df, tail, scale, 1)


def end_of(value: float, se: float, df: int, tail: float, scale: Scale, side: int) -> float | None:
    """Return one end: below for side −1, above for side 1; None where there is none."""
    if df < _FEWEST_DF or not isfinite(value) or not isfinite(se) or se <= 0:
        return None
    reach = side * quantile(df, tail) * se
    if scale == "plain":
        return value + reach
    if scale == "log":
        return value * exp(reach / value) if value > 0 else None
    if not 0 < value < 1:
        return None
    shifted = log(value / (1 - value)) + reach / (value * (1 - value))
    # Written for the sign of the exponent: exp of a large positive number would overflow.
    return 1 / (1 + exp(-shifted)) if shifted > 0 else exp(shifted) / (1 + exp(shifted))
