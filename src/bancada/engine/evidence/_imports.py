"""The project's modules that are in memory, however they came there."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from bancada.provenance import Observer

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["loaded_files"]


def loaded_files(root: Path, ignore: tuple[Path, ...] = ()) -> frozenset[str]:
    """Return the files of all modules below the root that are imported in this process, relative to it.

    Reading a module's text finds what it imports by name; this finds as well what it imports by a text that it makes.

    Args:
        root: The project's root.
        ignore: Folders whose modules do not count.
    """
    starts = (str(root), os.path.realpath(root))
    # A copy is made at once: a thread may import something meanwhile.
    files = [getattr(module, "__file__", None) for module in sys.modules.copy().values()]
    # A program that was started as `../program` has a file whose path leads through the working folder.
    own = [os.path.normpath(file) for file in files if isinstance(file, str) and file.startswith(starts)]
    return frozenset(Observer(root, ignore).judge(own).files)
