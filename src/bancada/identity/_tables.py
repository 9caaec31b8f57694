"""The digest of a table's values, whatever library or file they came through."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.exceptions import DataError
from bancada.identity._canonical import canonical_json
from bancada.identity._columns import decoded, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

__all__ = ["TABLE_VERSION", "table_digest"]

TABLE_VERSION = 1

_BLOCK_BYTES = 1 << 20
_UNSIGNED = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}
_FLOATS: dict[str, tuple[type[np.floating[Any]], type[np.unsignedinteger[Any]], int]] = {
    "halffloat": (np.float16, np.uint16, 0x7E00),
    "float": (np.float32, np.uint32, 0x7FC00000),
    "double": (np.float64, np.uint64, 0x7FF8000000000000),
}


def table_digest(table: Any) -> str:
    """Return the SHA-256 of a table's columns, 64 hexadecimal digits.

    Hashed are the names and types of the columns, in order, and their values, rows as given: the caller brings them
    into id order. What differs between libraries and formats but means the same is made equal first:

    * chunks are merged, slices and copies are equal, dictionaries and run-ends are decoded, extension types stand for
      their storage;
    * `large_` and `_view` types, and lists of fixed size, become the plain type, a map the list of its pairs; dates
      count days, times nanoseconds; decimals take 128 bits where they fit;
    * timestamps count from the epoch in UTC, in nanoseconds, or in the finest unit that holds all of them; one with any
      zone differs from one without, which is no moment;
    * -0.0 is 0.0, all NaN are one, NaN is not null; what lies under a null is not seen.

    Schema metadata, nullability, the order of categories and names inside lists count for nothing.

    Args:
        table: A `pyarrow.Table`, (n_rows, n_columns).

    Raises:
        DataError: A column has a type that has no canonical form, such as a union, or a value that its type cannot
            mean, such as a `date64` within a day.

    Examples:
        >>> import pyarrow as pa
        >>> plain = pa.table({"x": ["a", None, "a"]})
        >>> table_digest(plain) == table_digest(pa.table({"x": plain["x"].dictionary_encode()}))
        True
    """
    columns = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        hasher = hashlib.sha256()
        kind = _column(column.chunks, column.type, hasher.update, str(name))
        columns.append([str(name), kind, hasher.hexdigest()])
    head = {"table": TABLE_VERSION, "rows": int(table.num_rows), "columns": columns}
    return hashlib.sha256(canonical_json(head)).hexdigest()


def _column(chunks: Sequence[Any], type_: Any, put: Callable[[Any], None], name: str) -> Any:
    """Hash the arrays of one column, or of one level of a nested column, and return its canonical type."""
    chunks, type_ = _canonical(chunks, type_, name)
    kind = kind_of(type_)
    valid = _validity(chunks, put)
    if kind is None:
        raise DataError(
            "Every column that is hashed has a type with a canonical form.",
            f"Found the type `{type_}` in the column `{name}`.",
            "Cast the column to a plain, list or struct type, or leave it out.",
        )
    if kind == "null":
        return kind
    if kind in {"struct", "list"}:
        return _nested(kind, chunks, type_, put, name)
    if kind in {"string", "binary"}:
        _variable(chunks, put)
    elif kind == "bool":
        for chunk in chunks:
            put(_bytes(pc.cast(pc.fill_null(chunk, fill_value=False), pa.uint8()), 1))
    elif kind in _FLOATS:
        _floats(chunks, valid, kind, put)
    else:
        _fixed(chunks, valid, type_.bit_width // 8, put)
    return kind


def _canonical(chunks: Sequence[Any], type_: Any, name: str) -> tuple[list[Any], Any]:
    """Bring arrays to their canonical type, with a failure told in three sentences."""
    try:
        return decoded([chunk for chunk in chunks if len(chunk)], type_)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise DataError(
            "Every column that is hashed has values that its type can mean, and a type with a canonical form.",
            f"Found the type `{type_}` in the column `{name}`: {str(error).splitlines()[0].rstrip('.')}.",
            "Cast the column to a plain, list or struct type, or leave it out.",
        ) from error


def _validity(chunks: Sequence[Any], put: Callable[[Any], None]) -> list[npt.NDArray[np.bool_]] | None:
    """Hash which values are there, a byte each so that chunks leave no trace; None, and one byte, where all are."""
    if not any(chunk.null_count for chunk in chunks):
        put(b"\0")
        return None
    put(b"\1")
    masks = [np.asarray(pc.is_valid(chunk).to_numpy(zero_copy_only=False), dtype=np.bool_) for chunk in chunks]
    for mask in masks:
        put(np.ascontiguousarray(mask).view(np.uint8))
    return masks


def _nested(kind: str, chunks: Sequence[Any], type_: Any, put: Callable[[Any], None], name: str) -> list[Any]:
    """Hash the parts of a struct or list; `flatten` hides what lies under a null and outside the slice."""
    if kind == "struct":
        flat = [chunk.flatten() for chunk in chunks]
        return [
            kind,
            *(
                [field.name, _column([parts[position] for parts in flat], field.type, put, f"{name}.{field.name}")]
                for position, field in enumerate(type_)
            ),
        ]
    for chunk in chunks:
        lengths = pc.fill_null(pc.cast(pc.list_value_length(chunk), pa.int64()), 0)
        put(_bytes(lengths, 8))
    return [kind, _column([chunk.flatten() for chunk in chunks], type_.value_type, put, f"{name}[]")]


def _variable(chunks: Sequence[Any], put: Callable[[Any], None]) -> None:
    """Hash the lengths of texts or bytes, then all of them end to end."""
    chunks = [_without_hidden_text(chunk) for chunk in chunks]
    for chunk in chunks:
        put(np.diff(_offsets(chunk)).astype(np.int64, copy=False))
    for chunk in chunks:
        offsets = _offsets(chunk)
        data = chunk.buffers()[2]
        if data is not None:
            put(memoryview(data)[int(offsets[0]) : int(offsets[-1])])


def _without_hidden_text(chunk: Any) -> Any:
    """Empty the texts that lie under nulls, which not every library carries along."""
    if not chunk.null_count:
        return chunk
    bare = pa.Array.from_buffers(chunk.type, len(chunk), [None, *chunk.buffers()[1:]], 0, chunk.offset)
    hidden = pc.max(pc.filter(pc.binary_length(bare), pc.is_null(chunk))).as_py()
    return pc.fill_null(chunk, "" if kind_of(chunk.type) == "string" else b"") if hidden else chunk


def _offsets(chunk: Any) -> npt.NDArray[np.int32 | np.int64]:
    width = np.int64 if pa.types.is_large_string(chunk.type) or pa.types.is_large_binary(chunk.type) else np.int32
    start = chunk.offset * np.dtype(width).itemsize
    return np.frombuffer(chunk.buffers()[1], dtype=width, count=len(chunk) + 1, offset=start)


def _fixed(
    chunks: Sequence[Any], valid: list[npt.NDArray[np.bool_]] | None, width: int, put: Callable[[Any], None]
) -> None:
    """Hash values of one width as they lie in memory, zero where null."""
    for position, chunk in enumerate(chunks):
        data = _bytes(chunk, width)
        if valid is None:
            put(data)
            continue
        rows = np.frombuffer(data, dtype=_UNSIGNED.get(width, np.dtype((np.void, width))))
        for start, stop in _blocks(len(rows), width):
            block = rows[start:stop].copy()
            block[~valid[position][start:stop]] = np.zeros((), dtype=rows.dtype)
            put(block.view(np.uint8))


def _floats(
    chunks: Sequence[Any], valid: list[npt.NDArray[np.bool_]] | None, kind: str, put: Callable[[Any], None]
) -> None:
    """Hash floats with one zero and one NaN, in blocks that stay in the processor's cache."""
    float_type, bits_type, nan_bits = _FLOATS[kind]
    width = np.dtype(float_type).itemsize
    with np.errstate(invalid="ignore"):
        for position, chunk in enumerate(chunks):
            values = np.frombuffer(_bytes(chunk, width), dtype=float_type)
            for start, stop in _blocks(len(values), width):
                block = values[start:stop] + float_type(0)  # -0.0 + 0.0 is 0.0
                missing = np.isnan(block)
                if missing.any():
                    block.view(bits_type)[missing] = nan_bits
                if valid is not None:
                    block[~valid[position][start:stop]] = 0
                put(block.view(np.uint8))


def _blocks(count: int, width: int) -> list[tuple[int, int]]:
    step = max(1, _BLOCK_BYTES // width)
    return [(start, min(start + step, count)) for start in range(0, count, step)]


def _bytes(array: Any, width: int) -> memoryview:
    """Return the bytes of an array of values of one width, its slice only."""
    buffer = array.buffers()[1]
    if buffer is None:
        return memoryview(b"\0" * (len(array) * width))
    return memoryview(buffer)[array.offset * width : (array.offset + len(array)) * width]
