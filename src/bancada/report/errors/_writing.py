"""Tables of rows as files."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from bancada.display import Column, Table, to_csv
from bancada.exceptions import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["write_rows", "write_text"]

_PIECE_ROWS = 20_000


def write_rows(table: pa.Table, path: Path, form: str) -> None:
    """Write a table to a file, whole or not at all.

    Args:
        table: The rows.
        path: The file; one that is there is replaced.
        form: `csv`, in which a text that a spreadsheet would compute begins with `'`, or `parquet`, which keeps types.

    Raises:
        UsageError: The file cannot be written.
    """
    with _written(path) as aside:
        if form == "parquet":
            _write_parquet(table, aside)
        else:
            with aside.open("w", encoding="utf-8", newline="") as sink:
                sink.writelines(_lines(table))


def write_text(text: str, path: Path) -> None:
    """Write a text to a file, whole or not at all.

    Raises:
        UsageError: The file cannot be written.
    """
    with _written(path) as aside:
        aside.write_text(text, encoding="utf-8", newline="")


@contextlib.contextmanager
def _written(path: Path) -> Iterator[Path]:
    """Lend a file beside another, which it replaces in the end."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        try:
            yield aside
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(
            "The table is written to a file in a folder that exists.",
            f"`{path}` cannot be written: {error.strerror}.",
            "Name another file.",
        ) from error


def _write_parquet(table: pa.Table, path: Path) -> None:
    from pyarrow import parquet  # noqa: PLC0415 - tens of milliseconds that other ways to end do without

    parquet.write_table(table, path)


def _lines(table: pa.Table) -> Iterator[str]:
    columns = tuple(Column(name) for name in table.column_names)
    yield to_csv(Table(columns, ()))
    for start in range(0, table.num_rows, _PIECE_ROWS):
        piece = table.slice(start, _PIECE_ROWS)
        values = [_values(column) for column in piece.columns]
        text = to_csv(Table(columns, tuple(zip(*values, strict=True))))
        yield text.partition("\n")[2]


def _values(column: pa.ChunkedArray) -> list[Any]:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return [None if value is None or value != value else value for value in column.to_pylist()]  # noqa: PLR0124 - NaN
    if pa.types.is_boolean(kind):
        return [None if value is None else str(value).lower() for value in column.to_pylist()]
    return [None if value is None else str(value) for value in column.to_pylist()]
