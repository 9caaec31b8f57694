"""Metrics of forecasts: figures worked by hand, and the formulas spelt out."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.metrics import get

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.samples import Sample

    Make = Callable[..., Sample]

number = st.floats(-100, 100).map(lambda value: round(value, 2))
rows = st.lists(st.tuples(number, number, st.floats(0.1, 9), st.floats(0.1, 4)), min_size=1, max_size=30)


def scaled(sample: Sample, scale: Any) -> Sample:
    column = pa.array(np.asarray(scale, dtype=np.float64))
    return replace(sample, predictions=sample.predictions.append_column("scale", column))


@given(drawn=rows)
def test_formulas(drawn: list[tuple[float, ...]], regression: Make) -> None:
    truth, value, scale, weight = np.array(drawn).T
    sample = scaled(regression(truth, value, weight), scale)
    error = np.abs(truth - value)
    assert get("mase").score(sample) == pytest.approx(np.average(error / scale, weights=weight), abs=1e-9)
    terms = [0.0 if y == f == 0 else 2 * abs(y - f) / (abs(y) + abs(f)) for y, f in zip(truth, value, strict=True)]
    assert get("smape").score(sample) == pytest.approx(np.average(terms, weights=weight), abs=1e-9)
    if np.abs(truth).sum() > 0:
        wanted = (weight * error).sum() / (weight * np.abs(truth)).sum()
        assert get("wape").score(sample) == pytest.approx(wanted, rel=1e-9)


def test_figures_by_hand(regression: Make) -> None:
    sample = scaled(regression([10.0, 20.0], [12.0, 16.0]), [2.0, 2.0])
    assert get("mase").score(sample) == (2 / 2 + 4 / 2) / 2
    assert get("wape").score(sample) == (2 + 4) / 30
    assert get("smape").score(sample) == pytest.approx((2 * 2 / 22 + 2 * 4 / 36) / 2)


def test_a_right_zero_costs_nothing_and_a_wrong_sign_the_most(regression: Make) -> None:
    assert get("smape").score(regression([0.0, 5.0], [0.0, -5.0])) == 1.0


def test_a_truth_of_zeros_has_no_relative_error(regression: Make) -> None:
    assert math.isnan(get("wape").score(regression([0.0, 0.0], [1.0, 0.0])))


@pytest.mark.parametrize("scale", [0.0, float("nan")])
def test_a_series_without_a_scale_leaves_mase_undefined_unless_it_weighs_nothing(
    scale: float, regression: Make
) -> None:
    assert math.isnan(get("mase").score(scaled(regression([1.0, 2.0], [2.0, 4.0]), [1.0, scale])))
    weighed = regression([1.0, 2.0], [2.0, 4.0], np.array([1.0, 0.0]))
    assert get("mase").score(scaled(weighed, [1.0, scale])) == 1.0


def test_a_regression_has_no_scale() -> None:
    value = pa.schema([("value", pa.float64())])
    assert get("mase").missing(value, value) == ("predictions.scale",)
    assert get("smape").missing(value, value) == get("wape").missing(value, value) == ()
    assert get("smape").tasks == ("regression", "forecast")
