"""Candidate code that opened the file of the data itself, and may have seen rows that are sealed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["opened_data"]


def opened_data(root: Path, files: Iterable[str], read: Iterable[str]) -> tuple[str, ...]:
    """Return which files of the dataset are among those that a candidate's code has read, by path, sorted.

    Known is what was opened through Python. A library that opens files in C without telling Python (pyarrow, polars,
    duckdb) is not noticed, and neither are the processes that a candidate starts.

    Args:
        root: The project's root.
        files: Files of the dataset, relative to the root.
        read: Paths, relative to the root or absolute.
    """
    own = {os.path.realpath(root / path): path for path in files}
    return tuple(sorted({own[place] for path in read if (place := os.path.realpath(root / path)) in own}))
