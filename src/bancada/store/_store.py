"""The store: one folder, opened by its path."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from bancada.exceptions import NotFoundError, StoreError
from bancada.identity import digest
from bancada.store._checked import DataChecks
from bancada.store._collecting import Collected, collect
from bancada.store._data import DataVersions
from bancada.store._definitions import DefinitionSnapshots
from bancada.store._files import own_name, random_name, remove, sweep, write_once, writing
from bancada.store._findings import Finding, Shelves, findings_of
from bancada.store._folds import Folds
from bancada.store._forgetting import Forgotten, forget, forgotten_objects
from bancada.store._leases import FOLDER as LEASES
from bancada.store._leases import drivers_at_work
from bancada.store._leftovers import leftovers
from bancada.store._objects import Objects
from bancada.store._reading import MOST_RECORD_BYTES, read_file
from bancada.store._runs import Runs

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = ["STORE_SCHEMA", "Store"]

STORE_SCHEMA = "store/1"
ASIDE = "aside"
FORGOTTEN = "forgotten"


class _Manifest(msgspec.Struct, frozen=True, kw_only=True):
    schema: str
    id: str


class Store:
    """The folder of folds, runs, objects and definitions.

    Nothing in it is ever modified: files are written aside and renamed, later facts are new files. Two stores are
    united by copying one over the other.
    """

    def __init__(self, root: Path, store_id: str) -> None:
        self.root = root
        self.id = store_id
        self.folds = Folds(root / "folds", root / ASIDE)
        self.runs = Runs(root / "runs")
        self.objects = Objects(root / "objects")
        self.definitions = DefinitionSnapshots(root / "definitions", self.objects)
        self.data = DataVersions(root / "data", self.objects)
        self.checks = DataChecks(root / "checks")

    @classmethod
    def open(cls, root: Path, *, create: bool) -> Store:
        """Open a store.

        Args:
            root: Its folder.
            create: True to write: one is made where there is none, and what processes that were killed on this host
                have left aside is removed.

        Raises:
            NotFoundError: There is none, and none shall be made.
            StoreError: It is of another layout, or cannot be written.
        """
        path = root / "store.json"
        if not path.is_file():
            if not create:
                raise NotFoundError(
                    "Reading needs a store.",
                    f"There is none at `{root}`.",
                    "Run `bancada run` in the project first, or name its folder with `--store DIR`.",
                )
            _make(root)
        manifest = _manifest(path)
        _check_folders(root)
        if create:
            sweep(root / ASIDE)
            sweep(root / LEASES)
        return cls(root, manifest.id)

    def aside(self) -> Path:
        """Return a folder of this process's own for what is not finished, on the store's disk; nothing is made.

        Whoever makes it removes it; where the process is killed first, the next that opens the store to write does.
        """
        return self.root / ASIDE / own_name()

    def schema_of(self, name: str, version: str) -> dict[str, str] | None:
        """Return the columns and types that a dataset had when it was first read; None where it never was."""
        try:
            data = read_file(self._schema_path(name, version), MOST_RECORD_BYTES)
            return msgspec.json.decode(data, type=dict[str, str])
        except (OSError, msgspec.DecodeError):
            return None

    def remember_schema(self, name: str, version: str, columns: dict[str, str]) -> None:
        """Keep a dataset's columns and types, once for each name and version."""
        path = self._schema_path(name, version)
        with writing(path):
            path.parent.mkdir(exist_ok=True)
        write_once(path, msgspec.json.encode(columns))

    def verify(self) -> tuple[Finding, ...]:
        """Prove every digest, and that what runs list is there; see `findings_of`."""
        return findings_of(self._shelves(), forgotten_objects(self.root / FORGOTTEN))

    def collect(self, *, before_s: float, delete: bool) -> Collected:
        """Find, and remove, what no record names, and what killed processes have left; see `collect`.

        Args:
            before_s: Only what was written before this time is judged, in seconds since 1970.
            delete: True to remove it; False to count only.

        Raises:
            StoreError: A sweep is under way, a record cannot be read, or something cannot be removed.
        """
        if delete:
            _check_idle(self.root)
        if delete:
            self.clean()
        return collect(self._shelves(), self.root / ASIDE, before_s=before_s, delete=delete)

    def forget(self, ids: Collection[str], said: str, *, dry: bool) -> Forgotten:
        """Cut rows out of all predictions and split tables; see `forget`.

        Args:
            ids: Ids as text, as a CSV file shows them.
            said: UTC time, ISO 8601.
            dry: True to count only.

        Raises:
            StoreError: A sweep is under way, a fold cannot be read, or the store cannot be written.
        """
        if not dry:
            _check_idle(self.root)
        return forget(self._shelves(), self.root / FORGOTTEN, ids, said, dry=dry)

    def _shelves(self) -> Shelves:
        return Shelves(self.folds, self.runs, self.objects, self.definitions, self.data, self.checks)

    def leftovers(self) -> tuple[Path, ...]:
        """Return what killed processes of this host have left half-written; it is no damage."""
        return tuple(leftovers(self.root))

    def clean(self) -> int:
        """Remove what killed processes have left, and return how much that was; what cannot be removed stays."""
        found = self.leftovers()
        for path in found:
            remove(path)
        return sum(not os.path.lexists(path) for path in found)

    def _schema_path(self, name: str, version: str) -> Path:
        return self.root / "schemas" / f"{digest([name, version])[:32]}.json"


def _make(root: Path) -> None:
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            "A store needs a folder that can be written.",
            f"`{root}` cannot be made: {error.strerror or error}.",
            "Mend the permissions, or name another place with `--store DIR`.",
        ) from error
    manifest = _Manifest(schema=STORE_SCHEMA, id=random_name())
    # A store is results and copies of data: it belongs to nobody's commits unless a team decides so.
    write_once(root / ".gitignore", b"*\n")
    write_once(root / "store.json", msgspec.json.encode(manifest))


def _check_idle(root: Path) -> None:
    """Refuse to take away what a sweep that is under way may be about to name, or would bring back."""
    busy = drivers_at_work(root)
    if busy:
        raise StoreError(
            "Nothing is removed from a store while somebody computes in it.",
            f"At work: {', '.join(f'`{name}`' for name in busy)}.",
            "Wait until that has ended, and do it again; `--dry-run` works at any time.",
        )


def _check_folders(root: Path) -> None:
    for name in (ASIDE, "checks", "data", "definitions", "folds", FORGOTTEN, LEASES, "objects", "runs", "schemas"):
        path = root / name
        if path.exists() and not path.is_dir():
            raise StoreError(
                "What a store keeps lies in folders of its own.",
                f"`{path}` is no folder.",
                "Move it away, or name another store with `--store DIR`.",
            )


def _manifest(path: Path) -> _Manifest:
    try:
        manifest = msgspec.json.decode(read_file(path, MOST_RECORD_BYTES), type=_Manifest)
    except (OSError, msgspec.DecodeError) as error:
        raise StoreError(
            "A store's `store.json` holds its id and layout version.",
            f"`{path}` cannot be read: {error}.",
            "Restore it from a copy of the store, or name another store with `--store DIR`.",
        ) from error
    if manifest.schema != STORE_SCHEMA:
        raise StoreError(
            f"This version of bancada reads stores of layout `{STORE_SCHEMA}`.",
            f"`{path}` says `{manifest.schema}`.",
            "Upgrade bancada to read it.",
        )
    return manifest
