"""The digest of a file's bytes."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from bancada.exceptions import NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.identity._memo import DigestMemo

__all__ = ["file_digest"]

_PURPOSE = "sha256"


def file_digest(path: Path, memo: DigestMemo | None = None) -> str:
    """Return the SHA-256 of a file's bytes, 64 hexadecimal digits.

    Args:
        path: The file; it is read in pieces, whatever its size.
        memo: Where the digest of an unchanged file is recalled from, and a new one is kept.

    Raises:
        NotFoundError: There is no such file.
        OSError: The file cannot be read.
    """
    if memo is not None:
        known = memo.get(path, _PURPOSE)
        if known is not None:
            return known
    stamp = None if memo is None else memo.stamp(path)
    try:
        with path.open("rb", buffering=0) as file:
            value = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise NotFoundError(
            "A file must exist to have a digest.",
            f"Found none at {os.fspath(path)!r}.",
            "Correct the path, or restore the file.",
        ) from None
    if memo is not None and stamp is not None:
        memo.put(path, _PURPOSE, value, stamp)
    return value
