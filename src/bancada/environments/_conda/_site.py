"""The folder of packages in a prefix, and what pip takes out of it."""

from __future__ import annotations

import csv
import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["packages_folder", "remove_distribution"]


def packages_folder(prefix: Path, python: str) -> Path:
    """Return the folder of packages of a prefix.

    Args:
        prefix: A prefix of Conda or a virtual environment.
        python: Version of its Python.
    """
    if os.name == "nt":
        return prefix / "Lib" / "site-packages"
    free = sorted((prefix / "lib").glob(f"python{'.'.join(python.split('.')[:2])}*/site-packages"))
    return free[0] if free else prefix / "lib" / f"python{'.'.join(python.split('.')[:2])}" / "site-packages"


def remove_distribution(prefix: Path, metadata: Path) -> None:
    """Remove a distribution as pip does: every file that its RECORD lists, and the folders that are then empty.

    Args:
        prefix: The prefix; nothing outside it is removed.
        metadata: The distribution's metadata folder.
    """
    root, site = prefix.resolve(), metadata.parent.resolve()
    try:
        rows = [row[0] for row in csv.reader((metadata / "RECORD").read_text(encoding="utf-8").splitlines()) if row]
    except (OSError, ValueError):
        rows = []
    for row in rows:
        # The folder is resolved and the file is not: a link is removed, never what it leads to.
        path = (site / row).parent.resolve() / (site / row).name
        if path.is_relative_to(root) and (path.is_file() or path.is_symlink()):
            path.unlink()
            _remove_empty(path.parent, site)
    if metadata.is_dir() and not metadata.is_symlink():
        shutil.rmtree(metadata)


def _remove_empty(folder: Path, stop: Path) -> None:
    while folder.is_relative_to(stop) and folder != stop and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
