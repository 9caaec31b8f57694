"""Means and ratios, and where they are undefined."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.metrics._averages import mean, ratio, square_root, total

numbers = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0.1, 10)), min_size=1)


@given(numbers)
def test_the_weighted_mean_is_that_of_numpy(drawn: list[tuple[float, float]]) -> None:
    values, weight = np.array(drawn).T
    assert mean(values, weight) == pytest.approx(np.average(values, weights=weight), rel=1e-6, abs=1e-6)
    assert mean(values, None) == pytest.approx(np.mean(values), rel=1e-6, abs=1e-6)


def test_a_mean_of_nothing_is_undefined() -> None:
    assert math.isnan(mean(np.zeros(0), None))
    assert math.isnan(mean(np.ones(2), np.zeros(2)))


def test_a_ratio_over_zero_is_undefined() -> None:
    assert math.isnan(ratio(1.0, 0.0))
    assert ratio(1.0, 4.0) == 0.25


def test_an_undefined_square_stays_undefined() -> None:
    assert math.isnan(square_root(math.nan))
    assert square_root(9.0) == 3.0


def test_a_total_counts_weights() -> None:
    assert total(np.array([1.0, 2.0]), np.array([3.0, 0.5])) == 4.0
    assert total(np.array([1.0, 2.0]), None) == 3.0
