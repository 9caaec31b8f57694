"""Snapshots of a project's definitions, from which the reading verbs answer without executing project code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.exceptions import StoreError
from bancada.identity import canonical_json, digest
from bancada.store._files import in_work, write_once, writing
from bancada.store._reading import MOST_RECORD_BYTES, read_file

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.store._objects import Objects

__all__ = ["DEFINITIONS_SCHEMA", "DefinitionSnapshots"]

DEFINITIONS_SCHEMA = "store.definitions/1"


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    schema: str
    root: str
    written: str
    snapshot: str


class DefinitionSnapshots:
    """The folder `definitions/`: a write-once file for each change, the newest of a root is current."""

    def __init__(self, folder: Path, objects: Objects) -> None:
        self.folder = folder
        self.objects = objects

    def write(self, root: str, snapshot: dict[str, Any], now: str) -> None:
        """Keep a snapshot unless it equals the current one.

        Args:
            root: The project's root folder.
            snapshot: Canonical JSON.
            now: UTC time, ISO 8601.
        """
        name = digest(snapshot)
        current = self._current_entry(root)
        if current is not None and current.snapshot == name and self.objects.has(name):
            return
        self.objects.put(canonical_json(snapshot))
        entry = _Entry(schema=DEFINITIONS_SCHEMA, root=root, written=now, snapshot=name)
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        stamp = now.replace(":", "").replace("-", "").replace("+0000", "")
        write_once(self.folder / f"{stamp}-{digest([root, now, name])[:12]}.json", msgspec.json.encode(entry))

    def current(self, root: str) -> dict[str, Any] | None:
        """Return the newest snapshot of a root; None where there is none, or where it was lost or damaged."""
        entry = self._current_entry(root)
        if entry is None:
            return None
        try:
            return msgspec.json.decode(self.objects.get(entry.snapshot), type=dict[str, Any])
        except (StoreError, msgspec.DecodeError):
            # What else is in the store can be read without it; `store verify` names it.
            return None

    def broken(self) -> list[str]:
        """Return a finding for every entry that cannot be read or whose snapshot is missing, and for strays."""
        findings = []
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if path.suffix != ".json" or path.name.startswith("."):
                if not in_work(path.name):
                    findings.append(f"definitions/{path.name}: it is no snapshot")
                continue
            entry = _read(path)
            if entry is None:
                findings.append(f"definitions/{path.name}: cannot be read")
            elif not self.objects.has(entry.snapshot):
                findings.append(f"definitions/{path.name}: its snapshot is missing")
        return findings

    def paths(self) -> list[Path]:
        """Return the entries, newest first."""
        return sorted(self.folder.glob("[!.]*.json"), reverse=True) if self.folder.is_dir() else []

    def _current_entry(self, root: str) -> _Entry | None:
        entries = (entry for path in self.paths() if (entry := _read(path)) is not None)
        return next((entry for entry in entries if entry.root == root), None)


def _read(path: Path) -> _Entry | None:
    try:
        entry = msgspec.json.decode(read_file(path, MOST_RECORD_BYTES), type=_Entry)
    except (OSError, msgspec.DecodeError, RecursionError, StoreError):
        return None
    return entry if entry.schema == DEFINITIONS_SCHEMA else None
