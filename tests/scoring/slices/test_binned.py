"""Means over bins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bancada.scoring.slices import bin_means, quantile_bins


@settings(max_examples=80, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.integers(2, 10))
def test_bins_hold_every_row_and_never_part_equal_values(values: list[float], most: int) -> None:
    array = np.array(values)
    codes, edges = quantile_bins(array, most)
    assert codes.min() >= 0
    assert codes.max() == len(edges) < most
    for value in array:
        assert len(set(codes[array == value])) == 1
    for number, edge in enumerate(edges):
        assert (array[codes == number] <= edge).all()
        assert (array[codes == number + 1] > edge).all()


def test_what_is_missing_is_in_no_bin() -> None:
    codes, _ = quantile_bins(np.array([1.0, np.nan, 2.0]), 2)
    assert codes.tolist() == [0, -1, 1]
    assert quantile_bins(np.array([np.nan]), 2)[1] == ()


def test_an_interval_is_that_of_a_mean() -> None:
    values = np.random.default_rng(3).normal(size=40)
    found = bin_means(values, np.zeros(40, dtype=np.int64), 1)[0]
    oracle = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high))


def test_rows_of_a_group_count_as_one() -> None:
    values = np.random.default_rng(3).normal(size=40)
    alone = bin_means(values, np.zeros(40, dtype=np.int64), 1)[0]
    five = bin_means(np.repeat(values, 5), np.zeros(200, dtype=np.int64), 1, np.repeat(np.arange(40), 5))[0]
    assert (five.low, five.high) == pytest.approx((alone.low, alone.high))


def test_a_bin_of_one_class_has_wilsons_interval_of_its_share() -> None:
    shares, probabilities = np.zeros(50), np.full(50, 0.02)
    found = bin_means(shares - probabilities, np.zeros(50, dtype=np.int64), 1, shares=shares)[0]
    oracle = stats.binomtest(0, 50).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((oracle.low - 0.02, oracle.high - 0.02))


@pytest.mark.parametrize("values", [np.arange(9.0), np.ones(50)])
def test_few_rows_and_rows_that_do_not_vary_have_no_interval(values: np.ndarray) -> None:
    found = bin_means(values, np.zeros(len(values), dtype=np.int64), 1)[0]
    assert (found.low, found.high) == (None, None)


def test_an_empty_bin_has_no_mean() -> None:
    found = bin_means(np.arange(4.0), np.zeros(4, dtype=np.int64), 2)[1]
    assert found.n_rows == 0
    assert np.isnan(found.mean)
