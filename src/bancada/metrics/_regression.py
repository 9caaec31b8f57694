"""Metrics of predicted numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.metrics._averages import NAN, mean, ratio, square_root, total
from bancada.metrics._builtin import FOLD_MEAN, POOLED, BuiltIn, Way
from bancada.metrics._influence import of_ratio, of_root, undefined
from bancada.metrics._readings import VALUES
from bancada.samples import Influence

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Weights = Floats | None
    Kernel = Callable[[Floats, Floats, Weights], float]
    Each = Callable[[Floats, Floats], Floats]

__all__ = ["METRICS"]


def _absolute(truth: Floats, value: Floats) -> Floats:
    return np.abs(truth - value)


def _mae(truth: Floats, value: Floats, weight: Weights) -> float:
    return mean(_absolute(truth, value), weight)


def _squared(truth: Floats, value: Floats) -> Floats:
    return np.square(truth - value)


def _mse(truth: Floats, value: Floats, weight: Weights) -> float:
    return mean(_squared(truth, value), weight)


def _rmse(truth: Floats, value: Floats, weight: Weights) -> float:
    return square_root(_mse(truth, value, weight))


def _unexplained(truth: Floats, residual: Floats, weight: Weights) -> float:
    """Return Σ w·residual² / Σ w·(y − ȳ)²; NaN where all true values of positive weight are equal."""
    counted = truth if weight is None else truth[weight > 0]
    if not counted.size or counted.min() == counted.max():  # the sum below would be a rounding error instead of zero
        return NAN
    return ratio(total(np.square(residual), weight), total(np.square(truth - mean(truth, weight)), weight))


def _r2(truth: Floats, value: Floats, weight: Weights) -> float:
    return 1.0 - _unexplained(truth, truth - value, weight)


def _explained_variance(truth: Floats, value: Floats, weight: Weights) -> float:
    residual = truth - value
    return 1.0 - _unexplained(truth, residual - mean(residual, weight), weight)


def _of_explained(truth: Floats, residual: Floats, weight: Weights, unexplained: float) -> Influence:
    if not np.isfinite(unexplained):
        return undefined(truth.size)
    apart = np.square(truth - mean(truth, weight))
    found = of_ratio(np.square(residual), apart, weight)
    # The mean of the truth is where its own sum of squares is least: moving it moves nothing.
    return Influence(1.0 - found.value, -found.values, kind="ratio")


def _of_r2(truth: Floats, value: Floats, weight: Weights) -> Influence:
    residual = truth - value
    return _of_explained(truth, residual, weight, _unexplained(truth, residual, weight))


def _of_explained_variance(truth: Floats, value: Floats, weight: Weights) -> Influence:
    residual = truth - value
    residual = residual - mean(residual, weight)
    return _of_explained(truth, residual, weight, _unexplained(truth, residual, weight))


def _of_rmse(truth: Floats, value: Floats, weight: Weights) -> Influence:
    return of_root(_squared(truth, value), weight)


def _of_rmsle(truth: Floats, value: Floats, weight: Weights) -> Influence:
    if not np.isfinite(_rmsle(truth, value, weight)):
        return undefined(truth.size)
    # What is below 0 stands in rows without weight only.
    logs = np.log1p(np.maximum(truth, 0.0)) - np.log1p(np.maximum(value, 0.0))
    return of_root(np.square(logs), weight)


def _median_absolute_error(truth: Floats, value: Floats, weight: Weights) -> float:
    error = np.abs(truth - value)
    if weight is None:
        return float(np.median(error))
    order = np.argsort(error)
    error, reached = error[order], np.cumsum(weight[order])
    half = reached[-1] / 2
    if half <= 0:
        return NAN
    # The mean of the lower and the upper median, so that equal weights give the plain median; both within rounding.
    slack = half * 4 * np.finfo(np.float64).eps * error.size
    low = np.searchsorted(reached, half - slack)
    high = np.searchsorted(reached, half + slack, side="right")
    return float(error[low] + error[min(high, error.size - 1)]) / 2


def _max_error(truth: Floats, value: Floats, weight: Weights) -> float:
    error = np.abs(truth - value)
    if weight is not None:
        error = error[weight > 0]
    return float(error.max()) if error.size else NAN


def _weighing(truth: Floats, value: Floats, weight: Weights) -> tuple[Floats, Floats, Weights]:
    """Return the rows of positive weight: what is undefined on others is not undefined."""
    if weight is None:
        return truth, value, weight
    counted = weight > 0
    return truth[counted], value[counted], weight[counted]


def _relative(truth: Floats, value: Floats) -> Floats:
    # What has no relative error has no loss; NaN stands for it.
    return np.abs(np.divide(truth - value, truth, out=np.full_like(truth, NAN), where=truth != 0))


def _mape(truth: Floats, value: Floats, weight: Weights) -> float:
    truth, value, weight = _weighing(truth, value, weight)
    if not truth.all():
        return NAN
    return mean(_relative(truth, value), weight)


def _rmsle(truth: Floats, value: Floats, weight: Weights) -> float:
    truth, value, weight = _weighing(truth, value, weight)
    if not truth.size or truth.min() < 0 or value.min() < 0:
        return NAN
    return square_root(mean(np.square(np.log1p(truth) - np.log1p(value)), weight))


def _error(
    name: str,
    kernel: Kernel,
    formula: str,
    aggregate: str = FOLD_MEAN,
    each: Each | None = None,
    influence: Callable[[Floats, Floats, Weights], Influence] | None = None,
) -> BuiltIn:
    ways = (Way(VALUES, kernel, each=each, influence=influence),)
    return BuiltIn(name, greater_is_better=False, ways=ways, formula=formula, bounds=(0.0, None), aggregate=aggregate)


def _explained(
    name: str, kernel: Kernel, formula: str, influence: Callable[[Floats, Floats, Weights], Influence]
) -> BuiltIn:
    ways = (Way(VALUES, kernel, influence=influence),)
    return BuiltIn(name, greater_is_better=True, ways=ways, formula=formula, bounds=(None, 1.0), aggregate=POOLED)


METRICS = (
    _error("rmse", _rmse, "square root of the mean of (y − ŷ)²", POOLED, influence=_of_rmse),
    _error("mae", _mae, "mean of |y − ŷ|", each=_absolute),
    _error("mse", _mse, "mean of (y − ŷ)²", each=_squared),
    _explained("r2", _r2, "1 − Σ (y − ŷ)² / Σ (y − ȳ)²; undefined where all y are equal", _of_r2),
    _error("median_absolute_error", _median_absolute_error, "median of |y − ŷ|"),
    _error("mape", _mape, "mean of |y − ŷ| / |y|; undefined where a y of positive weight is 0", each=_relative),
    _explained(
        "explained_variance",
        _explained_variance,
        "1 − Var(y − ŷ) / Var(y); undefined where all y are equal",
        _of_explained_variance,
    ),
    _error("max_error", _max_error, "largest |y − ŷ| among the rows of positive weight"),
    _error(
        "rmsle", _rmsle, "root mean square of ln(1 + y) − ln(1 + ŷ); undefined below 0", POOLED, influence=_of_rmsle
    ),
)
