"""Schemas as people write them, and tables brought to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from bancada.exceptions import DataError, DefinitionError, nearest

__all__ = ["as_schema", "check_names", "conform", "plain"]

_ZONED = re.compile(r"timestamp\[(s|ms|us|ns), tz=([^\]]+)\]")
_DECIMAL = re.compile(r"decimal(?:128)?\((\d+), ?(-?\d+)\)")
# The levels that `type_text` adds are values and no part of the type.
_DICTIONARY = re.compile(r"dictionary<values=(\w+), indices=(\w+), ordered=([01])>(?:\[.*\])?", re.DOTALL)
_ALIASES = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "double",
    "string", "binary", "date32", "timestamp[s]", "timestamp[ms]", "timestamp[us]", "timestamp[ns]", "category",
)  # fmt: skip


def as_schema(value: Any) -> Any:
    """Return an Arrow schema of one, or of column names with types.

    Args:
        value: An Arrow schema, or a mapping of names to Arrow types or to their text, such as `int64`, `string`,
            `timestamp[us, tz=UTC]` or `category`.

    Raises:
        DefinitionError: If it is neither, or a type is not known.
    """
    if isinstance(value, pa.Schema):
        return plain(value)
    if not isinstance(value, Mapping) or not value:
        raise DefinitionError(
            "`schema` must be an Arrow schema, or map each column to its type.",
            f"It is {value!r}.",
            "Say `schema={'customer': 'int64', 'region': 'string'}`.",
        )
    return pa.schema([pa.field(str(name), _type(kind)) for name, kind in value.items()])


def plain(schema: Any) -> Any:
    """Return a schema of names and types alone: no metadata, all fields nullable."""
    return pa.schema([pa.field(field.name, field.type) for field in schema])


def check_names(schema: Any, expected: Any, what: str) -> None:
    """Raise `DataError` unless both schemas have the same columns; their order may differ.

    Args:
        schema: Schema of the data.
        expected: Schema that is enforced.
        what: Name of the data, for the message.
    """
    missing = [name for name in expected.names if name not in schema.names]
    extra = [name for name in schema.names if name not in expected.names]
    if missing or extra:
        found = [f"misses {_listed(missing)}"] * bool(missing) + [f"also has {_listed(extra)}"] * bool(extra)
        raise DataError(
            f"`{what}` must have the columns of its schema.",
            f"It {' and '.join(found)}.",
            "Correct the file, or the schema if the change is meant.",
        )


def conform(table: Any, expected: Any, what: str) -> Any:
    """Return a table with its columns cast to a schema, in the table's order.

    Raises:
        DataError: If a column is missing, too many or has a value that its type cannot hold.
    """
    check_names(table.schema, expected, what)
    for position, name in enumerate(table.column_names):
        wanted = expected.field(name).type
        try:
            table = table.set_column(position, pa.field(name, wanted), table.column(position).cast(wanted))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise DataError(
                f"The columns of `{what}` must have the types of its schema.",
                f"Column `{name}` is declared {wanted}, is {table.schema.field(position).type}: {_sentence(error)}",
                "Correct the file, or the schema if the change is meant.",
            ) from error
    return table


def _type(kind: Any) -> Any:
    """Return the Arrow type that a text names."""
    if isinstance(kind, pa.DataType):
        return kind
    text = str(kind)
    if text == "category":
        return pa.dictionary(pa.int32(), pa.string())
    if match := _ZONED.fullmatch(text):
        return pa.timestamp(match[1], tz=match[2])
    if match := _DECIMAL.fullmatch(text):
        return pa.decimal128(int(match[1]), int(match[2]))
    if match := _DICTIONARY.fullmatch(text):
        return pa.dictionary(pa.type_for_alias(match[2]), pa.type_for_alias(match[1]), ordered=match[3] == "1")
    try:
        return pa.type_for_alias(text)
    except ValueError:
        raise DefinitionError(
            "The types of a schema must be types of Arrow.", f"There is no type {text!r}.", nearest(text, _ALIASES)
        ) from None


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _sentence(error: Exception) -> str:
    text = str(error).splitlines()[0].rstrip(".")
    return f"{text}."
