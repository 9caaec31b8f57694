"""The values that statistics of calibration are told in."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FEWEST_UNITS", "TOO_FEW", "CalibrationBin", "CalibrationStatistic"]

FEWEST_UNITS = 10
TOO_FEW = "fewer than 10 rows or groups: estimates only"


@dataclass(frozen=True, slots=True)
class CalibrationStatistic:
    """One statistic of calibration.

    Attributes:
        value: The number; None where it is undefined.
        low: Lower end of its interval; None where it has none.
        high: Upper end.
        p: Two-sided p value against `perfect`, or of a simulation under calibration; None where there is none.
        perfect: What a calibrated model has.
        flag: Why something is missing, or what must be told beside it; empty where there is nothing to tell.
    """

    value: float | None
    low: float | None
    high: float | None
    p: float | None
    perfect: float
    flag: str = ""


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Rows of nearly one probability.

    Attributes:
        n: Rows.
        share: Their part of the total weight.
        predicted: Mean probability.
        observed: Share of positives.
        low: Lower end of where a calibrated model's share of positives lies, 95 % for this bin alone; None where there
            is no consistency band.
        high: Upper end.
    """

    n: int
    share: float
    predicted: float
    observed: float
    low: float | None
    high: float | None
