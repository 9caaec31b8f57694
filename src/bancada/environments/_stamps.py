"""Whether files are as they were, told without reading them."""

from __future__ import annotations

import os
import time
from array import array
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = ["Watched", "stamp", "watch"]

Watched = dict[str, list[str]]
"""Names of files by the folder that they are in; the empty name is the folder itself."""

_YOUNG_NS = 2_000_000_000
_LARGEST = (1 << 64) - 1
_RELATIVE = os.stat in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")


def watch(paths: Iterable[Path]) -> Watched:
    """Group files by their folders.

    Args:
        paths: Files and folders; a folder stands for the names in it, not for what they hold.
    """
    watched: Watched = {}
    for path in paths:
        folder, name = os.path.split(path)
        watched.setdefault(folder, []).append(name)
    return watched


def stamp(watched: Mapping[str, Sequence[str]], now_ns: int | None = None) -> str:
    """Return a digest of size, times and inode of files; of two equal ones the files are the same.

    That of a file's last change to anything counts where the file has one name only.

    A second change within the same tick of the clock would leave no trace, so that files which changed less than two
    seconds ago have no stamp.

    Args:
        watched: The files.
        now_ns: Nanoseconds since the epoch; the clock's by default.

    Returns:
        The digest; empty where a file is too young to have one.
    """
    numbers = array("Q")
    youngest = 0
    for folder, names in watched.items():
        found = _in_folder(folder, names)
        numbers.extend(found)
        youngest = max(youngest, *found[1::4], *found[2::4]) if found else youngest
    if youngest > (time.time_ns() if now_ns is None else now_ns) - _YOUNG_NS:
        return ""
    return sha256(numbers.tobytes()).hexdigest()


def _in_folder(folder: str, names: Sequence[str]) -> list[int]:
    """Look at the files of one folder, by its descriptor where the system can: that saves the way to it each time."""
    if not _RELATIVE:
        return _looked_at([f"{folder}/{name}" for name in names], None)
    try:
        descriptor = os.open(folder or ".", os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return [0] * (4 * len(names))
    try:
        return _looked_at(names, descriptor)
    finally:
        os.close(descriptor)


def _looked_at(names: Sequence[str], descriptor: int | None) -> list[int]:
    numbers: list[int] = []
    for name in names:
        try:
            status = os.stat(name or ".", dir_fd=descriptor)
        except OSError:
            numbers += (0, 0, 0, 0)
        else:
            # Whoever links to a file changes its ctime, and uv links its whole cache into each environment.
            changed = status.st_ctime_ns if status.st_nlink == 1 else 0
            numbers += (status.st_size, status.st_mtime_ns & _LARGEST, changed & _LARGEST, status.st_ino & _LARGEST)
    return numbers
