"""The level of a look at a holdout, by its number alone."""

from __future__ import annotations

from math import pi

from bancada.exceptions import DefinitionError

__all__ = ["look_level"]


def look_level(number: int, alpha: float = 0.05) -> float:
    """Return the level of look j at a holdout: alpha·6/(π²·j²).

    The levels of all looks that there will ever be add up to alpha (Σ 1/j² = π²/6), so the chance of any false word
    among looks that were chosen in advance is at most alpha, however many follow. The level depends on the number of
    the look only: it is fixed at the look and never changes. alpha/j would add up to .146 by the tenth look. Where a
    look was chosen by what an earlier one showed, the bound is a guide.

    Args:
        number: The look's number, counted from 1.
        alpha: Level of all looks together.

    Raises:
        DefinitionError: Where the number is no positive whole number, or alpha is not between 0 and 1.

    Examples:
        >>> [round(look_level(j), 5) for j in (1, 2, 10)]
        [0.0304, 0.0076, 0.0003]
    """
    # A number from a file or from a user's code may be anything: True and 1.5 count no look.
    if type(number) is not int or number < 1:
        raise DefinitionError(
            "Looks at a holdout are counted from 1.", f"The number is {number!r}.", "Give a whole number, 1 or more."
        )
    if not 0 < alpha < 1:
        raise DefinitionError("A level lies between 0 and 1.", f"It is {alpha!r}.", "Give a level such as 0.05.")
    return alpha * 6 / (pi * number) ** 2
