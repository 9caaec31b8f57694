"""Decoded tables on disk: one Arrow IPC file each, mapped into memory by every process that reads it."""

from __future__ import annotations

import json
import os
import secrets
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from bancada.datasets._schemas import plain
from bancada.exceptions import DataError
from bancada.identity import table_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["LAYOUT", "MappedTable", "kept", "mappable"]

# Raised with each change of how sources are decoded or tables are kept, so that no older decoding answers.
LAYOUT = 2
_META = b"bancada.table"


class MappedTable:
    """A table in id order, mapped from its file; a pickle of it is the file's path.

    Args:
        path: The IPC file.
        digest: Digest of its table, where that was proved; None believes the file, which must be of this layout then.

    Raises:
        OSError: If there is no such file.
        pyarrow.ArrowInvalid: If it is none of ours, or was cut off.
    """

    def __init__(self, path: Path, digest: str | None = None) -> None:
        self.path = path
        self._proved = digest
        with pa.memory_map(str(path)) as source:
            # The buffers hold the mapping, so that it outlives this handle.
            # An Arrow file is a stream behind 8 bytes; read as one, Arrow starts no threads, and forking stays safe.
            table = pa.ipc.open_stream(source.read_buffer()[8:]).read_all()
        meta = json.loads((table.schema.metadata or {}).get(_META, b"{}"))
        if digest is None and meta.get("layout") != LAYOUT:
            message = "not a table of this layout"
            raise pa.ArrowInvalid(message)
        self.digest = str(meta["digest"]) if digest is None else digest
        self.table = table.replace_schema_metadata(None)

    def __reduce__(self) -> tuple[type[MappedTable], tuple[Path, str | None]]:
        """Carry the path, and the digest where the file was not believed; nothing else."""
        return MappedTable, (self.path, self._proved)

    @property
    def n_rows(self) -> int:
        """Count of rows."""
        return int(self.table.num_rows)


def kept(folder: Path, key: str, decode: Callable[[], Any]) -> MappedTable:
    """Return the table that is kept under a key; decode and keep it where there is none.

    The file is written aside and renamed, so that no process sees half a file. One that is damaged is written again.

    Args:
        folder: Where tables are kept.
        key: Digest of all that the decoded table depends on.
        decode: Gives the table in id order.

    Raises:
        DataError: If a column has a type that has no digest.
        OSError: If the cache cannot be written.
    """
    path = folder / f"{key}.arrow"
    try:
        return MappedTable(path)
    except (OSError, pa.ArrowInvalid):
        table = decode()
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f".{key}.{os.getpid()}.{secrets.token_hex(4)}"
    try:
        _write(aside, table)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return MappedTable(path)


def _write(path: Path, table: Any) -> None:
    meta = {_META: json.dumps({"layout": LAYOUT, "digest": table_digest(table)}).encode()}
    table = table.replace_schema_metadata(meta)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def mappable(table: Any, name: str) -> Any:
    """Return a table as it is kept: one chunk a column, no metadata, no views.

    Args:
        table: The decoded table.
        name: Name of the dataset, for the messages.

    Raises:
        DataError: If it has no rows, no columns, or two columns of one name.
    """
    if table.num_rows == 0 or table.num_columns == 0:
        raise DataError(
            "A dataset must have rows and columns.",
            f"`{name}` has {table.num_rows} rows and {table.num_columns} columns.",
            "Check the source; a filter or a failed export may have emptied it.",
        )
    twice = sorted({column for column in table.column_names if table.column_names.count(column) > 1})
    if twice:
        raise DataError(
            "Columns must have names of their own.",
            f"`{name}` has more than one `{twice[0]}`.",
            "Rename or drop one of them.",
        )
    schema = pa.schema([pa.field(field.name, _kept_type(field.type)) for field in plain(table.schema)])
    return table.replace_schema_metadata(None).cast(schema).unify_dictionaries().combine_chunks()


def _kept_type(kind: Any) -> Any:
    """Return the type of a column as it is kept: views, which few operations read, become plain."""
    if pa.types.is_string_view(kind):
        return pa.large_string()
    if pa.types.is_binary_view(kind):
        return pa.large_binary()
    if pa.types.is_dictionary(kind):
        return pa.dictionary(kind.index_type, _kept_type(kind.value_type), ordered=kind.ordered)
    return kind
