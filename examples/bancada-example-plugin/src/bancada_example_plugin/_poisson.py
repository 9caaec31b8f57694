"""The Poisson deviance: how far predicted rates are from counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from bancada import metrics

__all__ = ["poisson_deviance"]


def _deviance(y_true: Any, y_pred: Any, sample_weight: Any) -> float:
    """Return the mean of 2·(y·ln(y / μ) − y + μ), where 0·ln 0 = 0; NaN where a rate μ is not positive."""
    if (y_pred <= 0).any() or (y_true < 0).any():
        return float("nan")
    ratio = np.where(y_true > 0, y_true, y_pred) / y_pred
    return float(np.average(2 * (y_true * np.log(ratio) - y_true + y_pred), weights=sample_weight))


poisson_deviance = metrics.from_function(
    _deviance, name="poisson_deviance", greater_is_better=False, reads="value", bounds=(0.0, None)
)
