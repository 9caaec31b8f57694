"""Digests of rows: equal where the values mean the same, different in the rows that differ."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import csv, parquet

from bancada.exceptions import DataError
from bancada.identity.rows import row_digests

if TYPE_CHECKING:
    from pathlib import Path

N = 40


def golden() -> pa.Table:
    moments = [dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(hours=k) for k in range(N)]
    return pa.table(
        {
            "k": pa.array(range(N)),
            "whole": pa.array([None if k % 7 == 0 else k * 3 for k in range(N)]),
            "real": pa.array([None if k % 5 == 0 else k / 7 for k in range(N)]),
            "text": pa.array([None if k % 6 == 0 else "é" * k + "x" for k in range(N)]),
            "level": pa.array(["low", "high"] * (N // 2)).dictionary_encode(),
            "flag": pa.array([k % 3 == 0 for k in range(N)]),
            "at": pa.array(moments, pa.timestamp("us", "UTC")),
        }
    )


def digests(table: Any, names: list[str] | None = None) -> list[int]:
    held = table if names is None else table.select(names)
    values: list[int] = row_digests(held, table["k"].combine_chunks())["digest"].to_pylist()
    return values


def columns(table: Any) -> dict[str, tuple[str, str]]:
    meta = row_digests(table, table["k"].combine_chunks()).schema.metadata[b"bancada.rows"]
    return {name: (kind, digest) for name, kind, digest in json.loads(meta)["columns"]}


def test_one_table_has_one_digest_a_row_through_every_door(tmp_path: Path) -> None:
    table = golden()
    parquet.write_table(table, tmp_path / "t.parquet")
    csv.write_csv(table.set_column(4, "level", table["level"].cast(pa.string())), tmp_path / "t.csv")
    types = csv.ConvertOptions(column_types=table.schema, strings_can_be_null=True)
    forms = {
        "parquet": parquet.read_table(tmp_path / "t.parquet"),
        "csv": csv.read_csv(tmp_path / "t.csv", convert_options=types),
        "pandas": pa.Table.from_pandas(table.to_pandas(types_mapper=pd.ArrowDtype)),
        "polars": pl.from_arrow(table).to_arrow(),
        "chunks": pa.concat_tables([table.slice(0, 11), table.slice(11)]),
        "slice": pa.concat_tables([table, table]).slice(N).combine_chunks(),
    }
    for form in forms.values():
        assert digests(form) == digests(table)
        assert {name: digest for name, (_, digest) in columns(form).items()} == {
            name: digest for name, (_, digest) in columns(table).items()
        }


def test_the_digests_of_this_version_stay() -> None:
    # Stored ones are compared with those that a later version computes.
    table = pa.table({"k": [1, 2], "x": [0.5, None], "t": ["a", "long enough for two words"], "l": [[1, None], None]})
    assert digests(table) == GOLDEN
    assert columns(table) == GOLDEN_COLUMNS


VALUES = st.one_of(
    st.lists(st.integers(-(2**63), 2**63 - 1) | st.none(), min_size=6, max_size=6),
    st.lists(st.floats(width=64) | st.none(), min_size=6, max_size=6),
    st.lists(st.text(st.characters(codec="utf-8"), max_size=30) | st.none(), min_size=6, max_size=6),
    st.lists(st.binary(max_size=40) | st.none(), min_size=6, max_size=6),
    st.lists(st.booleans() | st.none(), min_size=6, max_size=6),
    st.lists(st.dates() | st.none(), min_size=6, max_size=6),
    st.lists(st.lists(st.integers(0, 3) | st.none(), max_size=3) | st.none(), min_size=6, max_size=6),
    st.lists(
        st.fixed_dictionaries({"a": st.integers(0, 2), "b": st.none() | st.text(max_size=2)}), min_size=6, max_size=6
    ),
    st.lists(st.decimals(-99, 99, places=2), min_size=6, max_size=6),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(VALUES, VALUES, st.permutations(range(6)))
def test_rows_have_their_digests_in_whatever_order_and_columns_do(
    one: list[Any], two: list[Any], order: list[int]
) -> None:
    table = pa.table({"k": range(6), "one": one, "two": two})
    moved = table.take(pa.array(order))
    assert digests(moved) == [digests(table)[place] for place in order]
    assert columns(moved) == columns(table)
    assert digests(table, ["two", "k", "one"]) == digests(table)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(VALUES, st.integers(0, 5), st.data())
def test_a_row_that_differs_has_another_digest_and_no_other_has(
    values: list[Any], row: int, data: st.DataObject
) -> None:
    other = data.draw(st.sampled_from(values))
    changed = [*values[:row], other, *values[row + 1 :]]
    kind = pa.array(values).type
    one = pa.table({"k": range(6), "x": pa.array(values, kind)})
    two = pa.table({"k": range(6), "x": pa.array(changed, kind)})
    same = pa.array([values[row]], kind).equals(pa.array([other], kind)) or (
        isinstance(other, float)
        and values[row] is not None
        and (other == values[row] or (other != other and values[row] != values[row]))  # noqa: PLR0124 - NaN
    )
    expected = [] if same else [row]
    assert [at for at in range(6) if digests(one)[at] != digests(two)[at]] == expected
    assert [name for name in ("k", "x") if columns(one)[name] != columns(two)[name]] == (["x"] if expected else [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (pa.array([1, 2, None]), pa.array([1.0, 2.0, None])),
        (pa.array([1, 2, None], pa.int8()), pa.array([1, 2, None], pa.uint64())),
        (pa.array([0.5, -0.0, float("nan")], pa.float32()), pa.array([0.5, 0.0, float("nan")])),
        (pa.array(["a", None, ""]), pa.array(["a", None, ""], pa.large_string())),
        (pa.array(["a", None, ""]), pa.array(["a", None, ""]).dictionary_encode()),
        (pa.array(["a", None, ""]), pa.array(["a", None, ""], pa.string_view())),
        (
            pa.array([dt.datetime(2024, 1, 1), None, dt.datetime(1950, 1, 1, 0, 0, 1)], pa.timestamp("s")),  # noqa: DTZ001 - no zone is meant
            pa.array([dt.datetime(2024, 1, 1), None, dt.datetime(1950, 1, 1, 0, 0, 1)], pa.timestamp("ns")),  # noqa: DTZ001 - as above
        ),
        (pa.array([[1, 2], None, []]), pa.array([[1, 2], None, []], pa.large_list(pa.int64()))),
        (pa.array([[1, 2], [3, 4], None]), pa.array([[1, 2], [3, 4], None], pa.list_(pa.int64(), 2))),
        (
            pa.array([Decimal("1.50"), None, Decimal(0)]),
            pa.array([Decimal("1.50"), None, Decimal(0)], pa.decimal128(3, 2)),
        ),
        (pa.array([None, None, None]), pa.array([None, None, None], pa.int64())),
    ],
)
def test_values_that_mean_the_same_have_the_same_digest(one: Any, other: Any) -> None:
    ids = pa.array([1, 2, 3])
    first, second = (row_digests(pa.table({"x": values}), ids)["digest"] for values in (one, other))
    assert first.equals(second)


def test_what_lies_under_a_null_is_not_seen() -> None:
    ids, gaps = pa.array([1, 2]), pa.py_buffer(b"\x01")
    for kind, one, other in ((pa.int64(), [1, 7], [1, 8]), (pa.float64(), [1.0, 7.0], [1.0, 8.0])):
        first, second = (
            pa.Array.from_buffers(kind, 2, [gaps, pa.py_buffer(np.array(values))]) for values in (one, other)
        )
        assert row_digests(pa.table({"x": first}), ids).equals(row_digests(pa.table({"x": second}), ids))


def test_what_is_missing_is_neither_nan_nor_nothing() -> None:
    ids = pa.array(range(4))
    table = pa.table({"x": pa.array([None, float("nan"), 0.0, 1.0])})
    assert len(set(row_digests(table, ids)["digest"].to_pylist())) == 4
    texts = pa.table({"x": pa.array([None, "", "None", "\0"])})
    assert len(set(row_digests(texts, ids)["digest"].to_pylist())) == 4


def test_texts_differ_in_every_byte_and_length() -> None:
    texts = sorted({"a" * length + tail for length in range(300) for tail in ("", "b", "\0", "\0\0")})
    found = row_digests(pa.table({"x": texts}), pa.array(range(len(texts))))["digest"].to_pylist()
    assert len(set(found)) == len(texts)


def test_an_empty_text_has_the_same_digest_whatever_stands_beside_it() -> None:
    ids = pa.array([1, 2])
    alone, beside = (row_digests(pa.table({"x": [other, ""]}), ids)["digest"][1] for other in (None, "long" * 200))
    assert alone == beside
    assert alone == row_digests(pa.table({"x": ["y", ""]}), ids)["digest"][1]


def test_many_rows_have_many_digests() -> None:
    values = np.random.default_rng(1).normal(size=100_000)
    table = pa.table({"x": values, "y": np.arange(100_000) % 3, "text": [f"{k % 1000}" for k in range(100_000)]})
    assert len(set(row_digests(table, pa.array(range(100_000)))["digest"].to_pylist())) == 100_000


def test_swapped_columns_and_swapped_rows_are_changes() -> None:
    one = digests(pa.table({"k": [1, 2], "x": [1, 2], "y": [2, 1]}))
    two = digests(pa.table({"k": [1, 2], "x": [2, 1], "y": [1, 2]}))
    assert one[0] != two[0]
    assert one[1] != two[1]
    assert columns(pa.table({"k": [1, 2], "x": [5, 6]}))["x"] != columns(pa.table({"k": [1, 2], "x": [6, 5]}))["x"]


def test_a_type_without_form_is_refused() -> None:
    union = pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])])
    with pytest.raises(DataError, match="Found the type `sparse_union"):
        row_digests(pa.table({"x": union}), pa.array([1, 2]))


GOLDEN = [9866795596059616239, 6417309876496133866]
GOLDEN_COLUMNS = {
    "k": ("int64", "df0585077195a249"),
    "x": ("double", "73aee418662b3163"),
    "t": ("string", "c7a6110150ddb33d"),
    "l": ("list<int64>", "e591c42e9443343e"),
}
