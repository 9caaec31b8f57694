"""The split as a table: what is stored, hashed, handed to workers and shown."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.exceptions import StoreError
from bancada.samples import FoldPart

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = ["decode_split", "encode_split", "split_digest", "split_table"]

FORM = b"bancada.split"
PARTS = ("train", "test", "valid")
NEVER = -1


def split_digest(ids: str, repeat: int, parts: Sequence[FoldPart]) -> str:
    """Return the digest of one repeat's table.

    Args:
        ids: Table digest of the ids that are not sealed, in order.
        repeat: Number of the repeat.
        parts: Its folds.
    """
    total = hashlib.sha256(f"{ids}/{repeat}/{len(parts)}".encode())
    for part in parts:
        for positions in (part.train, part.test, part.valid):
            array = np.ascontiguousarray([] if positions is None else positions, dtype="<i8")
            total.update(len(array).to_bytes(8, "little"))
            total.update(array.tobytes())
    return total.hexdigest()


def split_table(ids: pa.Array, repeat: int, parts: Sequence[FoldPart]) -> pa.Table:
    """Return one repeat as a table of `id`, `repeat`, `fold`, `part`, a line per row of each part."""
    position, fold, part = _long(parts)
    return pa.table(
        {
            "id": ids.take(pa.array(position)),
            "repeat": pa.array(np.full(len(position), repeat, dtype=np.int32)),
            "fold": pa.array(fold),
            "part": pa.DictionaryArray.from_arrays(pa.array(part), pa.array(PARTS)).cast(pa.string()),
        }
    )


def encode_split(ids: pa.Array, parts: Sequence[FoldPart]) -> bytes:
    """Return one repeat as an Arrow IPC stream.

    Where every fold trains on all that it does not test, a row says in which fold it is tested; else every part is
    spelt out.
    """
    tested = _tested(len(ids), parts)
    if tested is not None:
        table, form = pa.table({"id": ids, "fold": pa.array(tested)}), b"tested"
    else:
        position, fold, part = _long(parts)
        columns = {"id": ids.take(pa.array(position)), "position": position, "fold": fold, "part": part}
        table, form = pa.table(columns), b"parts"
    table = table.replace_schema_metadata({FORM: form, b"folds": str(len(parts)).encode()})
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue()


def decode_split(data: bytes) -> tuple[FoldPart, ...]:
    """Return the folds of an encoded repeat.

    Raises:
        StoreError: The bytes are no encoded split.
    """
    try:
        options = pa.ipc.IpcReadOptions(use_threads=False)
        table = pa.ipc.open_stream(pa.BufferReader(data), options=options).read_all()
        form, count = table.schema.metadata[FORM], int(table.schema.metadata[b"folds"])
    except (pa.ArrowInvalid, KeyError, TypeError, ValueError) as error:
        raise StoreError(
            "A split is kept as an Arrow table that says its form.",
            f"An object that a run names as its split is none: {error}.",
            "Run `bancada store verify`.",
        ) from error
    fold = table.column("fold").to_numpy()
    if form == b"tested":
        return tuple(FoldPart(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(count))
    position, part = table.column("position").to_numpy(), table.column("part").to_numpy()
    return tuple(_part(position[fold == k], part[fold == k]) for k in range(count))


def _part(position: npt.NDArray[np.int64], part: npt.NDArray[np.int8]) -> FoldPart:
    valid = position[part == PARTS.index("valid")]
    return FoldPart(position[part == 0], position[part == 1], valid if len(valid) else None)


def _tested(n_rows: int, parts: Sequence[FoldPart]) -> npt.NDArray[np.int32] | None:
    """Return the fold in which each row is tested, or None where that does not say all."""
    fold = np.full(n_rows, NEVER, dtype=np.int32)
    for number, part in enumerate(parts):
        if part.valid is not None or len(part.train) + len(part.test) != n_rows or (fold[part.test] != NEVER).any():
            return None
        fold[part.test] = number
    return fold


def _long(parts: Sequence[FoldPart]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.int8]]:
    position, fold, kind = [], [], []
    for number, part in enumerate(parts):
        for code, positions in enumerate((part.train, part.test, part.valid)):
            if positions is not None:
                position.append(np.asarray(positions, dtype=np.int64))
                fold.append(np.full(len(positions), number, dtype=np.int32))
                kind.append(np.full(len(positions), code, dtype=np.int8))
    return np.concatenate(position), np.concatenate(fold), np.concatenate(kind)
