"""The order of work."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bancada.engine._plan import PlannedFold
from bancada.engine._queue import FoldQueue
from bancada.engine._repeats import Repeat

Counts = list[int]


def fold_of(number: int) -> PlannedFold:
    return PlannedFold(Repeat(0, "", "", ()), number, str(number), None)


def queue(counts: Counts) -> FoldQueue:
    return FoldQueue((claim, tuple(fold_of(number) for number in range(count))) for claim, count in enumerate(counts))


def handed_out(folds: FoldQueue) -> list[tuple[int, int]]:
    handed = []
    while (item := folds.next()) is not None:
        handed.append((item[0], item[1].fold))
    return handed


@given(st.lists(st.integers(0, 6), max_size=8), st.lists(st.tuples(st.integers(0, 7), st.floats(0, 9)), max_size=20))
def test_every_fold_is_handed_out_once(counts: Counts, times: list[tuple[int, float]]) -> None:
    folds = queue(counts)
    handed = []
    for claim, seconds in times:
        item = folds.next()
        if item is not None:
            handed.append((item[0], item[1].fold))
        folds.took(claim, seconds)
    handed += handed_out(folds)
    assert sorted(handed) == [(claim, fold) for claim, count in enumerate(counts) for fold in range(count)]
    assert not folds


def test_one_fold_of_every_claim_comes_first() -> None:
    assert [claim for claim, _ in handed_out(queue([3, 3, 3]))][:3] == [0, 1, 2]


def test_then_the_longest_come_first() -> None:
    folds = queue([3, 3, 3])
    for _ in range(3):
        folds.next()
    for claim, seconds in ((0, 1.0), (1, 5.0), (2, 3.0)):
        folds.took(claim, seconds)
    assert [claim for claim, _ in handed_out(folds)] == [1, 1, 2, 2, 0, 0]


def test_a_free_worker_never_waits_for_a_time() -> None:
    folds = queue([4])
    assert [folds.next() is not None for _ in range(4)] == [True] * 4


def test_a_dropped_claim_is_handed_out_no_more() -> None:
    folds = queue([3, 2])
    folds.next()
    assert [fold.fold for fold in folds.drop(0)] == [1, 2]
    assert [claim for claim, _ in handed_out(folds)] == [1, 1]


def test_what_is_left_is_counted_and_comes_when_it_is_asked_for() -> None:
    folds = queue([2, 1])
    first = folds.next()
    assert first is not None
    folds.leave(*first)
    assert (len(folds), handed_out(folds)) == (3, [(1, 0), (0, 1)])
    assert (len(folds), bool(folds)) == (1, True)
    assert folds.left() == (first,)
    assert not folds


def test_a_claim_is_dropped_with_what_was_left_of_it() -> None:
    folds = queue([2, 1])
    for _ in range(2):
        item = folds.next()
        assert item is not None
        folds.leave(*item)
    assert [fold.fold for fold in folds.drop(0)] == [1, 0]
    assert [claim for claim, _ in folds.left()] == [1]
