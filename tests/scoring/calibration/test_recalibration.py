"""Slope and intercept."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from bancada.scoring.calibration._recalibration import recalibration
from bancada.scoring.calibration._rows import rows_of


def forecast(n: int = 300) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(12)
    z = rng.normal(0, 1.5, n)
    y = (rng.random(n) < 1 / (1 + np.exp(-(0.3 + 0.7 * z)))).astype(float)
    return y, 1 / (1 + np.exp(-z)), rng.lognormal(0, 0.6, n)


def errors(y: np.ndarray, p: np.ndarray, **options: np.ndarray) -> tuple[list[float], list[float]]:
    """Return intercept and slope, and their standard errors without the factor G/(G − 1)."""
    rows = rows_of(y, p, **options)
    slope, intercept = recalibration(rows, 0.05)
    values, spread = [], []
    for found in (intercept, slope):
        assert found.value is not None
        assert found.low is not None
        values.append(found.value)
        from_t = (found.value - found.low) / _quantile(rows.n_units - 1)
        spread.append(from_t / np.sqrt(rows.n_units / (rows.n_units - 1)))
    return values, spread


def _quantile(df: int) -> float:
    return {299: 1.9679296691, 49: 2.0095752344}[df]


def test_plain_clustered_and_weighted_fits_are_those_of_statsmodels() -> None:
    """`sm.GLM(…, Binomial()).fit(cov_type="HC0" | "cluster")`, `var_weights` for weights, of statsmodels 0.15.0."""
    y, p, w = forecast()
    values, spread = errors(y, p)
    assert values == pytest.approx([0.31091534, 0.687883], rel=1e-6)
    assert spread == pytest.approx([0.12941484, 0.09975079], rel=1e-6)
    values, spread = errors(y, p, groups=np.arange(300) // 6)
    assert values == pytest.approx([0.31091534, 0.687883], rel=1e-6)
    assert spread == pytest.approx([0.11295409, 0.09598506], rel=1e-6)
    values, spread = errors(y, p, weight=w)
    assert values == pytest.approx([0.45587156, 0.81198088], rel=1e-6)
    assert spread == pytest.approx([0.15605566, 0.12459373], rel=1e-6)


def test_coefficients_are_those_of_scikit_learn_without_penalty() -> None:
    y, p, w = forecast(2000)
    model = LogisticRegression(C=np.inf, tol=1e-10).fit(np.log(p / (1 - p))[:, np.newaxis], y, sample_weight=w)
    slope, intercept = recalibration(rows_of(y, p, w), 0.05)
    assert slope.value == pytest.approx(model.coef_[0, 0], rel=1e-5)
    assert intercept.value == pytest.approx(model.intercept_[0], rel=1e-5)


@pytest.mark.parametrize(
    ("y", "p", "reason"),
    [
        ([1] * 20, np.linspace(0.1, 0.9, 20), "one class only: no slope"),
        ([0, 1] * 10, np.full(20, 0.5), "all probabilities are equal: no slope"),
        ([0] * 10 + [1] * 10, np.linspace(0.1, 0.9, 20), "the probabilities part the classes, or nearly"),
    ],
)
def test_where_there_is_no_finite_slope_that_is_said(y: list[int], p: np.ndarray, reason: str) -> None:
    slope, intercept = recalibration(rows_of(y, p), 0.05)
    assert slope.value is None
    assert intercept.value is None
    assert slope.flag.startswith(reason)


def test_probabilities_of_zero_and_one_are_clipped_and_counted() -> None:
    y, p, _ = forecast()
    p[:3] = [0.0, 1.0, 1.0]
    assert recalibration(rows_of(y, p), 0.05)[0].flag == "3 probabilities of 0 or 1 were clipped at 1e-15"


def test_fewer_than_ten_rows_or_groups_have_a_slope_without_an_interval() -> None:
    y, p = np.array([0, 1, 0, 1, 1, 0, 1, 0, 1]), np.array([0.2, 0.7, 0.6, 0.4, 0.8, 0.1, 0.5, 0.3, 0.9])
    groups = np.arange(36) % 9
    for rows in (rows_of(y, p), rows_of(np.tile(y, 4), np.tile(p, 4), groups=groups)):
        for found in recalibration(rows, 0.05):
            assert found.value is not None
            assert (found.low, found.high, found.p) == (None, None, None)
            assert found.flag == "fewer than 10 rows or groups: estimates only"
