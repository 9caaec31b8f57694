"""A slice against its complement."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bancada.exceptions import DataError
from bancada.scoring.slices import Complement, complement, eligible, mean_part


def compared(losses: np.ndarray, among: np.ndarray, **options: object) -> Complement:
    weight = options.pop("weight", None)
    inside, outside = (mean_part(losses, part, weight) for part in (among, ~among))  # type: ignore[arg-type] # options of a test
    return complement(inside, outside, **options)  # type: ignore[arg-type] # as above


@pytest.fixture
def drawn() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    among = np.arange(300) < 60
    return rng.exponential(size=300) * np.where(among, 2.0, 1.0), among


def test_without_groups_it_is_welch_as_scipy_has_it(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    losses, among = drawn
    found = compared(losses, among)
    oracle = stats.ttest_ind(losses[among], losses[~among], equal_var=False)
    assert found.p == pytest.approx(oracle.pvalue)
    low, high = oracle.confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.delta == pytest.approx(losses[among].mean() - losses[~among].mean())
    assert (found.n_rows, found.n_outside) == (60, 240)


def test_groups_of_equal_rows_count_as_one_row_each(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    losses, among = drawn
    alone = compared(losses, among, groups=np.arange(300))
    doubled = compared(np.repeat(losses, 2), np.repeat(among, 2), groups=np.repeat(np.arange(300), 2))
    assert (doubled.low, doubled.high) == pytest.approx((alone.low, alone.high))
    rows = compared(np.repeat(losses, 2), np.repeat(among, 2))
    assert rows.low is not None
    assert doubled.low is not None
    assert rows.low > doubled.low


def test_groups_that_lie_on_both_sides_are_summed_before_they_are_squared() -> None:
    rng = np.random.default_rng(1)
    groups = np.repeat(np.arange(40), 10)
    among = np.arange(400) % 2 == 0
    # What a group shares cancels in the difference.
    losses = np.repeat(rng.normal(size=40) * 10, 10) + rng.normal(size=400)
    paired, rows = compared(losses, among, groups=groups), compared(losses, among)
    assert paired.high is not None
    assert rows.high is not None
    assert paired.high - paired.delta < (rows.high - rows.delta) / 3
    means = np.array([losses[(groups == g) & among].mean() - losses[(groups == g) & ~among].mean() for g in range(40)])
    oracle = stats.ttest_1samp(means, 0.0).confidence_interval(0.95)
    assert (paired.low, paired.high) == pytest.approx((oracle.low, oracle.high))


def test_the_order_of_rows_and_a_weight_that_all_share_change_nothing(drawn: tuple[np.ndarray, np.ndarray]) -> None:
    losses, among = drawn
    order = np.random.default_rng(2).permutation(300)
    same = compared(losses, among)
    assert compared(losses[order], among[order]).low == pytest.approx(same.low)
    assert compared(losses, among, weight=np.full(300, 2.0)).high == pytest.approx(same.high)


def test_rows_without_weight_do_not_count() -> None:
    losses, among = np.arange(100.0), np.arange(100) < 50
    weight = np.where(np.arange(100) % 2, 1.0, 0.0)
    assert compared(losses, among, weight=weight).inside == losses[:50][1::2].mean()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.floats(-1, 1))
def test_p_is_below_alpha_just_where_the_shown_interval_excludes_0(seed: int, family: int, shift: float) -> None:
    rng = np.random.default_rng(seed)
    among = np.arange(80) < 30
    found = compared(rng.normal(size=80) + shift * among, among, family=family)
    assert found.low is not None
    assert found.high is not None
    assert found.p_adjusted is not None
    assert (found.p_adjusted < 0.05) == (found.low > 0 or found.high < 0)


@pytest.mark.parametrize(("share", "n_rows"), [(0.05, 2_000), (0.5, 400), (0.9, 800)])
def test_slices_that_do_not_differ_are_flagged_in_one_of_twenty(share: float, n_rows: int) -> None:
    """STATISTICS §11: 4–6 % each, unadjusted."""
    rng = np.random.default_rng(11)
    among = np.arange(n_rows) < share * n_rows
    flagged = [compared(rng.exponential(size=n_rows), among).p < 0.05 for _ in range(1_500)]  # type: ignore[operator] # there is one
    assert 0.035 <= np.mean(flagged) <= 0.068


def test_a_slice_without_an_error_is_not_taken_for_a_sure_thing() -> None:
    """With a spread of 0 for the slice 22 % of slices that do not differ were flagged here."""
    rng = np.random.default_rng(4)
    among = np.arange(3_000) < 50
    drawn = [compared((rng.random(3_000) < 0.03).astype(float), among) for _ in range(300)]
    assert sum(one.inside == 0 for one in drawn) > 40
    assert np.mean([one.p is not None and one.p < 0.05 for one in drawn]) <= 0.06
    wrong = (rng.random(3_000) < 0.03).astype(float)
    wrong[:50] = 1.0
    assert compared(wrong, among, family=20).p_adjusted < 0.001  # type: ignore[operator] # there is one


def test_in_groups_a_part_that_does_not_vary_has_no_interval() -> None:
    losses, among = (np.arange(600) % 7 == 0).astype(float), np.arange(600) < 100
    losses[:100] = 0.0
    found = compared(losses, among, groups=np.arange(600) // 10)
    assert (found.low, found.note) == (None, "the losses do not vary in the slice")


def test_rounding_is_no_variation() -> None:
    assert compared(np.full(300, 0.1), np.arange(300) < 70).note == "the losses do not vary"


@pytest.mark.parametrize(
    ("n_inside", "constant", "note"),
    [
        (0, False, "no rows in the slice"),
        (100, False, "no rows in the rest"),
        (9, False, "fewer than 10 rows in the slice"),
        (95, False, "fewer than 10 rows in the rest"),
        (50, True, "the losses do not vary"),
    ],
)
def test_where_there_is_no_interval_it_is_said_why(n_inside: int, *, constant: bool, note: str) -> None:
    losses = np.ones(100) if constant else np.arange(100.0)
    found = compared(losses, np.arange(100) < n_inside)
    assert (found.low, found.p_adjusted, found.note) == (None, None, note)


def test_few_groups_have_no_interval() -> None:
    found = compared(np.arange(100.0), np.arange(100) < 50, groups=np.arange(100) // 12)
    assert found.note == "fewer than 10 groups"


def test_a_family_of_nothing_is_refused() -> None:
    part = mean_part(np.arange(20.0), np.arange(20) < 10)
    with pytest.raises(DataError, match="at least one comparison"):
        complement(part, part, family=0)


def test_a_slice_is_judged_from_50_rows_and_10_of_each_class() -> None:
    classes = np.array([0, 1] * 100)
    assert eligible(np.arange(200) < 50) == ""
    assert eligible(np.arange(200) < 49) == "fewer than 50 rows"
    assert eligible(np.zeros(200, dtype=bool)) == "no rows"
    assert eligible(np.arange(200) < 195) == "fewer than 10 rows outside"
    assert eligible(np.arange(200) < 60, classes, ("no", "yes")) == ""
    rare = np.where(np.arange(200) < 9, 1, 0)
    assert eligible(np.arange(200) < 60, rare, ("no", "yes")) == "9 rows of class yes"
    assert eligible(np.arange(200) >= 100, rare, ("no", "yes")) == "no row of class yes"
