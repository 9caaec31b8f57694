"""Slope and intercept of the logistic recalibration."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import expit, logit, stdtr

from bancada.scoring._verdict import quantile
from bancada.scoring.calibration._statistics import FEWEST_UNITS, TOO_FEW, CalibrationStatistic

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.scoring.calibration._rows import Rows

__all__ = ["recalibration"]

_CLIP = 1e-15
_STEPS = 50
_HALVINGS = 30
_ENOUGH = 1e-10
_BEYOND = 1e4


class _Fit(NamedTuple):
    """Coefficients (intercept, slope) and their covariance."""

    coefficients: npt.NDArray[np.float64]
    covariance: npt.NDArray[np.float64]


def recalibration(rows: Rows, alpha: float) -> tuple[CalibrationStatistic, CalibrationStatistic]:
    """Return slope and intercept of logit P(y = 1) = intercept + slope·logit(p) (Cox 1958).

    A slope below 1 says that the probabilities are too extreme, above 1 that they are too timid. Standard errors are
    sandwich ones, by group where there are groups, so they hold for weights and where the logistic form is only an
    approximation; the interval is Student's with units − 1 degrees of freedom.
    """
    clipped = (rows.p < _CLIP) | (rows.p > 1 - _CLIP)
    z = logit(np.clip(rows.p, _CLIP, 1 - _CLIP))
    reason = _obstacle(rows, z)
    fit = None if reason else _fitted(rows, z)
    if fit is None:
        reason = reason or "the probabilities part the classes, or nearly: no finite slope"
        return CalibrationStatistic(None, None, None, None, 1.0, reason), CalibrationStatistic(
            None, None, None, None, 0.0, reason
        )
    flag = f"{int(clipped.sum()):,} probabilities of 0 or 1 were clipped at 1e-15" if clipped.any() else ""
    errors = np.sqrt(np.diag(fit.covariance))
    return (
        _statistic(float(fit.coefficients[1]), float(errors[1]), 1.0, rows.n_units - 1, alpha, flag),
        _statistic(float(fit.coefficients[0]), float(errors[0]), 0.0, rows.n_units - 1, alpha, flag),
    )


def _obstacle(rows: Rows, z: npt.NDArray[np.float64]) -> str:
    """Say why there is no logistic recalibration; empty where there is one."""
    counted = rows.weight > 0
    if len(np.unique(rows.y[counted])) < 2:
        return "one class only: no slope"
    if np.ptp(z[counted]) == 0:
        return "all probabilities are equal: no slope"
    return ""


def _fitted(rows: Rows, z: npt.NDArray[np.float64]) -> _Fit | None:
    """Fit by Newton's method with halved steps; None where the likelihood has no finite maximum."""
    design = np.stack([np.ones_like(z), z], axis=1)
    beta = np.array([0.0, 1.0])
    loss = _loss(design @ beta, rows)
    for _ in range(_STEPS):
        mu = expit(design @ beta)
        gradient = design.T @ (rows.weight * (rows.y - mu))
        bread = design.T @ (design * (rows.weight * mu * (1 - mu))[:, np.newaxis])
        try:
            step = np.linalg.solve(bread, gradient)
        except np.linalg.LinAlgError:
            return None
        size = 1.0
        for _ in range(_HALVINGS):
            after = _loss(design @ (beta + size * step), rows)
            if after <= loss:
                break
            size /= 2
        beta, gained, loss = beta + size * step, loss - after, after
        if np.abs(beta).max() > _BEYOND or not np.isfinite(beta).all():
            return None
        if gained <= _ENOUGH * max(1.0, loss) and np.abs(step).max() < np.sqrt(_ENOUGH):
            return _Fit(beta, _sandwich(design, beta, rows))
    return None


def _loss(eta: npt.NDArray[np.float64], rows: Rows) -> float:
    """Return the weighted negative log likelihood."""
    return float(rows.weight @ (np.logaddexp(0.0, eta) - rows.y * eta))


def _sandwich(design: npt.NDArray[np.float64], beta: npt.NDArray[np.float64], rows: Rows) -> npt.NDArray[np.float64]:
    """Return A⁻¹·(G/(G−1)·Σ u_g u_gᵀ)·A⁻¹ with u the scores summed by unit."""
    mu = expit(design @ beta)
    bread = np.linalg.inv(design.T @ (design * (rows.weight * mu * (1 - mu))[:, np.newaxis]))
    residual = rows.weight * (rows.y - mu)
    scores = np.stack([rows.summed(residual * design[:, j]) for j in range(2)], axis=1)
    meat = scores.T @ scores * (rows.n_units / max(rows.n_units - 1, 1))
    return np.asarray(bread @ meat @ bread)


def _statistic(value: float, se: float, perfect: float, df: int, alpha: float, flag: str) -> CalibrationStatistic:
    """Return an estimate with Student's interval and p against what a calibrated model has."""
    if df + 1 < FEWEST_UNITS or not se > 0:
        return CalibrationStatistic(value, None, None, None, perfect, flag or TOO_FEW)
    reach = quantile(df, alpha / 2) * se
    p = 2 * float(stdtr(df, -abs(value - perfect) / se))
    return CalibrationStatistic(value, value - reach, value + reach, p, perfect, flag)
