"""Types as text, with what a model sees of a column beside its values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from bancada.identity import table_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["type_text"]

_SHOWN_LEVELS = 12
_SHOWN_CHARACTERS = 120


def type_text(column: Any) -> str:
    """Return the type of a column; where dictionaries are in it, with their levels in order.

    Equal values may have unequal levels, and a model that reads the codes of categories tells them apart. Many levels,
    or long ones, are told by the digest of their table.

    Args:
        column: A chunked array, (n_rows,).

    Examples:
        >>> type_text(pa.chunked_array([pa.array(["low", "high", "low"]).dictionary_encode()]))
        'dictionary<values=string, indices=int32, ordered=0>["low", "high"]'
    """
    levels = dict.fromkeys("".join(map(_levels, _dictionaries(chunk))) for chunk in column.chunks)
    return str(column.type) + "".join(levels)


def _dictionaries(array: Any) -> Iterator[Any]:
    """Return the dictionaries of an array and of the arrays in it, depth first."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        yield array.dictionary
        yield from _dictionaries(array.dictionary)
    elif isinstance(kind, pa.BaseExtensionType):
        yield from _dictionaries(array.storage)
    elif pa.types.is_struct(kind):
        for position in range(kind.num_fields):
            yield from _dictionaries(array.field(position))
    elif pa.types.is_map(kind):
        yield from _dictionaries(array.keys)
        yield from _dictionaries(array.items)
    elif pa.types.is_nested(kind):
        yield from _dictionaries(array.values)


def _levels(values: Any) -> str:
    if len(values) <= _SHOWN_LEVELS:
        shown = ", ".join(_shown(value) for value in values.to_pylist())
        if len(shown) <= _SHOWN_CHARACTERS:
            return f"[{shown}]"
    return f"[{len(values):,} levels, sha256 {table_digest(pa.table({'levels': values}))}]"


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
