"""A holdout is known again by its rows, whatever it is called."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from bancada.records.looks import HoldoutRows, same_rows


def rows(ids: range | list[int], salt: str = "") -> HoldoutRows:
    hashes = [random.Random(f"{salt}{number}").getrandbits(64) for number in ids]
    return HoldoutRows.of(f"{salt}{sorted(ids)}", len(ids), hashes)


@given(st.integers(1, 250), st.integers(0, 250))
def test_a_few_rows_are_counted_exactly(size: int, shift: int) -> None:
    shared = max(size - shift, 0)
    assert same_rows(rows(range(size)), rows(range(shift, shift + size))) is (shared > 0.1 * size or shift == 0)


def test_the_same_rows_are_the_same_in_any_order() -> None:
    ids = list(range(1_000))
    random.Random(1).shuffle(ids)
    assert rows(ids).sketch == rows(range(1_000)).sketch


def test_many_rows_are_told_by_a_sketch() -> None:
    now = rows(range(5_000))
    assert same_rows(now, rows(range(4_000, 9_000)))
    assert same_rows(now, rows(range(2_000)))
    assert not same_rows(now, rows(range(5_000, 10_000)))
    assert not same_rows(now, rows(range(4_900, 9_900)))
    # A thousand of five thousand were in the earlier one, and all of that one's.
    assert same_rows(now, rows(range(4_000, 5_000)))


def test_what_cannot_be_told_counts() -> None:
    now = rows(range(20))
    assert same_rows(now, rows(range(100, 20_000)))
    for sketch in ("", "not base64 at all", "AAAA"):
        told = same_rows(now, HoldoutRows(digest="other", n_rows=0, sketch=sketch))
        assert told is (sketch != "AAAA")


def test_other_ids_are_other_rows() -> None:
    assert not same_rows(rows(range(1_000)), rows(range(1_000), "other"))
