"""Removing what no record names any more; what is young stays, for its run may not be written yet."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.exceptions import StoreError
from bancada.store._files import folder_aside, remove_folder
from bancada.store._reading import MOST_RECORD_BYTES, read_file
from bancada.store._runs import statement_paths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bancada.store._findings import Shelves

__all__ = ["Collected", "collect"]

DIGEST = re.compile(rb"[0-9a-f]{64}")
# An object that names others is a JSON document; one longer than this is none.
DOCUMENT_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Collected:
    """What no record names.

    Attributes:
        folds: Stored folds.
        objects: Objects: sources, models, environments.
        size_bytes: What they take on the disk together.
        young: How many more there are that are too young to be judged.
    """

    folds: int
    objects: int
    size_bytes: int
    young: int


def collect(store: Shelves, aside: Path, *, before_s: float, delete: bool) -> Collected:
    """Find what no record names, and remove it.

    Whatever looks like a digest in a record that is kept names something, a fold by its key and its content. Records
    are a run, finished or not, what was said about it, a snapshot of definitions, a locked version of data, and each
    document that one of these names. A run that was withdrawn before the limit names nothing.

    Args:
        store: The shelves.
        aside: Folder on the same disk to which a fold is moved before it is removed, so that nobody meets half of it.
        before_s: Only what was written before this time is judged, in seconds since 1970.
        delete: True to remove it; False to count only.

    Raises:
        StoreError: A record cannot be read, so that what it names is not known; or something cannot be removed.
    """
    named = _named(store, before_s)
    folds = [store.folds.place(*where) for where in store.folds.walk() if not named.issuperset(where)]
    objects = [path for path in store.objects.walk() if path.name not in named]
    old_folds = [path for path in folds if _written_s(path) < before_s]
    old_objects = [path for path in objects if _written_s(path) < before_s]
    size = sum(_size(path) for path in (*old_folds, *old_objects))
    if delete:
        for path in old_folds:
            _remove_fold(path, aside)
        for path in old_objects:
            path.unlink(missing_ok=True)
    young = len(folds) + len(objects) - len(old_folds) - len(old_objects)
    return Collected(len(old_folds), len(old_objects), size, young)


def _named(store: Shelves, before_s: float) -> set[str]:
    """Return every digest that a kept record names."""
    found = set()
    for path in (*_records(store, before_s), *store.definitions.paths(), *store.data.paths()):
        try:
            found.update(DIGEST.findall(read_file(path, MOST_RECORD_BYTES)))
        except OSError as error:
            raise StoreError(
                "What a record names is known once all records can be read.",
                f"`{path}` cannot be read: {error.strerror or error}.",
                "Mend the permissions; nothing was removed.",
            ) from error
    named: set[str] = set()
    following = {name.decode() for name in found}
    while following:
        named |= following
        following = {other for name in following for other in _inside(store, name)} - named
    return named


def _records(store: Shelves, before_s: float) -> Iterator[Path]:
    """Yield the files of all runs but those that were withdrawn before the limit."""
    for problem, run_id in store.runs.walk():
        place = store.runs.place(problem, run_id)
        if not (place / "run.json").exists():
            # Its driver is at work, or was killed: the folds that its journal acknowledges are kept.
            yield from place.glob("journal-*.jsonl")
            continue
        if not _withdrawn(store, problem, run_id, before_s):
            yield place / "run.json"
            yield from statement_paths(place)


def _withdrawn(store: Shelves, problem: str, run_id: str, before_s: float) -> bool:
    try:
        stored = store.runs.read(problem, run_id)
    except StoreError:
        # A newer version wrote it, or it is damaged: what it names is kept.
        return False
    if stored is None or not stored.withdrawn:
        return False
    return all(_written_s(path) < before_s for path in statement_paths(store.runs.place(problem, run_id)))


def _inside(store: Shelves, name: str) -> set[str]:
    """Return the digests that an object names, where it is a document."""
    if not store.objects.has(name):
        return set()
    path = store.objects.path(name)
    try:
        with path.open("rb") as stream:
            document = stream.read(1) in b"{[" and _written_bytes(path) <= DOCUMENT_BYTES
            data = stream.read() if document else b""
    except OSError:
        return set()
    return {found.decode() for found in DIGEST.findall(data)}


def _remove_fold(place: Path, aside: Path) -> None:
    with folder_aside(aside) as away:
        with contextlib.suppress(FileNotFoundError):
            place.rename(away / "fold")
        remove_folder(away)
    for parent in (place.parent, place.parent.parent):
        # Only an empty folder goes; where another content of the key is there, or just arrives, it stays.
        with contextlib.suppress(OSError):
            parent.rmdir()


def _written_s(path: Path) -> float:
    """Return when something was written; a time to come, where that cannot be told, keeps it."""
    try:
        return path.stat().st_mtime
    except OSError:
        return float("inf")


def _written_bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _size(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    if path.is_dir():
        return sum(_written_bytes(item) for item in path.rglob("*") if not item.is_dir())
    return _written_bytes(path)
