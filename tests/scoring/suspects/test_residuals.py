"""Residuals that do not belong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bancada.scoring.suspects import suspect_residuals


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(10, 40))
def test_it_is_the_residual_against_the_others_left_alone(seed: int, n_rows: int) -> None:
    residuals = np.random.default_rng(seed).standard_t(2, size=n_rows)
    expected = {}
    bound = stats.t.ppf(1 - 0.05 / (2 * n_rows), n_rows - 2)
    for row in range(n_rows):
        spread = np.delete(residuals, row).std(ddof=1)
        studentised = (residuals[row] - residuals.mean()) / (spread * np.sqrt(1 - 1 / n_rows))
        if abs(studentised) > bound:
            expected[row] = studentised
    found = suspect_residuals(residuals)
    assert dict(zip(found.rows.tolist(), found.studentised.tolist(), strict=True)) == pytest.approx(expected)


def test_normal_residuals_show_one_in_a_twentieth_of_cases() -> None:
    rng = np.random.default_rng(4)
    shown = [bool(suspect_residuals(rng.normal(size=100)).rows.size) for _ in range(1_000)]
    assert 0.03 < np.mean(shown) < 0.07


def test_the_one_residual_that_is_none_of_equal_ones_is_found() -> None:
    found = suspect_residuals(np.append(np.zeros(30), 1.0))
    assert found.rows.tolist() == [30]
    assert np.isposinf(found.studentised[0])


def test_few_rows_and_missing_ones_are_not_judged() -> None:
    assert suspect_residuals(np.arange(9.0)).bound is None
    residuals = np.append(np.random.default_rng(1).normal(size=50), [np.nan, 40.0])
    assert suspect_residuals(residuals).rows.tolist() == [51]
