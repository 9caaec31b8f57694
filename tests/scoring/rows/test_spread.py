"""Standard errors from influence values; repeats averaged row by row, never stacked."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import sem

from bancada.exceptions import DataError, ProcedureRefused
from bancada.samples import Influence
from bancada.scoring.rows import over_repeats, spread, time_blocks
from bancada.scoring.rows._spread import check_weights


@given(seed=st.integers(0, 1000), n=st.integers(3, 200))
def test_without_groups_it_is_the_standard_error_of_a_mean(seed: int, n: int) -> None:
    values = np.random.default_rng(seed).normal(size=n)
    found = spread(values - values.mean(), 1.0)
    assert found.se == pytest.approx(sem(values))
    assert (found.df, found.unit) == (n - 1, "rows")


@given(seed=st.integers(0, 1000), n=st.integers(3, 200))
def test_groups_of_one_row_are_rows(seed: int, n: int) -> None:
    draw = np.random.default_rng(seed)
    values = draw.normal(size=n)
    values -= values.mean()
    assert spread(values, 1.0, draw.permutation(n)).se == pytest.approx(spread(values, 1.0).se)


def test_groups_are_summed() -> None:
    values = np.array([1.0, 2.0, -1.0, -2.0, 3.0, -3.0])
    groups = np.array([7, 7, 4, 4, 9, -1])
    sums = np.array([3.0, -3.0, 3.0])
    found = spread(values, 1.0, groups)
    assert found.se == pytest.approx(sqrt(3 / 2 * (sums**2).sum() / 36))
    assert (found.n_units, found.unit, found.obstacle) == (3, "groups", "fewer than 10 groups: no interval")


def test_rounding_is_no_spread() -> None:
    assert spread(np.tile([1e-13, -1e-13], 50), 0.8).se == 0.0
    assert spread(np.tile([1e-3, -1e-3], 50), 0.8).se > 0


def test_a_few_rows_that_carry_a_number_are_told() -> None:
    values = np.zeros(100)
    values[:5], values[5:] = 10.0, np.random.default_rng(0).normal(size=95)
    assert spread(values - values.mean(), 1.0).few
    assert not spread(np.random.default_rng(1).normal(size=100), 1.0).few
    assert not spread(values[:40] - values[:40].mean(), 1.0).few


def test_other_groups_than_rows_are_refused() -> None:
    with pytest.raises(DataError, match=r"There are 4 rows, and groups of the shape \(3,\)"):
        spread(np.zeros(4), 1.0, np.arange(3))


@pytest.mark.parametrize("weight", [[1.0, -1.0], [0.0, 0.0], [1.0, np.nan], [1.0, np.inf]])
def test_weights_that_mean_nothing_are_refused(weight: list[float]) -> None:
    with pytest.raises(DataError, match="not negative, and not all zero"):
        check_weights(np.array(weight))


def test_any_others_pass() -> None:
    check_weights(None)
    check_weights(np.array([0.0, 2.0]))


def repeat(seed: int, n: int = 50) -> tuple[Influence, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    values = np.random.default_rng(seed).normal(size=n)
    return Influence(float(values.mean()), values - values.mean()), np.arange(n, dtype=np.int64)


def test_repeats_are_averaged_row_by_row() -> None:
    parts = [repeat(seed) for seed in range(3)]
    found, rows = over_repeats(parts)
    assert rows.tolist() == list(range(50))
    assert found.values == pytest.approx(np.mean([part.values for part, _ in parts], axis=0))
    assert found.value == pytest.approx(np.mean([part.value for part, _ in parts]))


def test_the_same_repeat_ten_times_is_no_more_evidence() -> None:
    part = repeat(0)
    found, _ = over_repeats([part] * 10)
    assert spread(found.values, 1.0).se == pytest.approx(spread(part[0].values, 1.0).se)


def test_a_row_that_some_repeats_test_is_the_mean_of_those() -> None:
    first = Influence(0.5, np.array([0.5, -0.5])), np.array([0, 1])
    other = Influence(0.5, np.array([0.3, -0.3])), np.array([1, 2])
    found, rows = over_repeats([first, other])
    assert rows.tolist() == [0, 1, 2]
    raw = np.array([0.5, -0.1, -0.3])
    assert found.values == pytest.approx(raw - raw.mean())


def test_stacked_repeats_are_refused() -> None:
    part, rows = repeat(0)
    stacked = Influence(part.value, np.tile(part.values, 2)), np.tile(rows, 2)
    with pytest.raises(ProcedureRefused, match="stacked repeats would count one piece of evidence several times"):
        over_repeats([stacked])
    with pytest.raises(DataError, match="Give at least one"):
        over_repeats([])


def test_blocks_of_time_hold_whole_times() -> None:
    order = np.repeat(np.arange(40), 3)
    blocks = time_blocks(order)
    assert np.unique(blocks).size == 10
    assert all(np.unique(blocks[order == time]).size == 1 for time in range(40))
    assert (np.diff(blocks) >= 0).all()
    with pytest.raises(DataError, match="10 blocks of time need as many times"):
        time_blocks(np.arange(9))
