"""Rows as a model receives them; pandas' own reader is the oracle."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from bancada.datasets._take import Taker
from bancada.exceptions import ConfigurationError, DataError, DefinitionError

if TYPE_CHECKING:
    from pathlib import Path

TABLE = pa.table(
    {
        "whole": pa.array([1, 2, 3, 4]),
        "holes": pa.array([1, None, 3, 4]),
        "real": pa.array([0.5, None, 1.5, float("nan")]),
        "single": pa.array([1, 2, 3, 4], pa.float32()),
        "flag": pa.array([True, False, True, True]),
        "maybe": pa.array([True, None, True, False]),
        "text": pa.array(["a", None, "c", "d"]),
        "kind": pa.array(["x", "y", None, "x"]).dictionary_encode(),
        "day": pa.array([dt.date(2024, 1, day) for day in range(1, 5)]),
        "moment": pa.array([dt.datetime(2024, 1, day, tzinfo=dt.UTC) for day in range(1, 5)]),
        "tags": pa.array([["a"], [], None, ["b", "c"]]),
    }
)
LARGE = 0
POSITIONS = st.lists(st.integers(0, 3), max_size=8).map(lambda values: np.array(values, dtype=np.int64))


@pytest.mark.parametrize("small_bytes", [LARGE, 2**20])
def test_pandas_frames_are_those_of_pandas_own_reader(tmp_path: Path, small_bytes: int) -> None:
    parquet.write_table(TABLE, tmp_path / "table.parquet")
    wanted = pd.read_parquet(tmp_path / "table.parquet")
    pd.testing.assert_frame_equal(Taker(TABLE, small_bytes).take(None, TABLE.column_names, "pandas"), wanted)


@given(POSITIONS)
def test_a_fold_has_the_types_of_the_whole_column_in_tables_of_any_size(positions: Any) -> None:
    names = TABLE.column_names
    small = Taker(TABLE).take(positions, names, "pandas")
    whole = Taker(TABLE).take(None, names, "pandas")
    pd.testing.assert_frame_equal(small, whole.iloc[positions].reset_index(drop=True))
    if len(positions):
        pd.testing.assert_frame_equal(Taker(TABLE, LARGE).take(positions, names, "pandas"), small)


@given(POSITIONS, st.booleans())
def test_numpy_frames_have_two_dimensions_and_agree_in_tables_of_any_size(positions: Any, one: bool) -> None:
    names = ["real"] if one else ["whole", "holes", "real", "single", "flag", "maybe"]
    small = Taker(TABLE).take(positions, names, "numpy")
    assert small.shape == (len(positions), len(names))
    assert small.dtype == np.float64
    np.testing.assert_array_equal(small, Taker(TABLE, LARGE).take(positions, names, "numpy"))
    wanted = TABLE.select(names).to_pandas().astype("float64").to_numpy()
    np.testing.assert_array_equal(small, wanted[positions])


def test_numpy_frames_of_mixed_types_hold_objects_and_none_for_null() -> None:
    values = Taker(TABLE).take(np.array([1, 0]), ["whole", "text", "kind"], "numpy")
    assert values.dtype == object
    assert values.tolist() == [[2, None, "y"], [1, "a", "x"]]


@pytest.mark.parametrize("positions", [None, np.arange(4), np.array([3, 0])])
@pytest.mark.parametrize("small_bytes", [LARGE, 2**20])
@pytest.mark.parametrize("frame", ["pandas", "numpy"])
def test_a_model_that_writes_into_its_frame_changes_nothing(positions: Any, small_bytes: int, frame: str) -> None:
    taker, names = Taker(TABLE, small_bytes), ["whole", "single"]
    before = np.array(taker.take(positions, names, frame))
    taken = taker.take(positions, names, frame)
    if frame == "pandas":
        taken.loc[:, "whole"] = 99
        for column in taken.columns:
            assert taken[column].to_numpy().flags.owndata or not np.shares_memory(
                taken[column].to_numpy(), taker.take(None, names, frame)[column].to_numpy()
            )
    else:
        taken[:] = 99
    np.testing.assert_array_equal(np.array(taker.take(positions, names, frame)), before)
    np.testing.assert_array_equal(TABLE["whole"].to_numpy(), [1, 2, 3, 4])


def test_small_frames_do_not_share_memory_with_what_is_kept() -> None:
    taker = Taker(TABLE)
    kept = taker._whole(TABLE.select(["whole"]), ("whole",), "pandas")["whole"].to_numpy()
    for positions in (None, np.arange(4), np.array([0, 1])):
        assert not np.shares_memory(kept, taker.take(positions, ["whole"], "pandas")["whole"].to_numpy())


def test_the_index_counts_the_taken_rows() -> None:
    taken = Taker(TABLE).take(np.array([3, 1]), ["whole"], "pandas")
    assert taken.index.equals(pd.RangeIndex(2))
    assert isinstance(taken.index, pd.RangeIndex)


def test_no_more_than_a_few_conversions_are_kept() -> None:
    taker = Taker(TABLE)
    for name in TABLE.column_names:
        taker.take(None, [name], "pandas")
    assert len(taker._converted) == 4


def test_what_cannot_be_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    taker = Taker(TABLE)
    with pytest.raises(DefinitionError, match=r"There is no 'panda'\. Did you mean `pandas`\?"):
        taker.take(None, ["whole"], "panda")
    for wrong in (np.array([-1]), np.array([4])):
        with pytest.raises(DataError, match=r"They reach from .* in 4 rows"):
            taker.take(wrong, ["whole"], "pandas")
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ConfigurationError, match=r"Install `bancada\[polars\]`"):
        taker.take(None, ["whole"], "polars")


@pytest.mark.parametrize("positions", [None, np.array([3, 0, 2]), np.array([], dtype=np.int64)])
def test_a_large_table_of_floats_gives_the_frame_that_a_small_one_gives(positions: Any) -> None:
    chunks = [pa.table({"a": [0.5, None], "b": [1.0, 2.0]}), pa.table({"a": [3.0, -0.0], "b": [4.0, float("nan")]})]
    table = pa.concat_tables(chunks)
    large, small = (Taker(table, size).take(positions, ["b", "a"], "pandas") for size in (0, 2**20))
    pd.testing.assert_frame_equal(large, small)
    assert len(large._mgr.blocks) == 1
    large.iloc[:, 0] = 7.0
    assert table.column("b").to_pylist()[:3] == [1.0, 2.0, 4.0]
