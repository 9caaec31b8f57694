"""The digest of a table: one digest through every library and format, another for every other content."""

from __future__ import annotations

import datetime as dt
import decimal
import io
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import csv, parquet

from bancada.exceptions import DataError
from bancada.identity import TABLE_VERSION, table_digest

GOLDEN_DIGEST = "70338c452be1b2ca030f416762177dce83a5de5d95a0cd66081db939fabaad87"

SCHEMA = pa.schema(
    [
        ("customer", pa.int64()),
        ("region", pa.string()),
        ("tenure", pa.float64()),
        ("seen", pa.timestamp("us")),
        ("signed", pa.timestamp("ms", "UTC")),
        ("born", pa.date32()),
        ("churned", pa.bool_()),
        ("note", pa.string()),
    ]
)
ROWS = {
    "customer": [1, 2, 3, 2**53 + 1],
    "region": ["north", "south", "north", "östlich"],
    "tenure": [0.1, 0.0, 1e300, -2.5],
    "seen": [1_714_566_600_000_123, -86_400_000_000, None, 1_714_521_600_000_000],
    "signed": [dt.datetime(2024, 5, 1, tzinfo=dt.UTC), None, dt.datetime(2000, 2, 29, 1, tzinfo=dt.UTC), None],
    "born": [dt.date(1970, 1, 1), None, dt.date(1900, 12, 31), dt.date(2024, 2, 29)],
    "churned": [True, False, None, True],
    "note": [None, 'a, "quoted" one', "two\nlines", "x" * 40],
}
CENTS = decimal.Decimal("1.25")
GOLDEN = pa.table(ROWS, schema=SCHEMA)


def through_csv(table: pa.Table) -> pa.Table:
    sink = io.BytesIO()
    csv.write_csv(table, sink)
    options = csv.ConvertOptions(column_types=SCHEMA, strings_can_be_null=True, quoted_strings_can_be_null=False)
    parsing = csv.ParseOptions(newlines_in_values=True)
    return csv.read_csv(io.BytesIO(sink.getvalue()), parse_options=parsing, convert_options=options)


def through_parquet(table: pa.Table) -> pa.Table:
    sink = io.BytesIO()
    parquet.write_table(table, sink, row_group_size=2, use_dictionary=True)
    return parquet.read_table(io.BytesIO(sink.getvalue()), read_dictionary=["region"])


def through_ipc(table: pa.Table) -> pa.Table:
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=1)
    return pa.ipc.open_file(io.BytesIO(sink.getvalue())).read_all()


@pytest.mark.parametrize(
    "road",
    [
        pytest.param(lambda table: table, id="arrow"),
        pytest.param(through_csv, id="csv with schema"),
        pytest.param(through_parquet, id="parquet"),
        pytest.param(through_ipc, id="arrow file"),
        pytest.param(lambda table: pa.table(pl.DataFrame(table)), id="polars"),
        pytest.param(
            lambda table: pa.table(pl.DataFrame(table).with_columns(pl.col("region").cast(pl.Categorical))),
            id="polars categorical",
        ),
        pytest.param(lambda table: pa.table(table.to_pandas()), id="pandas"),
        pytest.param(lambda table: pa.table(table.to_pandas(types_mapper=pd.ArrowDtype)), id="pandas on arrow"),
        pytest.param(lambda table: pa.table(table.to_pandas().astype({"region": "category"})), id="pandas category"),
    ],
)
def test_one_table_has_one_digest_through_every_road(road: Any) -> None:
    assert TABLE_VERSION == 1
    assert table_digest(road(GOLDEN)) == GOLDEN_DIGEST


SCALARS: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
    "int64": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "uint8": (pa.uint8(), st.integers(0, 255)),
    "float64": (pa.float64(), st.floats()),
    "float32": (pa.float32(), st.floats(width=32)),
    "bool": (pa.bool_(), st.booleans()),
    "string": (pa.string(), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)),
    "binary": (pa.binary(), st.binary(max_size=5)),
    "fixed": (pa.binary(3), st.binary(min_size=3, max_size=3)),
    "date": (pa.date32(), st.dates()),
    "time": (pa.time64("us"), st.times()),
    "timestamp": (pa.timestamp("us"), st.datetimes()),
    "duration": (pa.duration("us"), st.timedeltas(dt.timedelta(-(10**5)), dt.timedelta(10**5))),
    "decimal": (pa.decimal128(12, 2), st.decimals(-(10**9), 10**9, places=2)),
}


def nested(type_: Any, values: st.SearchStrategy[Any]) -> list[tuple[Any, st.SearchStrategy[Any]]]:
    """Return a scalar type alone, in lists, in a struct, and in lists of structs."""
    optional = st.none() | values
    struct = pa.struct([("k", type_), ("n", pa.list_(type_))])
    struct_values = st.none() | st.fixed_dictionaries({"k": optional, "n": st.none() | st.lists(optional, max_size=3)})
    return [
        (type_, optional),
        (pa.list_(type_), st.none() | st.lists(optional, max_size=3)),
        (struct, struct_values),
        (pa.list_(struct), st.none() | st.lists(struct_values, max_size=3)),
    ]


