"""All statistics of calibration, and the word."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, stdtr

from bancada.scoring._verdict import quantile
from bancada.scoring.calibration._binning import BINS, binned
from bancada.scoring.calibration._brier import BrierParts, parts_of
from bancada.scoring.calibration._consistency import drawn, expected_error, squared_error
from bancada.scoring.calibration._recalibration import recalibration
from bancada.scoring.calibration._rows import rows_of
from bancada.scoring.calibration._statistics import FEWEST_UNITS, TOO_FEW, CalibrationBin, CalibrationStatistic

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.scoring.calibration._binning import Binned
    from bancada.scoring.calibration._rows import Rows

__all__ = ["Calibration", "calibration"]

_DRAWS = 1000
_IN_GROUPS = "rows of a group depend on each other: no consistency band and no word"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether probabilities mean what they say.

    Attributes:
        word: `compatible` or `miscalibrated`; empty where there is no consistency band.
        n: Rows.
        bias: mean(y − p): positive where the probabilities are too low on the whole.
        slope: Slope of the logistic recalibration; below 1 where the probabilities are too extreme.
        intercept: Its intercept.
        squared_error: Debiased squared calibration error over the bins, which may be negative; p by simulation.
        spiegelhalter: Spiegelhalter's z.
        ece: Expected calibration error over the bins. It is above 0 for calibrated models too: read it by its band.
        ece_high: A calibrated model's ece lies between 0 and this in 95 % of cases; None where there is no band.
        brier: The parts of the Brier score.
        bins: The bins, by probability.
        flags: What must be told beside the numbers.
    """

    word: str
    n: int
    bias: CalibrationStatistic
    slope: CalibrationStatistic
    intercept: CalibrationStatistic
    squared_error: CalibrationStatistic
    spiegelhalter: CalibrationStatistic
    ece: float
    ece_high: float | None
    brier: BrierParts
    bins: tuple[CalibrationBin, ...]
    flags: tuple[str, ...]


def calibration(
    y: npt.ArrayLike,
    p: npt.ArrayLike,
    *,
    weight: npt.ArrayLike | None = None,
    groups: npt.ArrayLike | None = None,
    bins: int = BINS,
    alpha: float = 0.05,
    seed: int = 0,
) -> Calibration:
    """Return the statistics of calibration of the probabilities of one class.

    Of predictions that were made in several repeats give one repeat's: the mean of a row's probabilities belongs to an
    ensemble that nobody fitted, and stacked repeats count each row's truth several times.

    * bias: t of y − p. Slope and intercept: Cox (1958).
    * squared error: Σ mass·[(ȳ − p̄)² − ȳ(1 − ȳ)/(n − 1)] over the bins (Kumar, Liang & Ma 2019), p by simulation.
    * Spiegelhalter's z (1986): Σ(y − p)(1 − 2p)/sqrt(Σ(1 − 2p)²p(1 − p)).
    * ece: Σ mass·|ȳ − p̄| over bins of equal mass, ties together. Its 95 % consistency band is that of y ~ Bernoulli(p)
      (Bröcker & Smith 2007); above it the word is `miscalibrated`. A bootstrap interval would never cover a calibrated
      model's 0.
    * Brier parts: Stephenson, Coelho & Jolliffe (2008).

    Args:
        y: 1 for rows of the class, 0 for others, (n_rows,).
        p: Probability of the class, (n_rows,).
        weight: One weight per row, (n_rows,).
        groups: One label per row, (n_rows,), where rows of a group depend on each other.
        bins: Bins of equal mass.
        alpha: Level of intervals, of the band and of the word.
        seed: Seed of the simulation.

    Raises:
        DataError: Where the arrays are not truths, probabilities, weights and groups of one length.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> p = rng.random(5000)
        >>> y = rng.random(5000) < p
        >>> calibration(y, p).word, calibration(y, p**1.5).word
        ('compatible', 'miscalibrated')
    """
    rows = rows_of(y, p, weight, groups)
    parted = binned(rows, bins)
    slope, intercept = recalibration(rows, alpha)
    gaps = parted.observed - parted.predicted
    ece = float(expected_error(gaps, parted))
    silence = _IN_GROUPS if rows.group is not None else TOO_FEW if rows.n_units < FEWEST_UNITS else ""
    high, p_squared, ends = None, None, np.full((2, len(parted.n)), np.nan)
    if not silence:
        calibrated = drawn(rows, parted, _DRAWS, seed).gaps
        high = float(np.quantile(expected_error(calibrated, parted), 1 - alpha))
        beyond = squared_error(calibrated, parted) >= squared_error(gaps, parted)
        p_squared = (1 + int(beyond.sum())) / (1 + _DRAWS)
        ends = np.quantile(calibrated + parted.predicted, [alpha / 2, 1 - alpha / 2], axis=0)
    return Calibration(
        word="" if high is None else "miscalibrated" if ece > high else "compatible",
        n=rows.n,
        bias=_bias(rows, alpha),
        slope=slope,
        intercept=intercept,
        squared_error=CalibrationStatistic(_debiased(rows, parted), None, None, p_squared, 0.0, silence),
        spiegelhalter=_spiegelhalter(rows),
        ece=ece,
        ece_high=high,
        brier=parts_of(rows, parted),
        bins=_bins(parted, ends),
        flags=tuple(dict.fromkeys(flag for flag in (silence, slope.flag) if flag)),
    )


