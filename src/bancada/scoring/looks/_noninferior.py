"""Whether a candidate is not worse than another by as much as matters."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from bancada.exceptions import DefinitionError
from bancada.scoring.looks._intervals import end_of

__all__ = ["NonInferiority", "non_inferior"]


@dataclass(frozen=True, slots=True)
class NonInferiority:
    """What a difference says about "not worse by as much as matters".

    Attributes:
        shown: True where it is shown; False where it is not, which is no proof of being worse; None without interval.
        low: Lower end of the 1 − 2a interval of the difference; None where there is none.
        margin: The smallest difference that matters.
        level: a, the level of this statement.
    """

    shown: bool | None
    low: float | None
    margin: float
    level: float

    @property
    def text(self) -> str:
        """The statement in words, with the level."""
        if self.shown is None or self.low is None:
            return "no interval: nothing is said about non-inferiority"
        word = "non-inferior" if self.shown else "not shown to be non-inferior"
        sign = ">" if self.shown else "≤"
        end = f"{self.low:+.4g}".replace("-", "−")
        return f"{word} (lower end {end} {sign} −{self.margin:.4g}, one-sided level {self.level:.3g})"


def non_inferior(delta: float, se: float, df: int, margin: float, a: float = 0.05) -> NonInferiority:
    """Say whether a candidate is shown to be non-inferior: the 1 − 2a interval's lower end > −margin.

    That is the one-sided test of Δ ≤ −margin at level a. At a holdout `a` is the level of the look.

    Args:
        delta: Mean difference, oriented so that positive is better.
        se: Its standard error; 0 or NaN where there is none.
        df: Degrees of freedom.
        margin: The smallest difference that matters, declared before.
        a: Level of this statement.

    Raises:
        DefinitionError: Where the margin is no positive number, or the level is not between 0 and .5.

    Examples:
        >>> non_inferior(-0.001, 0.002, 400, margin=0.005).text
        'non-inferior (lower end −0.004297 > −0.005, one-sided level 0.05)'
    """
    if not 0 < margin < inf:
        raise DefinitionError(
            "Non-inferiority needs a margin: the smallest difference that matters, a positive number.",
            f"It is {margin!r}.",
            "Declare it with `Evaluation(margin=…)` before the scores are seen.",
        )
    if not 0 < a < 0.5:  # noqa: PLR2004 - a 1 − 2a interval exists below one half only
        raise DefinitionError("A one-sided level lies between 0 and .5.", f"It is {a!r}.", "Give one such as 0.05.")
    low = end_of(delta, se, df, a, "plain", -1)
    return NonInferiority(None if low is None else low > -margin, low, margin, a)
