"""Tests of the rows of each slice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.definitions import Slice
from bancada.definitions._slicing import slice_masks
from bancada.exceptions import DefinitionError, NotFoundError

COLUMNS = st.one_of(
    st.lists(st.none() | st.sampled_from(["n", "s", "it's", ""])).map(lambda rows: pa.array(rows, pa.string())),
    st.lists(st.none() | st.integers(-5, 5)).map(lambda rows: pa.array(rows, pa.int8())),
    st.lists(st.none() | st.booleans()).map(lambda rows: pa.array(rows, pa.bool_())),
    st.lists(st.none() | st.sampled_from("abc")).map(lambda rows: pa.array(rows, pa.string()).dictionary_encode()),
)


@given(COLUMNS)
def test_the_values_of_a_column_part_its_rows(column: pa.Array) -> None:
    masks = slice_masks(["c"], pa.table({"c": column}))
    held = np.sum([np.zeros(len(column), int), *masks.values()], axis=0)
    assert held.tolist() == [1] * len(column)
    assert all(mask.any() for mask in masks.values())
    values = column.to_pylist()
    for mask in masks.values():
        assert len({values[position] for position in np.flatnonzero(mask)}) == 1


def test_slices_are_named_by_value_in_order() -> None:
    rows = pa.table({"b": [True, None, False], "i": [10, 9, 9], "s": ["x y", "a", "a"]})
    assert list(slice_masks(["b", "i", "s"], rows)) == [
        "b=false",
        "b=true",
        "b is null",
        "i=9",
        "i=10",
        "s=a",
        "s=x y",
    ]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (list(range(21)), "Found 21 in `c`. Write `Slice"),
        ([0.5], "Found `c` of type `double`"),
        ([[1]], "Found `c` of type `list"),
    ],
)
def test_a_column_that_is_no_label_is_refused(values: list[Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        slice_masks(["c"], pa.table({"c": values}))


def test_twenty_values_are_enough() -> None:
    assert len(slice_masks(["c"], pa.table({"c": list(range(20))}))) == 20


def test_an_unknown_column_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotFoundError, match=r"Found no column `regio`\. Did you mean `region`\?"):
        slice_masks(["regio"], pa.table({"region": ["n"]}))


def test_two_slices_of_one_name_are_refused() -> None:
    with pytest.raises(DefinitionError, match="Found `c=1` twice"):
        slice_masks(["c", Slice("c=1", "c == 1")], pa.table({"c": [1]}))
