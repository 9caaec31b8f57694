"""All pairs of a board, and rank intervals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.exceptions import DataError
from bancada.scoring import Design, pairwise, rank_intervals
from bancada.scoring import _pairs as pairs_module
from bancada.scoring._verdict import BETTER, WORDS, WORSE

KFOLD = Design("random", (80,) * 15, (20,) * 15, 3)
SEEDS = st.integers(0, 10_000)


def board(seed: int, n_lines: int, spread: float) -> npt.NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n_lines, 15)) * 0.1 + rng.normal(size=(n_lines, 1)) * spread


@given(SEEDS, st.integers(1, 7), st.floats(0, 1), st.none() | st.floats(0.01, 0.3))
def test_a_word_in_the_table_is_the_verdict_on_the_pair(
    seed: int, n_lines: int, spread: float, margin: float | None
) -> None:
    table = pairwise(board(seed, n_lines, spread), KFOLD, 10, margin)
    for i in range(n_lines):
        for j in range(n_lines):
            assert WORDS[table.words[i, j]] == table.pair(i, j).word


@given(SEEDS, st.integers(2, 7), st.floats(0, 1))
def test_the_order_of_lines_changes_nothing(seed: int, n_lines: int, spread: float) -> None:
    scores = board(seed, n_lines, spread)
    order = np.random.default_rng(seed).permutation(n_lines)
    one, other = pairwise(scores, KFOLD, 10), pairwise(scores[order], KFOLD, 10)
    assert (one.words[np.ix_(order, order)] == other.words).all()
    assert (rank_intervals(one)[order] == rank_intervals(other)).all()


@given(SEEDS, st.integers(2, 7), st.floats(0, 1))
def test_better_one_way_is_worse_the_other(seed: int, n_lines: int, spread: float) -> None:
    words = pairwise(board(seed, n_lines, spread), KFOLD, 10).words
    assert ((words == BETTER) == (words.T == WORSE)).all()


@given(SEEDS, st.integers(1, 8), st.floats(0, 1))
def test_a_rank_interval_contains_the_rank_by_mean(seed: int, n_lines: int, spread: float) -> None:
    scores = board(seed, n_lines, spread)
    ranks = 1 + np.argsort(np.argsort(-scores.mean(axis=1)))
    intervals = rank_intervals(pairwise(scores, KFOLD, 10))
    assert ((intervals[:, 0] <= ranks) & (ranks <= intervals[:, 1])).all()


@given(SEEDS, st.integers(2, 6), st.floats(0, 1))
def test_the_rank_intervals_say_no_more_than_the_words(seed: int, n_lines: int, spread: float) -> None:
    table = pairwise(board(seed, n_lines, spread), KFOLD, 10, 0.05)
    intervals = rank_intervals(table)
    for i in range(n_lines):
        for j in range(n_lines):
            if intervals[i, 1] < intervals[j, 0]:
                # Ranks apart without a word between the two would be a contradiction on the face of the board.
                assert table.pair(i, j).word == "better" or table.pair(i, j).delta > 0


def test_the_level_is_shared_by_all_pairs_of_all_claims_tried() -> None:
    scores = board(0, 4, 0.1)
    assert pairwise(scores, KFOLD, 62).a == pytest.approx(0.05 / (62 * 61 / 2))
    assert pairwise(scores, KFOLD, 2).a == pytest.approx(0.05 / 6), "a family is no smaller than the pairs on the board"
    assert pairwise(scores[:1], KFOLD, 1).a == 0.05


def test_a_lone_line_is_first() -> None:
    assert rank_intervals(pairwise(board(0, 1, 0), KFOLD, 1)).tolist() == [[1, 1]]


def test_lines_far_apart_are_ranked_strictly() -> None:
    scores = board(0, 4, 0) + np.arange(4)[:, np.newaxis] * 10
    assert rank_intervals(pairwise(scores, KFOLD, 4)).tolist() == [[4, 4], [3, 3], [2, 2], [1, 1]]


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = board(1, 9, 0.2)
    whole = pairwise(scores, KFOLD, 9).words
    monkeypatch.setattr(pairs_module, "_CHUNK", 20)
    assert (pairwise(scores, KFOLD, 9).words == whole).all()


def test_five_hundred_lines_need_no_array_of_all_folds() -> None:
    scores = board(2, 500, 0.5)
    table = pairwise(scores, KFOLD, 500)
    assert table.words.nbytes == 500 * 500
    assert WORDS[table.words[3, 400]] == table.pair(3, 400).word


def test_lines_are_compared_on_the_repeats_that_both_have() -> None:
    design = Design("random", (80,) * 20, (20,) * 20, 4)
    scores = np.random.default_rng(3).normal(size=(2, 20))
    scores[0] += 3
    scores[1, 15:] = np.nan
    found = pairwise(scores, design, 2).pair(0, 1)
    expected = pairwise(scores[:, :15], KFOLD, 2).pair(0, 1)
    assert found == expected
    assert found.word == "better"


def test_fewer_than_three_common_repeats_carry_no_word_unless_they_are_all() -> None:
    scores = board(4, 3, 0) + np.array([[5.0], [0.0], [-5.0]])
    scores[1:, 5:] = np.nan
    table = pairwise(scores, KFOLD, 3)
    assert [WORDS[code] for code in table.words[0]] == ["identical", "none", "none"]
    assert table.pair(0, 1).note == "fewer than 3 repeats in common: no word"
    assert table.pair(1, 2).word == "better", "one repeat is all that either has"


def test_a_hole_in_a_repeat_is_refused() -> None:
    scores = board(5, 3, 0)
    scores[1, 3] = np.nan
    with pytest.raises(DataError, match=r"NaN is never averaged away\. Lines \[1\] have holes"):
        pairwise(scores, KFOLD, 3)


def test_a_board_of_another_design_is_refused() -> None:
    with pytest.raises(DataError, match=r"Found shape \(3, 14\) for 15 folds"):
        pairwise(board(5, 3, 0)[:, 1:], KFOLD, 3)


def test_one_split_gives_no_decision() -> None:
    table = pairwise(np.array([[0.9], [0.1]]), Design("single", (80,), (20,)), 2)
    assert rank_intervals(table).tolist() == [[1, 2], [1, 2]]
    assert table.pair(0, 1).word == "none"


def test_a_null_board_speaks_on_at_most_six_percent_of_boards() -> None:
    """Equal lines whose folds correlate as much as the correction assumes: STATISTICS §11, in small."""
    rng = np.random.default_rng(11)
    shared = np.sqrt(0.25 / 1.25)
    spoken = full = 0
    for _ in range(1000):
        scores = rng.normal(size=(10, 15)) * np.sqrt(1 - shared**2) + rng.normal(size=(10, 1)) * shared
        table = pairwise(scores, KFOLD, 10)
        spoken += bool(np.isin(table.words, (BETTER, WORSE)).any())
        full += bool((rank_intervals(table) == [1, 10]).all())
    assert spoken <= 60
    assert full >= 940
