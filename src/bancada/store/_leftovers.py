"""What killed processes of this host have left half-written: no damage, and nothing that anybody misses."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bancada.store._files import left_behind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["leftovers"]

# How deep below each folder of a store something is written aside: `runs/<problem>/<run>/after/.note…`.
DEPTHS = {"": 0, "aside": 0, "leases": 0, "data": 0, "definitions": 0, "objects": 0, "schemas": 0, "runs": 3}


def leftovers(root: Path) -> Iterator[Path]:
    """Yield files and folders that processes which are gone wrote aside and never gave their names.

    Args:
        root: The store's folder.
    """
    for folder, depth in DEPTHS.items():
        yield from _below(root / folder, depth)


def _below(folder: Path, depth: int) -> Iterator[Path]:
    try:
        with os.scandir(folder) as found:
            entries = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in found)
    except OSError:
        return
    for name, is_folder in entries:
        if left_behind(name):
            yield folder / name
        elif is_folder and depth:
            yield from _below(folder / name, depth - 1)
