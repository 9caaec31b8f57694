"""A disposable memory of what was computed from files."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["DigestMemo", "FileStamp"]

_YOUNG_S = 2.0
_BUSY_S = 1.0
_TABLE = (
    "CREATE TABLE IF NOT EXISTS memo_1 (path TEXT, purpose TEXT, size INTEGER, mtime_ns INTEGER, ctime_ns INTEGER,"
    " inode TEXT, value TEXT, PRIMARY KEY (path, purpose)) WITHOUT ROWID"
)
_GET = "SELECT size, mtime_ns, ctime_ns, inode, value FROM memo_1 WHERE path = ? AND purpose = ?"
_PUT = "INSERT OR REPLACE INTO memo_1 VALUES (?, ?, ?, ?, ?, ?, ?)"


class FileStamp(NamedTuple):
    """What shows, without reading it, that a file is as it was.

    Attributes:
        size: Bytes.
        mtime_ns: Last change of the content.
        ctime_ns: Last change of the content or of the entry; programs cannot set it back.
        inode: Number of the file, as text because some systems have 128 bits.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: str

    @classmethod
    def of(cls, status: os.stat_result) -> FileStamp:
        """Take the stamp from what `os.stat` or `os.fstat` gave."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, str(status.st_ino))


class DigestMemo:
    """Remembers values derived from files, by path and stamp, in one small SQLite file.

    Many processes may use one memo at once, also across `fork`: no connection outlives a call. A memo never fails:
    where its file cannot be read or written, it remembers nothing. A file whose content changed less than two seconds
    ago is neither remembered nor recalled, because a second change could leave the same stamp.

    Args:
        path: The SQLite file; its folder is made on the first `put`.
        clock: Seconds since the epoch.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self.clock = clock

    def stamp(self, path: Path) -> FileStamp | None:
        """Return the stamp of a file, to be given to `put` later; None where there is no such file."""
        try:
            return FileStamp.of(os.stat(path))  # noqa: PTH116 - it is called for every file of a lookup; Path.stat adds half
        except OSError:
            return None

    def get(self, path: Path, purpose: str) -> str | None:
        """Return what was remembered of a file.

        Args:
            path: The file as it is now.
            purpose: What the value is: `sha256`, or `table:` and a digest of the reader's options.

        Returns:
            The value; None where nothing was remembered, or the file has changed, or may be changing.
        """
        stamp = self.stamp(path)
        if stamp is None or self._young(stamp):
            return None
        with contextlib.suppress(sqlite3.Error, OSError), self._open(create=False) as connection:
            row = connection.execute(_GET, (_key(path), purpose)).fetchone()
            if row is not None and FileStamp(*row[:4]) == stamp and isinstance(row[4], str):
                return row[4]
        return None

    def put(self, path: Path, purpose: str, value: str, stamp: FileStamp | None = None) -> None:
        """Remember a value derived from a file; does nothing where that would not be safe.

        Args:
            path: The file.
            purpose: As for `get`.
            value: What was computed.
            stamp: The stamp taken before the file was read. With it, a file that changed meanwhile is not remembered.
        """
        now = self.stamp(path)
        if now is None or self._young(now) or (stamp is not None and stamp != now):
            return
        with contextlib.suppress(sqlite3.Error, OSError), self._open(create=True) as connection:
            connection.execute(_PUT, (_key(path), purpose, *now, value))

    def _young(self, stamp: FileStamp) -> bool:
        return self.clock() - stamp.mtime_ns / 1e9 < _YOUNG_S

    @contextlib.contextmanager
    def _open(self, *, create: bool) -> Iterator[sqlite3.Connection]:
        """Open the file for one statement; autocommit keeps the lock short."""
        if create:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        elif not self.path.exists():
            message = "no memo yet"
            raise FileNotFoundError(message)
        connection = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)
        try:
            if create:
                # Losing the memo costs time only, so that no write waits for the disk.
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute(_TABLE)
            yield connection
        finally:
            connection.close()


def _key(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - Path.absolute keeps `..`, and one file would have several keys
