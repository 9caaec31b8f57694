"""Paired differences of fold scores: their mean and its standard error (STATISTICS §3)."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr

from bancada.exceptions import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.scoring._design import Design

__all__ = ["Paired", "Probabilities", "bayesian_t", "block_t", "corrected_t", "moments", "paired"]

_ROUNDING = 1e-9
_SMALLEST_SCALE = 1e-12


@dataclass(frozen=True, slots=True)
class Paired:
    """The mean of paired differences over folds.

    Attributes:
        delta: Mean difference; exactly 0 where it is within rounding and the differences do not vary.
        s: Standard deviation over folds, ddof 1; 0 where it is within rounding.
        se: Standard error of delta; 0 where degenerate, NaN where the design allows none.
        df: Degrees of freedom.
    """

    delta: float
    s: float
    se: float
    df: int

    @property
    def t(self) -> float:
        """Difference over its standard error; NaN where that is 0."""
        return self.delta / self.se if self.se else nan

    @property
    def p_greater(self) -> float:
        """One-sided p value against delta ≤ 0."""
        return float(stdtr(self.df, -self.t))


@dataclass(frozen=True, slots=True)
class Probabilities:
    """The Bayesian twin's answer: where the true difference lies."""

    worse: float
    inside: float
    better: float


def moments(
    a: npt.NDArray[np.float64],
    b: npt.NDArray[np.float64],
    scale: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return mean and standard deviation (ddof 1) of a − b over folds, with rounding noise set to 0.

    The sums run fold by fold over whole arrays, so that a pair's result has the same bits whether it is computed alone
    or among thousands, and no array of (n_a, n_b, n_folds) is made.

    Args:
        a: Fold scores, folds first, (n_folds, …).
        b: Fold scores that broadcast against `a`, folds first.
        scale: Largest absolute score of each pair, in the broadcast shape.
    """
    n_folds = a.shape[0]
    delta = a[0] - b[0]
    for j in range(1, n_folds):
        delta = delta + (a[j] - b[j])
    delta = delta / n_folds
    squares = np.zeros_like(delta)
    for j in range(n_folds):
        squares = squares + ((a[j] - b[j]) - delta) ** 2
    s = np.sqrt(squares / max(n_folds - 1, 1))
    bound = _ROUNDING * np.maximum(_SMALLEST_SCALE, scale)
    flat = s <= bound
    return np.where(flat & (np.abs(delta) <= bound), 0.0, delta), np.where(flat, 0.0, s)


def paired(
    a: Sequence[float] | npt.NDArray[np.float64], b: Sequence[float] | npt.NDArray[np.float64], design: Design
) -> Paired:
    """Return the mean difference a − b and its standard error by the procedure of the design.

    Args:
        a: Fold scores, oriented so that greater is better, (n_folds,).
        b: Fold scores of the other on the same folds, (n_folds,).
        design: The folds.

    Raises:
        DataError: Where a fold score is not a number, or their count is not the design's.
    """
    first, second = (np.asarray(scores, dtype=np.float64) for scores in (a, b))
    if first.shape != (design.n_folds,) or second.shape != first.shape:
        raise DataError(
            "Paired fold scores are one number per fold of the design.",
            f"Found shapes {first.shape} and {second.shape} for {design.n_folds} folds.",
            "Give the scores of the folds that both have.",
        )
    scale = np.maximum(np.max(np.abs(first), initial=0.0), np.max(np.abs(second), initial=0.0))
    procedure = design.procedure
    return _summary(first, second, scale, procedure.factor, procedure.df)


def corrected_t(d: Sequence[float] | npt.NDArray[np.float64], rho: float, *, scale: float | None = None) -> Paired:
    """Return the corrected resampled t of paired differences over random folds.

    SE = sqrt(s²·(1/J + ρ)), df = J − 1 (Nadeau & Bengio 2003; Bouckaert & Frank 2004).

    Args:
        d: Differences, one per fold, (n_folds,).
        rho: mean(n_test) / mean(n_train).
        scale: Largest absolute score, against which rounding is measured; by default the largest absolute difference.

    Raises:
        DataError: Where a difference is not a number, or there is none.

    Examples:
        >>> corrected_t([0.01, 0.02, 0.03, 0.02, 0.01], 0.25).t.__round__(3)
        3.207
    """
    values = np.asarray(d, dtype=np.float64)
    return _differences(values, sqrt(1 / max(values.size, 1) + rho), scale)


def block_t(d: Sequence[float] | npt.NDArray[np.float64], *, scale: float | None = None) -> Paired:
    """Return the t of differences over independent units: time blocks, sites, cohorts.

    SE = s/√J, df = J − 1 (Ibragimov & Müller 2010).

    Args:
        d: Mean differences, one per block, (n_blocks,).
        scale: Largest absolute score, against which rounding is measured; by default the largest absolute difference.

    Raises:
        DataError: Where a difference is not a number, or there is none.
    """
    values = np.asarray(d, dtype=np.float64)
    return _differences(values, sqrt(1 / max(values.size, 1)), scale)


def bayesian_t(delta: float, se: float, df: int, margin: float | None) -> Probabilities:
    """Return the probabilities that the true difference lies below, inside and above the margin.

    True difference ~ Student(df, delta, SE): the Bayesian twin of the corrected t (Benavoli, Corani, Demšar & Zaffalon
    2017).

    Args:
        delta: The paired difference found.
        se: Its standard error; 0 where degenerate.
        df: Degrees of freedom.
        margin: Smallest difference that matters; None for 0.
    """
    m = margin or 0.0
    if se == 0:
        worse, better = float(delta < -m), float(delta > m)
        return Probabilities(worse, 1.0 - worse - better, better)
    worse = float(stdtr(df, (-m - delta) / se))
    better = float(stdtr(df, (delta - m) / se))
    return Probabilities(worse, max(0.0, 1.0 - worse - better) if m else 0.0, better)


def _differences(values: npt.NDArray[np.float64], factor: float, scale: float | None) -> Paired:
    """Summarise differences that were taken already."""
    largest = np.max(np.abs(values), initial=0.0) if scale is None else scale
    return _summary(values, np.zeros_like(values), np.asarray(largest, dtype=np.float64), factor, values.size - 1)


def _summary(
    a: npt.NDArray[np.float64],
    b: npt.NDArray[np.float64],
    scale: npt.NDArray[np.float64],
    factor: float,
    df: int,
) -> Paired:
    """Summarise one pair; NaN is refused, never averaged away."""
    if a.ndim != 1 or a.size == 0 or not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise DataError(
            "Paired fold scores are finite numbers, at least one.",
            f"Found {a.size} folds, {int((~np.isfinite(a) | ~np.isfinite(b)).sum())} of them without a number.",
            "Leave the candidate with an undefined fold without a word.",
        )
    delta, s = moments(a, b, scale)
    return Paired(float(delta), float(s), float(s) * factor, df)