def _bias(rows: Rows, alpha: float) -> CalibrationStatistic:
    """Return mean(y − p) with Student's interval, by group where there are groups."""
    residual = rows.y - rows.p
    value = float(np.average(residual, weights=rows.weight))
    units, df = rows.n_units, rows.n_units - 1
    if units < FEWEST_UNITS:
        return CalibrationStatistic(value, None, None, None, 0.0, TOO_FEW)
    sums = rows.summed(rows.weight * (residual - value))
    se = sqrt(units / (units - 1) * float(sums @ sums)) / rows.n
    if not se > 0:
        return CalibrationStatistic(value, None, None, None, 0.0, "y − p does not vary: no interval")
    reach = quantile(df, alpha / 2) * se
    return CalibrationStatistic(value, value - reach, value + reach, 2 * float(stdtr(df, -abs(value) / se)), 0.0)


def _spiegelhalter(rows: Rows) -> CalibrationStatistic:
    """Return Spiegelhalter's z; by group its variance is that of the groups' sums."""
    terms = rows.weight * (rows.y - rows.p) * (1 - 2 * rows.p)
    if rows.group is None:
        variance = float(np.sum(rows.weight**2 * (1 - 2 * rows.p) ** 2 * rows.p * (1 - rows.p)))
    else:
        sums = rows.summed(terms)
        variance = float(sums @ sums) * rows.n_units / max(rows.n_units - 1, 1)
    if not variance > 0 or rows.n_units < FEWEST_UNITS:
        flag = TOO_FEW if variance > 0 else "every probability is 0, .5 or 1: no z"
        return CalibrationStatistic(None, None, None, None, 0.0, flag)
    z = float(terms.sum()) / sqrt(variance)
    return CalibrationStatistic(z, None, None, 2 * float(ndtr(-abs(z))), 0.0)


def _debiased(rows: Rows, bins: Binned) -> float:
    """Return Σ mass·[gap² − variance of the share of positives]; by p(1 − p) in a bin of one row."""
    noise = rows.y - bins.observed[bins.place]
    total = np.bincount(bins.place, weights=rows.weight, minlength=len(bins.n))
    spread = np.bincount(bins.place, weights=(rows.weight * noise) ** 2, minlength=len(bins.n)) / total**2
    variance = np.where(bins.n > 1, spread * bins.n / np.maximum(bins.n - 1, 1), bins.predicted * (1 - bins.predicted))
    return float(bins.mass @ ((bins.observed - bins.predicted) ** 2 - variance))


def _bins(bins: Binned, ends: npt.NDArray[np.float64]) -> tuple[CalibrationBin, ...]:
    """Return the bins as they are told."""
    return tuple(
        CalibrationBin(
            n=int(bins.n[b]),
            share=float(bins.mass[b]),
            predicted=float(bins.predicted[b]),
            observed=float(bins.observed[b]),
            low=None if np.isnan(ends[0, b]) else float(ends[0, b]),
            high=None if np.isnan(ends[1, b]) else float(ends[1, b]),
        )
        for b in range(len(bins.n))
    )
