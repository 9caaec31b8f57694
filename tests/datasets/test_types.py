"""Types as text, with the levels that a model sees."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.datasets._schemas import as_schema
from bancada.datasets._types import type_text

SIZES = pa.array(["low", "high", None]).dictionary_encode()
OTHERS = pa.array(["high", "low", None]).dictionary_encode()


def text(array: Any) -> str:
    return type_text(pa.chunked_array([array]))


@pytest.mark.parametrize(
    ("array", "wanted"),
    [
        (pa.array([1, None]), "int64"),
        (pa.array([[1]]), "list<item: int64>"),
        (SIZES, 'dictionary<values=string, indices=int32, ordered=0>["low", "high"]'),
        (pa.array([2, 1]).dictionary_encode(), "dictionary<values=int64, indices=int32, ordered=0>[2, 1]"),
        (
            pa.array([dt.date(2024, 1, 2)]).dictionary_encode(),
            "dictionary<values=date32[day], indices=int32, ordered=0>[datetime.date(2024, 1, 2)]",
        ),
        (
            pa.StructArray.from_arrays([SIZES, OTHERS], ["a", "b"]),
            'struct<a: DICTIONARY, b: DICTIONARY>["low", "high"]["high", "low"]'.replace(
                "DICTIONARY", "dictionary<values=string, indices=int32, ordered=0>"
            ),
        ),
    ],
)
def test_a_type_is_told_with_the_levels_of_its_dictionaries(array: Any, wanted: str) -> None:
    assert text(array) == wanted


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda array: pa.ListArray.from_arrays([0, 3], array),
        lambda array: pa.LargeListArray.from_arrays([0, 3], array),
        lambda array: pa.FixedSizeListArray.from_arrays(array, 3),
        lambda array: pa.ListViewArray.from_arrays([0], [3], array),
        lambda array: pa.MapArray.from_arrays([0, 3], pa.array(["a", "b", "c"]), array),
        lambda array: pa.StructArray.from_arrays([array], ["a"]),
        lambda array: pa.RunEndEncodedArray.from_arrays([1, 2, 3], array),
        lambda array: pa.DictionaryArray.from_arrays([0], pa.StructArray.from_arrays([array], ["a"])),
    ],
    ids=["list", "large list", "fixed list", "list view", "map", "struct", "run ends", "dictionary"],
)
def test_levels_are_seen_inside_every_type(wrapped: Any) -> None:
    assert wrapped(SIZES).type == wrapped(OTHERS).type
    assert text(wrapped(SIZES)) != text(wrapped(OTHERS))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), unique=True, max_size=40), st.data())
def test_two_lists_of_levels_never_read_the_same(levels: list[str], data: st.DataObject) -> None:
    others = data.draw(st.permutations(levels))
    one, other = (
        text(pa.DictionaryArray.from_arrays(pa.array([None], pa.int8()), pa.array(each, pa.string())))
        for each in (levels, others)
    )
    assert (one == other) is (levels == others)


def test_many_levels_are_told_by_their_digest() -> None:
    many = text(pa.array([f"level {number}" for number in range(1_000)]).dictionary_encode())
    assert many.startswith("dictionary<values=string, indices=int32, ordered=0>[1,000 levels, sha256 ")
    assert len(many) < 200


def test_the_text_is_read_back_as_the_type() -> None:
    for array in (SIZES, pa.array(["a]", "b>["]).dictionary_encode(), pa.array([1])):
        assert as_schema({"x": text(array)}).field("x").type == array.type


def test_chunks_of_one_dictionary_are_one_type() -> None:
    assert type_text(pa.chunked_array([SIZES, SIZES])) == text(SIZES)
