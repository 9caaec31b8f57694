"""All statistics of calibration, and the word."""

from __future__ import annotations

from math import erfc, sqrt

import numpy as np
import pytest
from scipy import stats

from bancada.scoring.calibration import Calibration, calibration
from bancada.scoring.calibration._binning import binned
from bancada.scoring.calibration._judging import _debiased
from bancada.scoring.calibration._rows import rows_of


def calibrated(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    p = rng.beta(1, 2, n)
    return rng.random(n) < p, p


def numbers(found: Calibration) -> list[float | None]:
    statistics = (found.bias, found.slope, found.intercept, found.squared_error, found.spiegelhalter)
    return [number for s in statistics for number in (s.value, s.low, s.high)] + [found.ece]


def test_bias_is_the_one_sample_t_of_truth_minus_probability() -> None:
    y, p = calibrated(200)
    found = calibration(y, p).bias
    oracle = stats.ttest_1samp(y - p, 0)
    low, high = oracle.confidence_interval()
    assert [found.value, found.low, found.high, found.p] == pytest.approx([(y - p).mean(), low, high, oracle.pvalue])


def test_spiegelhalter_s_z_is_the_standardised_brier_score() -> None:
    y, p = calibrated(300, 1)
    expected = float(np.mean(p * (1 - p)))
    variance = float(np.sum((1 - 2 * p) ** 2 * p * (1 - p))) / 300**2
    z = (float(np.mean((y - p) ** 2)) - expected) / sqrt(variance)
    found = calibration(y, p).spiegelhalter
    assert found.value == pytest.approx(z)
    assert found.p == pytest.approx(erfc(abs(z) / sqrt(2)))


def test_the_squared_error_is_kumar_liang_and_ma_s_and_unbiased() -> None:
    """Formula of `unbiased_square_ce` (Kumar, Liang & Ma 2019): Σ share·[(ȳ − p̄)² − ȳ(1 − ȳ)/(n − 1)]."""
    y, p = calibrated(450, 2)
    parts = np.array_split(np.argsort(p), 15)
    by_hand = sum(
        len(b) / 450 * ((y[b].mean() - p[b].mean()) ** 2 - y[b].mean() * (1 - y[b].mean()) / (len(b) - 1))
        for b in parts
    )
    assert calibration(y, p).squared_error.value == pytest.approx(by_hand)
    draws = []
    for seed in range(300):
        rows = rows_of(*calibrated(200, seed))
        draws.append(_debiased(rows, binned(rows)))
    assert abs(np.mean(draws)) < 3 * np.std(draws) / sqrt(300)


def test_the_word_is_miscalibrated_iff_the_error_is_above_the_band() -> None:
    y, p = calibrated(5000)
    good, bad = calibration(y, p), calibration(y, p**1.5)
    assert good.word == "compatible"
    assert good.ece_high is not None
    assert good.ece <= good.ece_high
    assert bad.word == "miscalibrated"
    assert bad.ece_high is not None
    assert bad.ece > bad.ece_high
    assert bad.squared_error.p == pytest.approx(1 / 1001)
    assert good.ece > 0


def test_bins_tell_where_a_calibrated_model_lies() -> None:
    y, p = calibrated(5000)
    inside = [b.low <= b.observed <= b.high for b in calibration(y, p).bins if b.low is not None and b.high is not None]
    assert len(inside) == 15
    assert sum(inside) >= 12
    assert sum(b.n for b in calibration(y, p).bins) == 5000


def test_permutation_and_equal_weights_change_nothing() -> None:
    y, p = calibrated(400, 4)
    order = np.random.default_rng(0).permutation(400)
    one = numbers(calibration(y, p))
    assert numbers(calibration(y[order], p[order])) == pytest.approx(one)
    assert numbers(calibration(y, p, weight=np.full(400, 2.0))) == pytest.approx(one)


def test_groups_of_one_row_change_no_interval_and_groups_carry_no_word() -> None:
    y, p = calibrated(400, 5)
    one, other = calibration(y, p), calibration(y, p, groups=np.arange(400))
    for name in ("bias", "slope", "intercept"):
        assert getattr(one, name).low == pytest.approx(getattr(other, name).low)
    assert (other.word, other.ece_high) == ("", None)
    assert other.flags == ("rows of a group depend on each other: no consistency band and no word",)


def test_doubled_rows_in_groups_have_the_interval_of_single_ones() -> None:
    y, p = calibrated(300, 6)
    one = calibration(y, p, groups=np.arange(300))
    other = calibration(np.tile(y, 2), np.tile(p, 2), groups=np.tile(np.arange(300), 2))
    for name in ("bias", "slope", "intercept", "spiegelhalter"):
        assert getattr(one, name).value == pytest.approx(getattr(other, name).value)
        assert getattr(one, name).low == pytest.approx(getattr(other, name).low)


def test_few_rows_give_estimates_only() -> None:
    found = calibration([0, 1, 0, 1, 1], [0.2, 0.7, 0.4, 0.6, 0.3])
    assert (found.word, found.ece_high, found.bias.low, found.spiegelhalter.value) == ("", None, None, None)
    assert "fewer than 10 rows or groups: estimates only" in found.flags


def test_a_constant_forecast_and_one_class_are_told_and_do_not_fail() -> None:
    constant = calibration([0, 1] * 20, [0.5] * 40)
    assert constant.slope.value is None
    assert constant.spiegelhalter.flag == "every probability is 0, .5 or 1: no z"
    assert len(constant.bins) == 1
    assert calibration([1] * 40, [0.9] * 40).slope.flag == "one class only: no slope"
    sure = calibration([0, 1] * 20, [0.0, 1.0] * 20)
    assert (sure.word, sure.ece, sure.bias.low) == ("compatible", 0.0, None)


def test_a_certain_forecast_that_was_wrong_is_miscalibrated() -> None:
    y = np.array([0, 1] * 20)
    p = y.astype(float)
    y[1] = 0
    assert calibration(y, p).word == "miscalibrated"
