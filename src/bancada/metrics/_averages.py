"""Weighted means and ratios that are NaN where they are undefined."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["NAN", "mean", "ratio", "square_root", "total"]

NAN = float("nan")


def total(values: npt.NDArray[np.float64], weight: npt.NDArray[np.float64] | None) -> float:
    """Return Σ w·v; without weights Σ v."""
    return float(values.sum() if weight is None else weight @ values)


def mean(values: npt.NDArray[np.float64], weight: npt.NDArray[np.float64] | None) -> float:
    """Return Σ w·v / Σ w; NaN where Σ w is 0.

    Examples:
        >>> import numpy as np
        >>> mean(np.array([1.0, 4.0]), np.array([2.0, 1.0]))
        2.0
    """
    if weight is None:
        return ratio(float(values.sum()), values.size)
    return ratio(float(weight @ values), float(weight.sum()))


def ratio(numerator: float, denominator: float) -> float:
    """Return the quotient; NaN where the denominator is 0."""
    return float(numerator) / float(denominator) if denominator else NAN


def square_root(value: float) -> float:
    """Return the square root; NaN stays NaN."""
    return math.sqrt(value)