KINDS = [kind for scalar in SCALARS.values() for kind in nested(*scalar)]
arrays = st.sampled_from(KINDS).flatmap(
    lambda kind: st.lists(kind[1], max_size=12).map(lambda values: pa.array(values, kind[0]))
)
encodable = st.sampled_from(list(SCALARS.values())).flatmap(
    lambda kind: st.lists(st.none() | kind[1], max_size=12).map(lambda values: pa.array(values, kind[0]))
)


def of(array: Any) -> str:
    return table_digest(pa.table({"x": array}))


@given(arrays, st.data())
def test_chunks_and_slices_leave_no_trace(array: Any, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(array)), max_size=3)))
    chunks = [array[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(array)], strict=True)]
    assert of(pa.chunked_array(chunks, array.type)) == of(array)
    start, stop = (cuts[0], cuts[-1]) if cuts else (0, 0)
    assert of(array[start:stop]) == of(pa.array(array.to_pylist()[start:stop], array.type))


@given(encodable)
def test_dictionaries_and_run_ends_are_decoded(array: Any) -> None:
    assert of(array.dictionary_encode()) == of(array)
    if not pa.types.is_decimal(array.type) or len(array):
        assert of(pc.run_end_encode(array)) == of(array)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.text(max_size=5), st.floats()), unique_by=lambda row: row[0]),
    st.randoms(),
)
def test_rows_in_id_order_have_one_digest(rows: list[tuple[int, str, float]], random: Any) -> None:
    def table(ordered: list[tuple[int, str, float]]) -> Any:
        return pa.table(
            {
                "id": pa.array([row[0] for row in ordered], pa.int64()),
                "s": pa.array([row[1] for row in ordered], pa.string()),
                "x": pa.array([row[2] for row in ordered], pa.float64()),
            }
        )

    shuffled = random.sample(rows, len(rows))
    assert table_digest(table(shuffled).sort_by("id")) == table_digest(table(sorted(rows)))


@given(arrays, arrays)
def test_different_columns_have_different_digests(left: Any, right: Any) -> None:
    assert (of(left) == of(right)) == (left.type == right.type and canonical_repr(left) == canonical_repr(right))


def canonical_repr(array: Any) -> str:
    """Write values so that equal texts mean equal values: one zero, one NaN."""
    return repr(array.to_pylist()).replace("-0.0", "0.0")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (pa.array(["a", None]), pa.array(["a", None], pa.large_string())),
        (pa.array(["a", None]), pa.array(["a", None], pa.string_view())),
        (pa.array([b"a" * 20]), pa.array([b"a" * 20], pa.binary_view())),
        (pa.array([[1], None]), pa.array([[1], None], pa.large_list(pa.int64()))),
        (pa.array([[1], None]), pa.array([[1], None], pa.list_view(pa.int64()))),
        (pa.array([[1], None]), pa.array([[1], None], pa.list_(pa.int64(), 1))),
        (pa.array([0.0]), pa.array([-0.0])),
        (pa.array([dt.date(2024, 1, 2)]), pa.array([dt.date(2024, 1, 2)], pa.date64())),
        (pa.array([1], pa.time32("s")), pa.array([10**9], pa.time64("ns"))),
        (pa.array([1], pa.timestamp("s")), pa.array([10**9], pa.timestamp("ns"))),
        (pa.array([1], pa.timestamp("s", "UTC")), pa.array([10**6], pa.timestamp("us", "Europe/Lisbon"))),
        (pa.array([1], pa.duration("s")), pa.array([1000], pa.duration("ms"))),
        (pa.array([CENTS], pa.decimal128(5, 2)), pa.array([CENTS], pa.decimal32(5, 2))),
        (pa.array([CENTS], pa.decimal128(5, 2)), pa.array([CENTS], pa.decimal256(5, 2))),
        (pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())), pa.array([[{"key": "k", "value": 1}], None])),
        (pa.array([1, 0], pa.bool8()), pa.array([1, 0], pa.int8())),
    ],
)
def test_types_that_mean_the_same_have_one_digest(left: Any, right: Any) -> None:
    assert of(left) == of(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (pa.array([1, 2]), pa.array([2, 1])),
        (pa.array([1], pa.int32()), pa.array([1], pa.int64())),
        (pa.array([1.0]), pa.array([1])),
        (pa.array([None], pa.float64()), pa.array([float("nan")])),
        (pa.array([None], pa.float64()), pa.array([0.0])),
        (pa.array([None], pa.string()), pa.array([""])),
        (pa.array([None], pa.list_(pa.int64())), pa.array([[]], pa.list_(pa.int64()))),
        (pa.array(["ab", "c"]), pa.array(["a", "bc"])),
        (pa.array([[1], [2, 3]]), pa.array([[1, 2], [3]])),
        (pa.array([[1, None]]), pa.array([[1], None])),
        (pa.array([{"a": None}], pa.struct([("a", pa.int8())])), pa.array([None], pa.struct([("a", pa.int8())]))),
        (pa.array([{"a": 1}]), pa.array([{"b": 1}])),
        (pa.array(["a"]), pa.array([b"a"])),
        (pa.array([1], pa.timestamp("s")), pa.array([1], pa.timestamp("s", "UTC"))),
        (pa.array([1], pa.timestamp("s")), pa.array([1], pa.duration("s"))),
        (pa.array([], pa.int64()), pa.array([], pa.float64())),
        (pa.array([None]), pa.array([None, None])),
    ],
)
def test_what_means_something_else_has_another_digest(left: Any, right: Any) -> None:
    assert of(left) != of(right)


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_a_moment_beyond_the_nanoseconds_has_one_digest_in_every_unit(unit: str) -> None:
    end_of_9999 = pa.array([253_402_214_400, 1_704_067_200, None], pa.timestamp("s"))
    assert of(end_of_9999.cast(pa.timestamp(unit))) == of(end_of_9999)


