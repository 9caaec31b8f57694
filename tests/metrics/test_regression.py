"""Metrics of numbers against scikit-learn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from bancada.metrics import get

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.samples import Sample

    Make = Callable[..., Sample]

ORACLES: dict[str, Callable[..., float]] = {
    "explained_variance": oracle.explained_variance_score,
    "mae": oracle.mean_absolute_error,
    "mape": oracle.mean_absolute_percentage_error,
    "median_absolute_error": oracle.median_absolute_error,
    "mse": oracle.mean_squared_error,
    "r2": oracle.r2_score,
    "rmse": oracle.root_mean_squared_error,
    "rmsle": oracle.root_mean_squared_log_error,
}
# Quarters are exact, so that equal errors are ties to both implementations; weights of whole numbers likewise.
number = st.integers(1, 400).map(lambda quarters: quarters / 4)
rows = st.lists(st.tuples(number, number, st.integers(1, 4).map(float)), min_size=2, max_size=30)


@given(drawn=rows)
@pytest.mark.parametrize("name", sorted(ORACLES))
def test_errors_agree_with_scikit_learn(name: str, drawn: list[tuple[Any, ...]], regression: Make) -> None:
    truth, value, weight = (np.array(column) for column in zip(*drawn, strict=True))
    assume(len(set(truth)) > 1)
    assert get(name).score(regression(truth, value)) == pytest.approx(ORACLES[name](truth, value), abs=1e-9)
    expected = ORACLES[name](truth, value, sample_weight=weight)
    assert get(name).score(regression(truth, value, weight)) == pytest.approx(expected, abs=1e-9)


@given(drawn=rows)
def test_the_largest_error_is_the_largest_of_the_rows_that_weigh(
    drawn: list[tuple[Any, ...]], regression: Make
) -> None:
    truth, value, weight = (np.array(column) for column in zip(*drawn, strict=True))
    assert get("max_error").score(regression(truth, value, weight)) == oracle.max_error(truth, value)
    weight[0] = 0.0
    assert get("max_error").score(regression(truth, value, weight)) == oracle.max_error(truth[1:], value[1:])


@pytest.mark.parametrize("name", ["r2", "explained_variance"])
@pytest.mark.parametrize("weight", [None, np.array([0.1, 0.7, 0.3])])
def test_a_constant_truth_has_no_explained_part(name: str, weight: Any, regression: Make) -> None:
    assert math.isnan(get(name).score(regression([0.1, 0.1, 0.1], [0.1, 0.2, 0.3], weight)))


@pytest.mark.parametrize("name", ["r2", "explained_variance"])
def test_a_truth_that_is_constant_where_it_weighs_has_no_explained_part(name: str, regression: Make) -> None:
    for weight in ([0.3, 0.7, 0.9, 0.0], [0.0] * 4):
        value = get(name).score(regression([0.1, 0.1, 0.1, 5.0], [0.1, 0.2, 0.3, 0.4], np.array(weight)))
        assert math.isnan(value)
    assert get(name).score(regression([0.1, 0.1, 5.0], [0.1, 0.1, 5.0], np.array([1.0, 0.0, 1.0]))) == 1.0


def test_a_relative_error_of_zero_is_undefined(regression: Make) -> None:
    assert math.isnan(get("mape").score(regression([0.0, 1.0], [1.0, 1.0])))


@pytest.mark.parametrize(("truth", "value"), [([-0.5, 1.0], [1.0, 1.0]), ([1.0, 1.0], [-0.5, 1.0])])
def test_a_log_error_below_zero_is_undefined(truth: list[float], value: list[float], regression: Make) -> None:
    assert math.isnan(get("rmsle").score(regression(truth, value)))


@pytest.mark.parametrize("name", ["mae", "median_absolute_error", "max_error", "rmse"])
def test_weights_that_sum_to_zero_leave_an_error_undefined(name: str, regression: Make) -> None:
    assert math.isnan(get(name).score(regression([1.0, 2.0], [1.0, 1.0], np.zeros(2))))


@given(errors=st.lists(st.floats(0, 100), min_size=1, max_size=40), weight=st.floats(0.1, 3.0))
def test_equal_weights_give_the_plain_median(errors: list[float], weight: float, regression: Make) -> None:
    truth = np.zeros(len(errors))
    found = get("median_absolute_error").score(regression(truth, errors, np.full(len(errors), weight)))
    assert found == pytest.approx(np.median(errors))


def test_rows_without_weight_make_nothing_undefined(regression: Make) -> None:
    weight = np.array([0.0, 1.0, 1.0])
    assert get("mape").score(regression([0.0, 1.0, 2.0], [1.0, 1.5, 2.0], weight)) == pytest.approx(0.25)
    assert get("rmsle").score(regression([-5.0, 1.0, 2.0], [-7.0, 1.0, 2.0], weight)) == 0.0
    for name in ("mape", "rmsle"):
        assert math.isnan(get(name).score(regression([1.0, 2.0], [1.0, 2.0], np.zeros(2))))
