"""Files as evidence: what a run's code consists of and what it read, kept as objects."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bancada.exceptions import StoreError
from bancada.identity import digest_bytes, file_digest
from bancada.provenance import find_secrets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from bancada.store import Store

__all__ = ["LARGEST_BYTES", "EvidenceFiles", "Gathered", "Wanted"]

LARGEST_BYTES = 20_000_000
SETTINGS = ("bancada.toml", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Files that a run needs, with their digests by path relative to the root.

    Attributes:
        sources: The modules that its code consists of.
        files: What was read or imported while its folds ran, and what its candidate declares.
        beside: Modules that are loaded and that reading the code did not find; they are kept, and are missed only
            where `doubtful`, or where they stand in `needed`.
        needed: Those of them that hold a task or a metric of the problem.
        doubtful: True where reading could not tell everything that the code imports.
    """

    sources: Mapping[str, str] = field(default_factory=dict)
    files: Iterable[tuple[str, str]] = ()
    beside: Collection[str] = ()
    needed: Collection[str] = ()
    doubtful: bool = False


@dataclass(slots=True)
class Gathered:
    """What was kept: objects by path relative to the root.

    Attributes:
        sources: The modules that the code consists of.
        files: All else.
        missing: What could not be kept, a phrase each.
    """

    sources: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The object of a file, or why there is none, as the end of a sentence that begins with its name."""

    name: str = ""
    why: str = ""


class EvidenceFiles:
    """Keeps files of a project as objects, each content once.

    Args:
        root: The project's root.
        store: Where they are kept.
        data: Digests of the dataset's own files by path relative to the root: they are data, and not kept here.
    """

    def __init__(self, root: Path, store: Store, data: Mapping[str, str] | None = None) -> None:
        self._root = root
        self._store = store
        self._data = dict(data or {})
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._around: dict[str, str] = {}

    def gather(self, wanted: Wanted) -> Gathered:
        """Keep what a run needs, so that its candidate can be imported from what is kept alone."""
        found = Gathered()
        for path, digest in sorted(wanted.sources.items()):
            self._take(found.sources, found, "source", path, self.keep(path, digest))
        for path, digest in sorted(set(wanted.files)):
            if path not in found.sources and self._data.get(path) != digest:
                self._take(found.files, found, "file", path, self.keep(path, digest))
        around = {*wanted.beside, *SETTINGS}
        around |= _packages({*found.sources, *found.files, *around})
        for path in sorted(around - found.sources.keys()):
            kept = self._present(path)
            if kept.name:
                found.files.setdefault(path, kept.name)
            elif kept.why and path not in SETTINGS and (wanted.doubtful or path in wanted.needed):
                found.missing.append(f"source `{path}` {kept.why}")
        found.missing = list(dict.fromkeys(found.missing))
        return found

    def keep(self, path: str, digest: str) -> _Kept:
        """Keep a file as it was when it had a digest.

        Args:
            path: Relative to the root.
            digest: SHA-256 of its bytes; empty where it was gone.
        """
        where = (path, digest)
        if where not in self._kept:
            self._kept[where] = self._keep(path, digest)
        return self._kept[where]

    def _take(self, into: dict[str, str], found: Gathered, kind: str, path: str, kept: _Kept) -> None:
        if kept.name:
            into.setdefault(path, kept.name)
        else:
            found.missing.append(f"{kind} `{path}` {kept.why}")

    def _keep(self, path: str, digest: str) -> _Kept:
        place = self._root / path
        try:
            size = place.stat().st_size
        except OSError:
            size = None
        if digest and self._stored(digest, size):
            # Whatever is in the store has been looked through for secrets before.
            return _Kept(digest)
        if size is not None and size > LARGEST_BYTES:
            return _Kept(why=f"is larger than {LARGEST_BYTES // 1_000_000} MB")
        try:
            data = place.read_bytes()
        except FileNotFoundError:
            return _Kept(why="was read, and is gone")
        except OSError as error:
            return _Kept(why=f"cannot be read: {error.strerror or error}")
        return self._put(data, digest)

    def _put(self, data: bytes, digest: str) -> _Kept:
        if digest_bytes(data) != digest:
            return _Kept(why="changed while the run was under way")
        encoding = "utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8"
        if secrets := find_secrets(data.decode(encoding, "replace")):
            return _Kept(why=f"was withheld: it holds {', '.join(secrets)}")
        return _Kept(self._store.objects.put(data))

    def _stored(self, digest: str, size: int | None) -> bool:
        """Tell whether an object is there and whole; one that is as long as its file is taken to be."""
        try:
            return self._store.objects.path(digest).stat().st_size == size or bool(self._store.objects.get(digest))
        except (OSError, StoreError):
            return False

    def _present(self, path: str) -> _Kept:
        """Keep a file as it is now; nothing where there is none."""
        if path not in self._around:
            place = self._root / path
            self._around[path] = file_digest(place) if place.is_file() else ""
        return self.keep(path, self._around[path]) if self._around[path] else _Kept()


def _packages(paths: Iterable[str]) -> set[str]:
    """Return the `__init__.py` of every folder above a module: importing it runs them first."""
    return {f"{folder}/__init__.py" for path in paths if path.endswith(".py") for folder in _parents(path)}


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
