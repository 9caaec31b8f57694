"""Reading of the target column."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.tasks._target import class_codes, distinct, plain, shown, target_column


@given(values=st.lists(st.integers(0, 5), min_size=1), cut=st.integers(0, 20))
def test_codes_are_positions_in_the_class_list(values: list[int], cut: int) -> None:
    column = pa.chunked_array([values[:cut], values[cut:]], pa.int64())
    classes = [5, 4, 3, 2, 1, 0]
    assert [classes[code] for code in class_codes(column, classes, "y")] == values


@given(values=st.lists(st.integers(), min_size=1, max_size=9).filter(lambda drawn: max(map(abs, drawn)) < 2**62))
def test_distinct_values_ascend(values: list[int]) -> None:
    assert distinct(pa.chunked_array([values], pa.int64()), "y") == sorted(set(values))


def test_dictionaries_are_decoded() -> None:
    column = target_column(pa.table({"y": pa.array(["b", "a"]).dictionary_encode()}))
    assert (column.type, column.to_pylist()) == (pa.string(), ["b", "a"])


def test_a_long_list_is_cut() -> None:
    assert shown(range(6)) == "0, 1, 2, 3, 4, 5"
    assert shown(range(1_007)) == "0, 1, 2, 3, 4, 5 and 1,001 more"


def test_scalars_of_numpy_are_shown_as_python_writes_them() -> None:
    assert shown([np.float64(0.5), np.str_("a")]) == "0.5, 'a'"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(np.int64(3), 3), (np.bool_(True), True), ("a", "a"), (None, None), (dt.date(2024, 1, 2), "2024-01-02")],
)
def test_a_class_is_plain_json(value: object, expected: object) -> None:
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)
