"""A disk that takes no more: it says something of this machine, and nothing of what was recorded."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bancada.exceptions import EnvironmentNotRebuilt, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["lack_of_room", "room_in"]

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


def lack_of_room(found: OSError | str) -> OSError | None:
    """Return what the system said of a disk that takes no more; None where something else went wrong.

    Args:
        found: An error of this process, or the words of another one.

    Examples:
        >>> lack_of_room("error: Failed to copy a.py: No space left on device (os error 28)")
        OSError(28, 'No space left on device')
        >>> lack_of_room("error: connection refused")
    """
    if isinstance(found, OSError):
        return found if found.errno in _NO_ROOM else None
    number = next((number for number in _NO_ROOM if os.strerror(number) in found), None)
    return None if number is None else OSError(number, os.strerror(number))


@contextmanager
def room_in(folder: Path) -> Iterator[None]:
    """Tell apart that an environment cannot be had from that there is no room for it here.

    Args:
        folder: Where it is made.

    Raises:
        StoreError: The disk takes no more.
    """
    try:
        yield
    except (OSError, EnvironmentNotRebuilt) as error:
        lack = lack_of_room(error if isinstance(error, OSError) else error.found)
        if lack is None:
            raise
        raise StoreError(
            "An environment is made again where there is room for it; nothing is said of the run.",
            f"Making it in `{folder}` ended with: {lack.strerror}.",
            "Free space there and in the package manager's cache, or name other places by TMPDIR and UV_CACHE_DIR.",
        ) from error
