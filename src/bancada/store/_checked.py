"""What `bancada data check` found serious, by the problem that it looked at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.exceptions import StoreError
from bancada.identity import digest
from bancada.store._files import in_work, write_once, writing
from bancada.store._reading import MOST_RECORD_BYTES, read_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["CHECKED_SCHEMA", "DataCheckEntry", "DataChecks", "SeriousFinding"]

CHECKED_SCHEMA = "store.data-check/1"
_NAME = re.compile(r"[0-9a-f]{64}-[0-9a-f]{12}\.json")


class SeriousFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding as it is kept: without ids and without values of rows."""

    check: str
    columns: tuple[str, ...]
    found: str


class DataCheckEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What one invocation found.

    Attributes:
        schema: `store.data-check/1`.
        problem: Digest of the problem, which that of its data is a part of.
        data: Digest of the data.
        said: UTC time, ISO 8601.
        serious: What was serious and not accepted; empty where nothing was.
    """

    schema: str = CHECKED_SCHEMA
    problem: str
    data: str
    said: str
    serious: tuple[SeriousFinding, ...]


class DataChecks:
    """The folder `checks/`: a write-once file for each outcome; the newest of a problem holds.

    Args:
        folder: Where they lie.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def say(self, problem: str, data: str, said: str, serious: Sequence[Any]) -> DataCheckEntry:
        """Keep what was found, unless the newest entry says the same.

        Args:
            problem: Digest of the problem.
            data: Digest of its data.
            said: UTC time, ISO 8601.
            serious: What was serious: values with `check`, `columns` and `found`, of which no more is kept.

        Raises:
            StoreError: The store cannot be written.
        """
        kept = tuple(msgspec.convert(item, SeriousFinding, from_attributes=True) for item in serious)
        entry = DataCheckEntry(problem=problem, data=data, said=said, serious=kept)
        known = self.newest(problem)
        if known is not None and msgspec.structs.replace(known, said=said) == entry:
            return known
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{problem}-{digest(msgspec.to_builtins(entry))[:12]}.json"
        write_once(self.folder / name, msgspec.json.encode(entry), durable=True)
        return entry

    def newest(self, problem: str) -> DataCheckEntry | None:
        """Return what was found last of a problem; None where it was never checked."""
        if not self.folder.is_dir():
            return None
        found = [entry for path in self.folder.glob(f"{problem}-*.json") if (entry := _read(path)) is not None]
        return max(found, key=lambda entry: (entry.said, len(entry.serious)), default=None)

    def broken(self) -> list[str]:
        """Return a finding for every entry that cannot be read, and for strays."""
        paths = sorted(self.folder.iterdir()) if self.folder.is_dir() else ()
        return [
            f"checks/{path.name}: it cannot be read as what a data check found"
            for path in paths
            if not in_work(path.name) and (_NAME.fullmatch(path.name) is None or _read(path) is None)
        ]


def _read(path: Path) -> DataCheckEntry | None:
    try:
        entry = msgspec.json.decode(read_file(path, MOST_RECORD_BYTES), type=DataCheckEntry)
    except (OSError, msgspec.DecodeError, RecursionError, StoreError):
        return None
    return entry if entry.schema == CHECKED_SCHEMA and path.name.startswith(f"{entry.problem}-") else None
