"""Wilson's interval and Newcombe's, against statsmodels' published figures and the equations themselves."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import binomtest

from bancada.exceptions import DataError
from bancada.scoring.rows import wilson
from bancada.scoring.rows._proportions import newcombe

Z = -float(ndtri(0.025))


@given(right=st.integers(0, 60), total=st.integers(1, 60))
def test_wilson_is_that_of_scipy(right: int, total: int) -> None:
    right = min(right, total)
    expected = binomtest(right, total).proportion_ci(method="wilson")
    assert wilson(right / total, total, Z) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_gives_the_published_interval_of_no_success() -> None:
    # Newcombe 1998, Two-sided confidence intervals for the single proportion, table I: 81/263, 15/148, 0/20, 1/29.
    published = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (right, total), ends in published.items():
        assert wilson(right / total, total, Z) == pytest.approx(ends, abs=5e-5)


def v(theta: float, m: float, n: float) -> float:
    pairs = (m + n) / 2 - 1
    return theta * (1 - theta) * (1 + pairs * ((1 - theta) / (2 - theta) + theta / (1 + theta))) / (m * n)


@given(auc=st.floats(0.01, 0.99), m=st.integers(2, 500), n=st.integers(2, 500))
def test_the_ends_of_newcombe_are_z_standard_errors_away(auc: float, m: int, n: int) -> None:
    low, high = newcombe(auc, m, n, Z)
    assert 0 < low < auc < high < 1
    for end in (low, high):
        assert abs(end - auc) == pytest.approx(Z * sqrt(v(end, m, n)), rel=1e-5, abs=1e-9)
    assert newcombe(1 - auc, n, m, Z) == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_a_perfect_auc_has_an_interval() -> None:
    low, high = newcombe(1.0, 10, 20, Z)
    assert high == 1.0
    assert 0.7 < low < 0.95
    assert newcombe(0.0, 10, 20, Z) == pytest.approx((0.0, 1 - low), abs=1e-6)


def test_what_is_no_proportion_is_refused() -> None:
    with pytest.raises(DataError, match="lies between 0 and 1, of at least one row"):
        wilson(1.2, 10, Z)
    with pytest.raises(DataError, match="lies between 0 and 1, of at least one row"):
        wilson(0.5, 0, Z)
    with pytest.raises(DataError, match="at least one row of each class"):
        newcombe(0.5, 0, 3, Z)
