"""Schemas as people write them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from bancada.datasets._schemas import as_schema
from bancada.exceptions import DefinitionError

TYPES = [
    pa.int8(), pa.uint64(), pa.float32(), pa.float64(), pa.bool_(), pa.string(), pa.large_string(), pa.binary(),
    pa.date32(), pa.date64(), pa.time32("s"), pa.time64("us"), pa.timestamp("s"), pa.timestamp("ns"),
    pa.timestamp("us", "UTC"), pa.timestamp("ns", "Europe/Lisbon"), pa.duration("ms"), pa.decimal128(9, 2),
    pa.dictionary(pa.int32(), pa.string()), pa.dictionary(pa.int8(), pa.string(), ordered=True), pa.null(),
]  # fmt: skip


@pytest.mark.parametrize("kind", TYPES, ids=str)
def test_the_text_of_a_type_is_read_as_that_type(kind: pa.DataType) -> None:
    assert as_schema({"x": str(kind)}).field("x").type == kind
    assert as_schema({"x": kind}).field("x").type == kind


def test_an_arrow_schema_loses_its_metadata() -> None:
    schema = pa.schema([pa.field("x", pa.int64(), nullable=False, metadata={"a": "b"})], metadata={"c": "d"})
    assert as_schema(schema).equals(pa.schema({"x": pa.int64()}), check_metadata=True)


@pytest.mark.parametrize(
    ("value", "match"),
    [
        ({"x": "int46"}, r"There is no type 'int46'\. Did you mean `int64`\?"),
        ({}, r"`schema` must be an Arrow schema, or map each column to its type\. It is \{\}"),
        ("int64", r"It is 'int64'"),
    ],
)
def test_what_is_no_schema_is_refused(value: Any, match: str) -> None:
    with pytest.raises(DefinitionError, match=match):
        as_schema(value)
