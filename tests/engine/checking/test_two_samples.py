"""Two samples of a column, held against scipy's tests."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bancada.engine.checking._two_samples import levels_apart, numbers_apart


@pytest.mark.parametrize("digits", [8, 1])
@pytest.mark.parametrize("seed", range(4))
def test_numbers_are_scipys_kolmogorov_smirnov(seed: int, digits: int) -> None:
    draw = np.random.default_rng(seed)
    values = (draw.normal(size=400) + 0.2 * (np.arange(400) < 150)).round(digits)
    inside = np.arange(400) < 150
    found = numbers_apart(values, inside)
    told = stats.ks_2samp(values[inside], values[~inside], method="asymp")
    assert found.size == pytest.approx(told.statistic)
    n = 150 * 250 / 400
    assert found.p == pytest.approx(stats.kstwobign.sf(np.sqrt(n) * told.statistic))


@pytest.mark.parametrize("seed", range(4))
def test_levels_are_scipys_chi_squared_and_cramers_v(seed: int) -> None:
    draw = np.random.default_rng(seed)
    codes, inside = draw.integers(0, 6, 500), draw.random(500) < 0.3
    table = np.stack([np.bincount(codes[inside], minlength=6), np.bincount(codes[~inside], minlength=6)])
    told = stats.chi2_contingency(table, correction=False)
    found = levels_apart(codes, inside)
    assert found.p == pytest.approx(told.pvalue)
    assert found.size == pytest.approx(stats.contingency.association(table, method="cramer"))


def test_rare_levels_count_as_one() -> None:
    codes = np.append(np.zeros(500, dtype=np.int64), np.arange(1, 101))
    inside = np.arange(600) >= 300
    table = np.array([[300, 0], [200, 100]])
    assert levels_apart(codes, inside).size == pytest.approx(stats.contingency.association(table, method="cramer"))


def test_no_rows_and_one_sample_alone_are_not_apart() -> None:
    nothing = np.zeros(0)
    assert numbers_apart(nothing, nothing > 0).p == 1
    assert levels_apart(nothing.astype(np.int64), nothing > 0).p == 1
    assert levels_apart(np.zeros(9, dtype=np.int64), np.arange(9) < 4).size == 0
    assert numbers_apart(np.arange(9.0), np.ones(9, dtype=bool)).size == 0
