"""The winner's optimism."""

from __future__ import annotations

import numpy as np
import pytest

from bancada.scoring.choosing import optimism_of


def by_hand(values: np.ndarray, resamples: int, seed: int) -> float:
    """BBC-CV as published: draw rows, choose the best in the bag, score it out of the bag."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(resamples):
        bag = rng.integers(len(values), size=len(values))
        out = np.setdiff1d(np.arange(len(values)), bag)
        best = values[bag].mean(axis=0).argmax()
        found.append(values[out, best].mean())
    return float(values.mean(axis=0).max() - np.mean(found))


def test_it_is_bbc_cv_as_published() -> None:
    values = (np.random.default_rng(1).random((150, 8)) < 0.7).astype(float)
    found = optimism_of(values, greater_is_better=True, resamples=2000)
    assert found.optimism == pytest.approx(by_hand(values, 2000, 9), abs=0.004)
    assert found.chosen == values.mean(axis=0).argmax()
    assert found.value == pytest.approx(values.mean(axis=0).max())
    assert found.corrected == pytest.approx(found.value - (found.optimism or 0.0))


def test_equal_candidates_get_back_the_score_that_all_of_them_have() -> None:
    rng = np.random.default_rng(2)
    raw, corrected = [], []
    for repetition in range(60):
        found = optimism_of(rng.random((200, 40)) < 0.7, greater_is_better=True, resamples=100, seed=repetition)
        raw.append(found.value)
        assert found.corrected is not None
        corrected.append(found.corrected)
    assert np.mean(raw) - 0.7 > 0.05
    assert abs(np.mean(corrected) - 0.7) < 0.25 * (np.mean(raw) - 0.7)


def test_a_clear_winner_has_hardly_any_and_a_negative_one_corrects_nothing() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal([0.9, 0.1, 0.1], 0.1, (500, 3))
    found = optimism_of(values, greater_is_better=True)
    assert found.optimism == pytest.approx(0, abs=0.002)
    assert found.corrected is not None
    assert found.corrected <= found.value


def test_losses_and_scores_mirror_each_other() -> None:
    values = np.random.default_rng(4).random((100, 6))
    up, down = optimism_of(values, greater_is_better=True), optimism_of(-values, greater_is_better=False)
    assert (up.chosen, up.optimism) == (down.chosen, down.optimism)
    assert up.corrected == pytest.approx(-(down.corrected or 0.0))


def test_equal_weights_change_nothing_and_groups_of_one_row_neither() -> None:
    values = np.random.default_rng(5).random((100, 6))
    one = optimism_of(values, greater_is_better=True)
    weighted = optimism_of(values, greater_is_better=True, weight=np.full(100, 2.0))
    grouped = optimism_of(values, greater_is_better=True, groups=np.arange(100))
    assert weighted.optimism == pytest.approx(one.optimism)
    assert grouped.optimism == one.optimism


def test_groups_that_vote_together_make_more_of_it_than_rows() -> None:
    rng = np.random.default_rng(6)
    by_group = rng.normal(0, 1, (30, 10))
    values = np.repeat(by_group, 10, axis=0)
    groups = np.repeat(np.arange(30), 10)
    rows = optimism_of(values, greater_is_better=True).optimism
    together = optimism_of(values, greater_is_better=True, groups=groups).optimism
    assert together is not None
    assert rows is not None
    assert together > 2 * rows


def test_random_blocks_of_very_many_rows_give_nearly_the_same_answer() -> None:
    values = np.random.default_rng(7).normal(0, 1, (12_000, 5))
    found = optimism_of(values, greater_is_better=True)
    rows = by_hand(values, 100, 1)
    assert found.optimism == pytest.approx(rows, abs=0.25 * values.std() / np.sqrt(12_000))


def test_claims_that_lack_rows_are_counted_and_make_it_a_lower_bound() -> None:
    values = np.random.default_rng(8).random((50, 3))
    assert not optimism_of(values, greater_is_better=True).lower_bound
    more = optimism_of(values, greater_is_better=True, tried=7)
    assert more.lower_bound
    assert (more.compared, more.tried) == (3, 7)
    assert optimism_of(values, greater_is_better=True, tried=1).tried == 3


def test_fewer_than_ten_units_have_no_optimism() -> None:
    found = optimism_of(np.random.default_rng(9).random((30, 3)), greater_is_better=True, groups=np.arange(30) // 5)
    assert (found.optimism, found.corrected) == (None, None)
