"""Rows fixed and broken, by the majority of the repeats that tested them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bancada.judgement._rows import RowTally

VOTES = st.lists(
    st.tuples(st.lists(st.booleans(), min_size=4, max_size=4), st.lists(st.booleans(), min_size=4)), max_size=6
)


def counted(folds: list[tuple[list[bool], list[bool]]]) -> tuple[int, int]:
    tally = RowTally(4)
    for mine, theirs in folds:
        tally.add(np.arange(4), np.array(mine), [np.array(theirs[:4])])
    return tally.fixed, tally.broken


@given(VOTES)
def test_a_row_is_fixed_where_most_votes_say_so(folds: list[tuple[list[bool], list[bool]]]) -> None:
    fixed = broken = 0
    for row in range(4):
        mine = sum(1 if fold[0][row] else -1 for fold in folds)
        theirs = sum(1 if fold[1][row] else -1 for fold in folds)
        fixed += theirs < 0 < mine
        broken += mine < 0 < theirs
    assert counted(folds) == (fixed, broken)


@given(VOTES)
def test_the_other_way_round_fixed_is_broken(folds: list[tuple[list[bool], list[bool]]]) -> None:
    assert counted([(theirs[:4], mine) for mine, theirs in folds]) == counted(folds)[::-1]


def test_each_seed_of_the_other_has_a_vote() -> None:
    tally = RowTally(1)
    tally.add(np.array([0]), np.array([True]), [np.array([False]), np.array([True]), np.array([False])])
    assert (tally.fixed, tally.broken) == (1, 0)
