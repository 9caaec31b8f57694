"""Reading a file that somebody else may have put there: no link is followed, no pipe awaited, sizes are capped."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MOST_RECORD_BYTES", "read_file"]

# A record lists every fold and score: 10,000 folds with 20 metrics and 20 slices are some 100 MB.
MOST_RECORD_BYTES = 256_000_000
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def read_file(path: Path, most_bytes: int | None = None) -> bytes:
    """Return the content of a file of a store.

    Args:
        path: The file.
        most_bytes: What it may have at most; None for no limit.

    Raises:
        OSError: It cannot be read, is a link or no file at all, or has more bytes than that.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        found = os.fstat(descriptor)
        wrong = _wrong(found, most_bytes)
        if wrong:
            raise OSError(wrong, os.strerror(wrong), str(path))
        return _whole(descriptor, found.st_size)
    except MemoryError:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM), str(path)) from None
    finally:
        os.close(descriptor)


def _wrong(found: os.stat_result, most_bytes: int | None) -> int:
    """Return the number of what is wrong with a file; 0 where nothing is."""
    if stat.S_ISDIR(found.st_mode):
        return errno.EISDIR
    if not stat.S_ISREG(found.st_mode):
        return errno.EINVAL
    return errno.EFBIG if most_bytes is not None and found.st_size > most_bytes else 0


def _whole(descriptor: int, size: int) -> bytes:
    parts = []
    while part := os.read(descriptor, max(size, 1) + 1):
        parts.append(part)
    return b"".join(parts)