def test_all_nan_are_one_whatever_their_bits() -> None:
    odd = np.array([0x7FF8000000000001, 0xFFF8000000000000, 0x7FF0000000000001], dtype=np.uint64).view(np.float64)
    assert of(pa.array(odd)) == of(pa.array(np.full(3, np.nan)))


def test_what_lies_under_a_null_is_not_seen() -> None:
    mask = np.array([False, True, False])
    child = pa.array(["a", "hidden", "c"])
    struct = pa.StructArray.from_arrays([child, pa.array([1, 2, 3])], ["s", "n"], mask=pa.array(mask))
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 2, 3], pa.int32()), child, mask=pa.array(mask))
    hidden = pa.Array.from_buffers(pa.string(), 3, [pa.py_buffer(b"\x05"), *child.buffers()[1:]])
    for array in (
        struct,
        lists,
        hidden,
        pa.array(np.array([1.5, 2.5, 3.5]), mask=mask),
        pa.array([1, 2, 3], mask=mask),
    ):
        assert array.null_count == 1
        assert of(array) == of(pa.array(array.to_pylist(), array.type))


def test_a_mark_for_every_value_is_no_mark() -> None:
    plain = pa.array([1, 2, 3])
    marked = pa.Array.from_buffers(pa.int64(), 3, [pa.py_buffer(b"\x07"), plain.buffers()[1]])
    assert of(marked) == of(plain)


def test_metadata_and_nullability_count_for_nothing_and_names_do() -> None:
    table = pa.table({"x": [1, 2]})
    strict = pa.table(
        [[1, 2]],
        schema=pa.schema([pa.field("x", pa.int64(), nullable=False, metadata={"a": "b"})], metadata={"c": "d"}),
    )
    assert table_digest(strict) == table_digest(table)
    assert table_digest(table.rename_columns(["y"])) != table_digest(table)


def test_the_order_of_columns_and_the_count_of_rows_count() -> None:
    table = pa.table({"x": [1], "y": [1]})
    assert table_digest(table.select(["y", "x"])) != table_digest(table)
    assert table_digest(table.select([])) != table_digest(pa.table({}))


def test_long_columns_are_hashed_as_short_ones() -> None:
    values = np.arange(400_000, dtype=np.float64)
    mask = values % 7 == 0
    long = pa.array(values, mask=mask)
    assert of(long) == of(pa.chunked_array([long[:131_073], long[131_073:]]))
    assert of(long) != of(pa.array(np.where(values == 399_999, 0, values), mask=mask))


def test_a_type_without_canonical_form_is_named() -> None:
    union = pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])])
    with pytest.raises(DataError, match=r"Found the type `sparse_union.*` in the column `x\[\]`"):
        of(pa.ListArray.from_arrays(pa.array([0, 2], pa.int32()), union))


@pytest.mark.parametrize(
    "values",
    [
        pa.array(["a", None, "b"]).dictionary_encode(),
        pa.array(["a", None, "b"], pa.string_view()),
        pa.array([[1], None, []]),
        pa.array([{"k": 1}, None, {"k": None}]),
        pa.array([1, None, 2]),
    ],
    ids=["dictionary", "view", "list", "struct", "int"],
)
def test_runs_of_any_type_are_decoded(values: Any) -> None:
    runs = pa.RunEndEncodedArray.from_arrays([2, 3, 6], values)
    positions = [0, 0, 1, 2, 2, 2]
    plain = values.cast(pa.string()) if pa.types.is_string_view(values.type) else values
    assert of(runs) == of(plain.take(pa.array(positions)))
    assert of(runs[1:4]) == of(plain.take(pa.array(positions[1:4])))
    assert of(runs[6:]) == of(plain[:0])


def test_a_value_that_its_type_cannot_mean_is_refused_in_words() -> None:
    with pytest.raises(
        DataError, match=r"Found the type `date64\[ms\]` in the column `x`: .*lose data: 86400001\. Cast"
    ):
        of(pa.array([86_400_001], pa.date64()))
