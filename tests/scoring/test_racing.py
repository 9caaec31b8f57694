"""The budget rule: exact, and deaf to all but order and sign."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bancada.exceptions import DataError
from bancada.scoring import falls_behind
from bancada.scoring._racing import signed_rank_p

WHOLE = st.lists(st.integers(-6, 6), min_size=1, max_size=9)
DISTINCT = st.lists(st.integers(1, 10_000), min_size=1, max_size=12, unique=True)


@given(DISTINCT, st.data())
def test_without_ties_it_is_scipy_s_exact_test(sizes: list[int], data: st.DataObject) -> None:
    signs = data.draw(st.lists(st.sampled_from([-1, 1]), min_size=len(sizes), max_size=len(sizes)))
    values = np.array(sizes) * np.array(signs, dtype=float)
    expected = stats.wilcoxon(values, alternative="greater", method="exact").pvalue
    assert signed_rank_p(values) == pytest.approx(expected, abs=1e-12)


@given(WHOLE)
def test_with_ties_and_zeros_it_counts_all_signs(whole: list[int]) -> None:
    values = np.array([value for value in whole if value], dtype=float)
    ranks = stats.rankdata(np.abs(values))
    observed = ranks[values > 0].sum()
    sums = [sum(itertools.compress(ranks, chosen)) for chosen in itertools.product([0, 1], repeat=len(ranks))]
    expected = np.mean([total >= observed - 1e-9 for total in sums])
    assert signed_rank_p(np.array(whole, dtype=float)) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30), st.data())
def test_the_order_of_the_folds_does_not_matter(values: list[float], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(values))
    assert signed_rank_p(shuffled) == signed_rank_p(values)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30))
def test_a_p_is_a_share_and_both_sides_cover_everything(values: list[float]) -> None:
    both = signed_rank_p(values) + signed_rank_p([-value for value in values])
    assert 0 < signed_rank_p(values) <= 1 + 1e-12
    assert both >= 1 - 1e-12


def test_many_folds_come_near_the_normal() -> None:
    values = np.random.default_rng(1).normal(0.1, 1, 200)
    expected = stats.wilcoxon(values, alternative="greater", method="approx").pvalue
    assert signed_rank_p(values) == pytest.approx(expected, abs=2e-3)


def test_what_differs_by_rounding_alone_is_tied() -> None:
    assert signed_rank_p([0.1, 0.3 - 0.2, -0.1]) == signed_rank_p([1.0, 1.0, -1.0])
    assert signed_rank_p([0.3 - 0.1 - 0.2, 0.5]) == signed_rank_p([0.0, 0.5])


def test_no_candidate_is_left_alone_before_the_fourth_fold() -> None:
    assert [falls_behind([-1.0] * n) for n in range(1, 7)] == [False, False, False, True, True, True]


def test_a_candidate_that_is_ahead_or_level_is_never_left_alone() -> None:
    assert not falls_behind([0.1] * 20)
    assert not falls_behind([0.0] * 20)


@pytest.mark.parametrize(("wins", "behind"), [((), True), ((1,), True), ((2,), True), ((3,), False), ((1, 2), False)])
def test_the_threshold_stands_at_one_tenth(wins: tuple[int, ...], behind: bool) -> None:
    # Five folds of sizes 1 to 5: P(T⁺ ≥ 15 − lost ranks) is 1/32, 2/32, 3/32, 5/32, 5/32.
    assert falls_behind([size if size in wins else -size for size in range(1, 6)]) is behind


def test_a_fold_without_a_number_is_refused() -> None:
    with pytest.raises(DataError, match="finite numbers"):
        falls_behind([0.1, math.nan, 0.2, 0.3])
