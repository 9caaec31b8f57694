"""Bins of equal mass."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from bancada.scoring.calibration._binning import binned
from bancada.scoring.calibration._rows import rows_of

PAIRS = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.2, 0.5, 0.9, 1.0]) | st.floats(0, 1)), min_size=1
)


@given(PAIRS, st.integers(1, 20))
def test_each_row_is_in_one_bin_and_rows_of_one_probability_are_together(
    pairs: list[tuple[bool, float]], bins: int
) -> None:
    y, p = zip(*pairs, strict=True)
    rows = rows_of(y, p)
    found = binned(rows, bins)
    assert found.n.sum() == rows.n
    assert (found.n > 0).all()
    assert found.mass.sum() == pytest.approx(1)
    assert len(found.n) <= min(bins, len(set(p)))
    for value in set(p):
        assert len(set(found.place[rows.p == value])) == 1
    assert (np.diff(found.place[np.argsort(rows.p, kind="stable")]) >= 0).all()


def test_distinct_probabilities_fall_into_bins_of_equal_size() -> None:
    rng = np.random.default_rng(0)
    found = binned(rows_of(rng.random(1000) < 0.5, rng.random(1000)))
    assert len(found.n) == 15
    assert set(found.n) <= {66, 67}


def test_they_are_scikit_learn_s_quantile_bins_where_nothing_is_tied() -> None:
    rng = np.random.default_rng(1)
    p = rng.random(1500)
    y = rng.random(1500) < p
    observed, predicted = calibration_curve(y, p, n_bins=15, strategy="quantile")
    found = binned(rows_of(y, p))
    assert found.observed == pytest.approx(observed)
    assert found.predicted == pytest.approx(predicted)


def test_a_weight_of_two_is_a_row_that_stands_twice_and_a_weight_of_zero_is_none() -> None:
    y, p, w = [0, 1, 1, 0, 1], [0.1, 0.2, 0.6, 0.7, 0.9], [1, 2, 1, 0, 1]
    one = binned(rows_of(y, p, w), 3)
    other = binned(rows_of([0, 1, 1, 1, 1], [0.1, 0.2, 0.2, 0.6, 0.9]), 3)
    assert one.observed == pytest.approx(other.observed)
    assert one.predicted == pytest.approx(other.predicted)
    assert one.mass == pytest.approx(other.mass)
