"""The column of a manifest that names files, as models receive it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from bancada.exceptions import NotFoundError

__all__ = ["Images"]


@dataclass(frozen=True)
class Images:
    """The column of a manifest that names files.

    Attributes:
        column: Its name.
        folder: Where its relative paths start.
        as_bytes: True where models receive the files' bytes, False for their absolute paths.
    """

    column: str
    folder: Path
    as_bytes: bool

    @property
    def type(self) -> Any:
        """Arrow type of what models receive."""
        return pa.large_binary() if self.as_bytes else pa.string()

    def seen(self, table: Any) -> Any:
        """Return a table in which the column is what models receive of its rows.

        Raises:
            NotFoundError: A file has gone since the dataset was opened.
        """
        if self.column not in table.column_names:
            return table
        paths = self.paths(table.column(self.column))
        values = pa.array([_bytes(path) for path in paths] if self.as_bytes else paths, type=self.type)
        return table.set_column(table.column_names.index(self.column), pa.field(self.column, self.type), values)

    def paths(self, column: Any) -> list[str]:
        """Return the absolute path of each row."""
        folder = str(self.folder)
        return [os.path.join(folder, name) for name in column.to_pylist()]  # noqa: PTH118 - texts, and many


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise NotFoundError(
            "The files that a manifest names must stay where they are while they are used.",
            f"`{path}` cannot be read: {error.strerror}.",
            "Restore it, or drop its row.",
        ) from error
