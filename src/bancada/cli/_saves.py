"""Which files of a project were saved, seen by their times; no thread, so that the process may be forked."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["Saves"]

_SKIPPED = frozenset({"__pycache__", "node_modules", "site-packages", "dist-packages"})
_SETTINGS = ("bancada.toml", "pyproject.toml")
# A project's modules lie in a few folders; a root may hold thousands with data.
_MOST_FOLDERS = 500
# Clocks of file systems tick: what changed shortly before a look may change again and show the same time.
_TICK_NS = 2_000_000_000
_SETTLED_S = 0.03
_LONGEST_S = 1.0

Signature = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Folder:
    """What a folder held, and when it last changed; 0 where another change could hide behind that time."""

    changed: int
    files: tuple[str, ...]
    folders: tuple[str, ...]


class Saves:
    """Tells which files changed since they were last looked at: modules below some folders, and files that are named.

    Of modules that nobody is known to import, a change counts while the import of the project fails, and a new one
    counts beside those that are imported. What editors keep beside a file (names with a dot in front) never counts.

    Args:
        root: The project's root.
        search: Folders from which modules are imported.
        ignored: Folders of which nothing counts, such as the store.
    """

    def __init__(self, root: Path, search: Iterable[Path], ignored: Iterable[Path] = ()) -> None:
        self._root = root
        self._search = tuple(dict.fromkeys(str(folder) for folder in search))
        self._ignored = frozenset(str(folder) for folder in ignored)
        self._listed: dict[str, _Folder] = {}
        self._named: frozenset[str] = frozenset(str(root / name) for name in _SETTINGS)
        self._broken = True
        self._seen = self._look()

    def __len__(self) -> int:
        """Count of the files that are known to matter and exist."""
        return sum(self._seen.get(path) is not None for path in self._named)

    def know(self, files: Iterable[str], *, broken: bool) -> None:
        """Learn which files matter.

        Args:
            files: Paths relative to the root; of a folder every file below it.
            broken: True where a module could not be imported, so that any module may be what it lacks.
        """
        settings = (self._root / name for name in _SETTINGS)
        named = frozenset(map(str, settings)) | {str(path) for name in files for path in _below(self._root / name)}
        # A project that cannot be imported tells a part of its files.
        self._named = named | self._named if broken else named
        self._broken = broken
        now = self._look()
        # What was seen before counts as seen, so that a save since then is noticed.
        gone = {path: signature for path, signature in self._seen.items() if path not in now and path.endswith(".py")}
        self._seen = {path: self._seen.get(path, signature) for path, signature in now.items()} | gone

    def changed(self) -> tuple[str, ...]:
        """Return the files that matter and were saved, made or deleted since, relative to the root; wait for the last.

        An editor may write several files, or one in several steps: it is waited until nothing moves any more.
        """
        now = self._look()
        if not self._matter(now):
            # What does not matter is forgotten, so that it is not taken for new later.
            self._seen = now
            return ()
        deadline = time.monotonic() + _LONGEST_S
        while time.monotonic() < deadline:
            time.sleep(_SETTLED_S)
            later = self._look()
            if later == now:
                break
            now = later
        found = self._matter(now)
        self._seen = now
        return tuple(sorted(os.path.relpath(path, self._root) for path in found))

    def _matter(self, now: dict[str, Signature | None]) -> set[str]:
        """Return the paths whose change matters."""
        moved = {path for path in now.keys() | self._seen.keys() if now.get(path) != self._seen.get(path)}
        homes = {os.path.dirname(path) for path in self._named}  # noqa: PTH120 - texts, asked many times a second
        return {
            path
            for path in moved
            if path in self._named or self._broken or (self._seen.get(path) is None and os.path.dirname(path) in homes)  # noqa: PTH120 - as above
        }

    def _look(self) -> dict[str, Signature | None]:
        """Return what there is; None for a file that is named and gone."""
        paths = {path for folder in self._folders() for path in folder.files} | self._named
        return {path: _signature(path) for path in paths}

    def _folders(self) -> Iterator[_Folder]:
        """Yield the folders that may hold modules, each listed again only where it has changed."""
        waiting = list(self._search)
        seen: set[str] = set()
        while waiting and len(seen) < _MOST_FOLDERS:
            path = waiting.pop(0)
            if path in seen:
                continue
            seen.add(path)
            folder = self._folder(path)
            if folder is not None:
                yield folder
                waiting += folder.folders
        self._listed = {path: folder for path, folder in self._listed.items() if path in seen}

    def _folder(self, path: str) -> _Folder | None:
        try:
            changed = os.stat(path).st_mtime_ns  # noqa: PTH116 - asked many times a second
            known = self._listed.get(path)
            if known is None or known.changed != changed:
                known = self._listing(path, changed)
                self._listed[path] = known
        except OSError:
            self._listed.pop(path, None)
            return None
        return known

    def _listing(self, path: str, changed: int) -> _Folder:
        certain = changed < time.time_ns() - _TICK_NS
        files, folders = [], []
        with os.scandir(path) as entries:
            for entry in entries:
                name = entry.name
                if name == "pyvenv.cfg":
                    return _Folder(changed if certain else 0, (), ())
                if name.startswith(".") or name in _SKIPPED or entry.path in self._ignored:
                    continue
                if name.endswith(".py"):
                    files.append(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
        return _Folder(changed if certain else 0, tuple(files), tuple(sorted(folders)))


def _signature(path: str) -> Signature | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - asked many times a second
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _below(path: Path) -> Iterator[Path]:
    """Yield a file, or every file below a folder; a path that does not exist stands for the file that may come."""
    if not path.is_dir():
        yield path
        return
    yield from (found for found in path.rglob("*") if found.is_file())
