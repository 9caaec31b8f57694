"""Where a table comes from: a file, a frame, or a function that returns one."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from bancada.datasets._files import format_of, read_file, refuse_absent
from bancada.datasets._frames import to_table
from bancada.datasets._ids import in_id_order
from bancada.datasets._mapped import LAYOUT, MappedTable, kept, mappable
from bancada.datasets._types import type_text
from bancada.exceptions import DataError
from bancada.identity import DigestMemo, digest, file_digest, table_digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.datasets._image_column import Images
    from bancada.datasets._row import Row

__all__ = ["FileSource", "FrameSource", "FunctionSource", "Labels", "Opened", "Reading", "Source", "relative"]


@dataclass(frozen=True)
class Labels:
    """How a dataset is called, and which column is its id (None: not given)."""

    name: str
    version: str
    id: str | Row | None
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opened:
    """A decoded table, and the digests of the files it came from by path.

    Attributes:
        table: The table.
        files: SHA-256 of each file, by path relative to the root.
        digest: Digest of all that the rows say, where that is more than the table.
        images: The column that names files; None where none does.
    """

    table: MappedTable
    files: dict[str, str]
    digest: str = ""
    images: Images | None = None


@dataclass(frozen=True)
class Reading:
    """How the files of a dataset are read.

    Attributes:
        several: True where the dataset is of parts.
        schema: Arrow schema that is enforced; None takes the files' own.
        remembered: True where the schema is that of an earlier reading.
    """

    several: bool
    schema: Any | None
    remembered: bool


class Source(Protocol):
    """Where a table comes from."""

    @property
    def rooted(self) -> bool:
        """True where what is read depends on the root."""

    def with_schema(self, schema: Any) -> Source:
        """Return this source held to the schema of an earlier reading, where it carries no types itself."""

    def reading(self) -> Reading | None:
        """Return how files are read; None where the table comes from elsewhere."""

    def open(self, labels: Labels, root: Path, cache: Path) -> Opened:
        """Return the table in id order, decoded at most once."""


@dataclass(frozen=True)
class FileSource:
    """One file.

    Args:
        path: Its path; relative ones start at the root.
        schema: Schema that is enforced; None infers one.
        remembered: True where the schema is that of an earlier version of the file.
    """

    path: Path
    schema: Any | None = None
    remembered: bool = False

    @property
    def rooted(self) -> bool:
        """True: relative paths start at the root."""
        return True

    def folder(self, root: Path) -> Path:
        """Return the folder of the file."""
        return (root / self.path).parent

    def with_schema(self, schema: Any) -> FileSource:
        """Return this source with the schema of an earlier version enforced, where nothing else says the types."""
        typed = self.schema is not None or format_of(self.path) != "csv"
        return self if typed else replace(self, schema=schema, remembered=True)

    def reading(self) -> Reading:
        """Return how the file is read."""
        return Reading(several=False, schema=self.schema, remembered=self.remembered)

    def open(self, labels: Labels, root: Path, cache: Path) -> Opened:
        """Return the table in id order; a file that was decoded before is not parsed again.

        Raises:
            DataError: If the file cannot be read, breaks its schema or its ids, or changes while it is read.
            DefinitionError: If its suffix is not known.
            NotFoundError: If there is no such file, or no id column in it.
        """
        path = root / self.path
        kind = format_of(path)
        refuse_absent(path)
        memo = DigestMemo(cache / "digests.sqlite")
        before = memo.stamp(path)
        sha = file_digest(path, memo)
        options = None if self.schema is None else [[field.name, str(field.type)] for field in self.schema]
        key = digest(
            {
                "layout": LAYOUT,
                "arrow": pa.__version__,
                "file": sha,
                "format": kind,
                "schema": options,
                "id": repr(labels.id),
            }
        )

        def decode() -> Any:
            table = read_file(path, self.schema, remembered=self.remembered)
            if memo.stamp(path) != before:
                raise DataError(
                    "A file must not change while it is read.", f"`{self.path}` did.", "Run again when it is written."
                )
            return mappable(in_id_order(mappable(table, labels.name), labels.id, labels.name), labels.name)

        return Opened(kept(cache / "tables", key, decode), {relative(path, root): sha})


@dataclass(frozen=True, eq=False)
class FrameSource:
    """A frame in memory."""

    frame: Any

    @property
    def rooted(self) -> bool:
        """False: it is in memory."""
        return False

    def with_schema(self, schema: Any) -> FrameSource:  # noqa: ARG002 - the protocol's signature
        """Return this source: a frame has types."""
        return self

    def reading(self) -> None:
        """Return None: it is in memory."""

    def open(self, labels: Labels, root: Path, cache: Path) -> Opened:  # noqa: ARG002 - the protocol's signature
        """Return the table in id order.

        Raises:
            DataError: If it is no frame, or breaks a rule of its columns or ids.
            NotFoundError: If there is no id column in it.
        """
        table = mappable(to_table(self.frame, labels.id if isinstance(labels.id, str) else None), labels.name)
        table = mappable(in_id_order(table, labels.id, labels.name), labels.name)
        # The digest does not tell types and orders of levels apart that mean the same, and a model may.
        types = [type_text(column) for column in table.columns]
        key = digest({"layout": LAYOUT, "table": table_digest(table), "types": types})
        return Opened(kept(cache / "tables", key, lambda: table), {})


@dataclass(frozen=True, eq=False)
class FunctionSource:
    """A function that returns a frame; it is called when the dataset is opened."""

    function: Callable[[], Any]

    @property
    def rooted(self) -> bool:
        """False: whatever the function reads is its own affair."""
        return False

    def with_schema(self, schema: Any) -> FunctionSource:  # noqa: ARG002 - the protocol's signature
        """Return this source: what the function returns has types."""
        return self

    def reading(self) -> None:
        """Return None: the function reads."""

    def open(self, labels: Labels, root: Path, cache: Path) -> Opened:
        """Return the table in id order.

        Raises:
            DataError: If the function returns no frame, or one that breaks a rule of its columns or ids.
            NotFoundError: If there is no id column in it.
        """
        return FrameSource(self.function()).open(labels, root, cache)


def relative(path: Path, root: Path) -> str:
    """Return the path from the root; a file outside it is called by its name, for records hold no absolute paths."""
    inside = Path(os.path.normpath(path))
    base = Path(os.path.normpath(root))
    return inside.relative_to(base).as_posix() if inside.is_relative_to(base) else inside.name
