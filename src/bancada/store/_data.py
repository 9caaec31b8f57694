"""Versions of data that were locked or kept: what the store has of each, by the digest of its values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from bancada.exceptions import StoreError
from bancada.identity import digest
from bancada.store._files import in_work, write_once, writing

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

    from bancada.records import DatasetIdentity
    from bancada.store._objects import Objects

__all__ = ["DATA_SCHEMA", "DataEntry", "DataVersions"]

DATA_SCHEMA = "store.data/1"
_NAME = re.compile(r"[0-9a-f]{64}-[0-9a-f]{12}\.json")


class DataEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one version of a dataset.

    Attributes:
        schema: `store.data/1`.
        data: Digest of its values.
        name: Label of the dataset.
        version: Label of the version.
        id: Name of the id column; None where rows are numbered.
        n_rows: Count of rows.
        said: UTC time, ISO 8601.
        recipe: Object, the recipe of the dataset.
        rows: Object, the digests of its rows; None where there are none.
        snapshot: Object or address of the table itself; None where it was not kept.
    """

    schema: str = DATA_SCHEMA
    data: str
    name: str
    version: str
    id: str | None
    n_rows: int
    said: str
    recipe: str
    rows: str | None = None
    snapshot: str | None = None

    @property
    def kept_here(self) -> str | None:
        """The object that holds the table; None where there is none in the store."""
        return self.snapshot if self.snapshot is not None and "/" not in self.snapshot else None


class DataVersions:
    """The folder `data/`: a write-once file for each thing that was said of a version of data."""

    def __init__(self, folder: Path, objects: Objects) -> None:
        self.folder = folder
        self.objects = objects

    def say(
        self, identity: DatasetIdentity, said: str, *, recipe: str, rows: str | None, snapshot: str | None
    ) -> DataEntry:
        """Keep what is known of a version, unless the same was said before.

        Args:
            identity: The data.
            said: UTC time, ISO 8601.
            recipe: Object, the recipe of the dataset.
            rows: Object, the digests of its rows.
            snapshot: Object or address of the table itself.

        Raises:
            StoreError: The store cannot be written.
        """
        entry = DataEntry(
            data=identity.table,
            name=identity.name,
            version=identity.version,
            id=identity.id,
            n_rows=identity.n_rows,
            said=said,
            recipe=recipe,
            rows=rows,
            snapshot=snapshot,
        )
        for known in self.of(entry.data):
            if msgspec.structs.replace(known, said=said) == entry:
                return known
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        data = msgspec.json.encode(entry)
        write_once(self.folder / f"{entry.data}-{digest(msgspec.to_builtins(entry))[:12]}.json", data, durable=True)
        return entry

    def of(self, data: str) -> tuple[DataEntry, ...]:
        """Return what was said of a version, the newest first."""
        return tuple(entry for entry in self.all() if entry.data == data)

    def all(self) -> tuple[DataEntry, ...]:
        """Return all that was said and can be read, the newest first."""
        found = [entry for path in self.paths() if (entry := _read(path)) is not None]
        return tuple(sorted(found, key=lambda entry: entry.said, reverse=True))

    def paths(self) -> list[Path]:
        """Return the files of all entries."""
        return sorted(self.folder.glob("[!.]*.json")) if self.folder.is_dir() else []

    def broken(self, forgotten: Container[str] = ()) -> list[str]:
        """Return a finding for every entry that cannot be read or names what is missing, and for strays.

        Args:
            forgotten: Objects that were removed because they held rows that had to be forgotten.
        """
        findings = []
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            entry = _read(path) if _NAME.fullmatch(path.name) else None
            if entry is None:
                if not in_work(path.name):
                    findings.append(f"data/{path.name}: it cannot be read as an entry")
                continue
            for what, name in (("recipe", entry.recipe), ("rows", entry.rows), ("snapshot", entry.kept_here)):
                if name is not None and name not in forgotten and not self.objects.has(name):
                    findings.append(f"data/{path.name}: its {what} is missing")
        return findings


def _read(path: Path) -> DataEntry | None:
    try:
        entry = msgspec.json.decode(path.read_bytes(), type=DataEntry)
    except (OSError, msgspec.DecodeError, RecursionError, StoreError):
        return None
    return entry if entry.schema == DATA_SCHEMA and path.name.startswith(f"{entry.data}-") else None
