"""Frames of every known kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy import sparse

from bancada.datasets import ROW, Dataset
from bancada.datasets._frames import to_table
from bancada.exceptions import DataError

if TYPE_CHECKING:
    from pathlib import Path


class Capsule:
    """A frame of an unknown library."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.table.__arrow_c_stream__(requested_schema)


def test_a_frame_of_any_library_is_read_through_the_capsule_interface() -> None:
    table = pa.table({"x": [1, None], "y": ["a", "b"]})
    for frame in (Capsule(table), pl.from_arrow(table), table, table.to_batches()[0]):
        assert to_table(frame).to_pydict() == table.to_pydict()


def test_a_mapping_may_hold_arrays_of_any_library() -> None:
    frame = {
        "numpy": np.array([1.0, np.nan]),
        "pandas": pd.Series(["a", None]),
        "polars": pl.Series([1, 2]),
        "arrow": pa.array([True, None]),
        "list": [1, None],
    }
    assert to_table(frame).to_pydict() == {
        "numpy": [1.0, None],
        "pandas": ["a", None],
        "polars": [1, 2],
        "arrow": [True, None],
        "list": [1, None],
    }


def test_a_pandas_index_is_ignored_unless_it_is_the_id(tmp_path: Path) -> None:
    index = pd.MultiIndex.from_tuples([(7, "a"), (5, "b")], names=["customer", "shop"])
    frame = pd.DataFrame({"x": [1, 2]}, index=index)
    assert Dataset.from_frame(frame, name="d", id=ROW).at(tmp_path, tmp_path).schema().names == ["x"]
    data = Dataset.from_frame(frame, name="d", id="customer").at(tmp_path, tmp_path)
    assert data.schema().names == ["customer", "x"]
    assert data.rows(["x"])["x"].to_pylist() == [2, 1]


def test_nullable_and_categorical_types_of_pandas_are_kept() -> None:
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": pd.Categorical(["x", None])})
    table = to_table(frame)
    assert table.schema.field("a").type == pa.int64()
    assert pa.types.is_dictionary(table.schema.field("b").type)
    assert table.to_pydict() == {"a": [1, None], "b": ["x", None]}


@pytest.mark.parametrize(
    ("frame", "match"),
    [
        (pd.DataFrame({"x": [1, "a"]}, dtype=object), r"must have values of one type\. Arrow says: .*column x"),
        ({"x": [1, "a"]}, r"must have values of one type"),
        ({"x": [1], "y": [1, 2]}, r"must have values of one type\. Arrow says: .*[Ll]ength"),
        ([1, 2], r"It is of type `builtins\.list`"),
        (sparse.eye_array(3), r"It is a sparse dia_array of shape \(3, 3\)\. Say `X\.toarray\(\)`"),
        (pd.DataFrame({"x": pd.arrays.SparseArray([0, 1])}), r"Arrow says: .*[Ss]parse"),
    ],
)
def test_what_is_no_frame_is_refused(frame: Any, match: str) -> None:
    with pytest.raises(DataError, match=match):
        to_table(frame)
