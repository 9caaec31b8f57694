"""Edit distance and longest common subsequence against the textbook's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.metrics._edits import common_length, edit_distance

if TYPE_CHECKING:
    from collections.abc import Sequence

texts = st.text(alphabet="abcé", max_size=40)


def table_distance(a: Sequence[str], b: Sequence[str]) -> int:
    before = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (x != y)))
        before = row
    return before[-1]


def table_length(a: Sequence[str], b: Sequence[str]) -> int:
    before = [0] * (len(b) + 1)
    for x in a:
        row = [0]
        for j, y in enumerate(b, 1):
            row.append(before[j - 1] + 1 if x == y else max(before[j], row[-1]))
        before = row
    return before[-1]


@given(a=texts, b=texts)
def test_both_are_what_the_tables_say(a: str, b: str) -> None:
    assert edit_distance(a, b) == table_distance(a, b) == edit_distance(list(b), list(a))
    assert common_length(a, b) == table_length(a, b) == common_length(list(b), list(a))


@given(a=texts, b=texts, c=texts)
def test_the_distance_is_a_metric(a: str, b: str, c: str) -> None:
    assert edit_distance(a, c) <= edit_distance(a, b) + edit_distance(b, c)
    assert (edit_distance(a, b) == 0) == (a == b)


@pytest.mark.parametrize(
    ("a", "b", "distance"),
    [("kitten", "sitting", 3), ("Saturday", "Sunday", 3), ("intention", "execution", 5), ("", "abc", 3), ("", "", 0)],
)
def test_published_distances(a: str, b: str, distance: int) -> None:
    assert edit_distance(a, b) == distance


def test_the_textbook_subsequence() -> None:
    # Cormen, Leiserson, Rivest & Stein, "Introduction to Algorithms", §15.4.
    assert common_length("ABCBDAB", "BDCABA") == 4


def test_long_sequences_are_walked_in_bits() -> None:
    a, b = "abcd" * 2_500, "bcda" * 2_500
    assert edit_distance(a, b) == 2
    assert common_length(a, b) == 9_999
