"""A small digest of each row, by which two versions of a table are told apart row by row.

It is made for differences, not for proofs: 64 bits, and no cryptography. Of a million rows that differ, one is missed
with a probability of 10⁻¹³.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from pyarrow import types

from bancada.identity.rows._values import BLOCK, mix, salt_of, value_hashes

__all__ = ["row_digests"]

_META = b"bancada.rows"
_SCHEMA = "store.rows/1"


def row_digests(table: Any, ids: Any) -> Any:
    """Return the digest of each row, and one of each column, over values that are canonical as for `table_digest`.

    A number counts by its value, so that a column of integers that became floats has the same rows. The digest of a row
    is a sum over its columns, whatever their order; that of a column a sum over its rows with their ids: what two
    versions share is compared by leaving the rest out of the sums.

    Args:
        table: A `pyarrow.Table`, (n_rows, n_columns).
        ids: What tells its rows apart, an Arrow array, (n_rows,).

    Returns:
        A `pyarrow.Table` of `id` and `digest`, uint64, (n_rows,). Its metadata `bancada.rows` are JSON, `store.rows/1`:
        name, canonical type and digest of each column.

    Raises:
        DataError: A column has a type that has no canonical form.

    Examples:
        >>> import pyarrow as pa
        >>> import pyarrow.compute as pc
        >>> one = row_digests(pa.table({"k": [1, 2], "x": [5, 6]}), pa.array([1, 2]))
        >>> two = row_digests(pa.table({"x": [5.0, 7.0], "k": [1, 2]}), pa.array([1, 2]))
        >>> pc.equal(one["digest"], two["digest"]).to_pylist()
        [True, False]
    """
    keys = value_hashes([ids], "id") | np.uint64(1)
    digests = np.zeros(table.num_rows, dtype=np.uint64)
    columns = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        hashes = value_hashes(column.chunks, str(name))
        salt, total = salt_of(str(name)), 0
        for start in range(0, len(hashes), BLOCK):
            block = slice(start, start + BLOCK)
            part = hashes[block]
            part += salt
            mix(part)
            digests[block] += part
            part *= keys[block]
            total += int(part.sum(dtype=np.uint64))
        columns.append([str(name), _canonical_type(column.type), f"{total % 2**64:016x}"])
    meta = {_META: msgspec.json.encode({"schema": _SCHEMA, "columns": columns})}
    return pa.table({"id": ids, "digest": pa.array(digests)}).replace_schema_metadata(meta)


def _canonical_type(type_: Any) -> str:
    """Return the text of the type that stands for all of its equals, whatever unit or width it was kept in."""
    if isinstance(type_, pa.BaseExtensionType):
        return _canonical_type(type_.storage_type)
    if types.is_dictionary(type_) or types.is_run_end_encoded(type_):
        return _canonical_type(type_.value_type)
    if types.is_struct(type_):
        return f"struct<{', '.join(f'{field.name}: {_canonical_type(field.type)}' for field in type_)}>"
    if types.is_nested(type_) and hasattr(type_, "value_type"):
        return f"list<{_canonical_type(type_.value_type)}>"
    for test, text in _TEXTS:
        if test(type_):
            return text
    return str(type_).removeprefix("large_").removesuffix("_view")


_TEXTS = (
    (lambda kind: types.is_timestamp(kind) and kind.tz is not None, "timestamp[UTC]"),
    (types.is_timestamp, "timestamp"),
    (types.is_duration, "duration"),
    (types.is_time, "time"),
    (types.is_date, "date"),
)
