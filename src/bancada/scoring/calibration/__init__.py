"""Whether probabilities mean what they say: statistics of calibration, each with an interval or p (STATISTICS §7)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.scoring.calibration._brier import BrierParts, brier_parts
    from bancada.scoring.calibration._judging import Calibration, calibration
    from bancada.scoring.calibration._statistics import CalibrationBin, CalibrationStatistic

__all__ = ["BrierParts", "Calibration", "CalibrationBin", "CalibrationStatistic", "brier_parts", "calibration"]

_MODULES = {
    "BrierParts": "_brier",
    "Calibration": "_judging",
    "CalibrationBin": "_statistics",
    "CalibrationStatistic": "_statistics",
    "brier_parts": "_brier",
    "calibration": "_judging",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
