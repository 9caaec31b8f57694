"""The files from which a process imported a project's modules, and whether they are still the same."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["ImportedFiles"]

# A file system's clock ticks: a file written just before the imports may bear a time from just after.
_TICK_NS = 20_000_000


class ImportedFiles:
    """Files of some modules, and of all modules below some folders, as they were when they were imported.

    Args:
        modules: Modules that count wherever they lie.
        folders: Folders of which every loaded module counts.
        begun_ns: When the imports began: of a file that was written later nobody knows what was read.
    """

    def __init__(self, modules: Iterable[str], folders: Iterable[str], begun_ns: int) -> None:
        self._states = {path: _state(path) for path in set(_files(modules, folders))}
        latest = max((max(state[:2]) for state in self._states.values() if state is not None), default=0)
        self._certain = latest < begun_ns - _TICK_NS

    def unchanged(self) -> bool:
        """Tell whether each file is still what was imported."""
        return self._certain and all(_state(path) == state for path, state in self._states.items())


def _files(modules: Iterable[str], folders: Iterable[str]) -> Iterator[str]:
    roots = [Path(folder).resolve() for folder in folders]
    named = set(modules)
    for name, module in sys.modules.copy().items():
        path = getattr(module, "__file__", None)
        if isinstance(path, str) and (name in named or _below(path, roots)):
            yield path


def _below(path: str, roots: list[Path]) -> bool:
    place = Path(path).resolve()
    return any(place.is_relative_to(root) for root in roots)


def _state(path: str) -> tuple[int, int, int, int] | None:
    """Return the times, the size and the number of a file; None where it is gone."""
    try:
        status = Path(path).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
