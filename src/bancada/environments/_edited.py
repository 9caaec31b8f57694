"""Which of some packages were edited after they were installed: asked before a run, so that it must be quick."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bancada.environments._capture import capture_of
from bancada.environments._installed import metadata_folders
from bancada.environments._memory import Memory
from bancada.environments._stamps import stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bancada.records.environments import Package

__all__ = ["edited"]


def edited(names: Collection[str], root: Path, cache: Path, scan: Callable[[str], Sequence[str]]) -> dict[str, str]:
    """Return the content of those packages whose files are not as they were installed.

    Of what is remembered only the files of these packages are looked at; where one has changed, or nothing is
    remembered, the whole environment is read, and remembered.

    Args:
        names: Normalised names of installed distributions.
        root: The project's root, where the manager's locks lie.
        cache: Folder in which what was read is remembered until files change.
        scan: As for `capture`.

    Returns:
        The digest of the content, by name.
    """
    packages = _remembered(names, cache)
    if packages is None:
        packages = [
            package
            for package in capture_of(Path(sys.prefix), sys.path, root, cache, scan).record.packages
            if package.name in names and package.altered
        ]
    return {package.name: package.content for package in packages}


def _remembered(names: Collection[str], cache: Path) -> list[Package] | None:
    """Return the edited ones by what is remembered; None where that is not what is there."""
    memory = Memory(cache, Path(sys.prefix))
    told = memory.told
    if told is None:
        return None
    found = []
    for folder in metadata_folders():
        if folder.name not in names:
            continue
        was = memory.packages.get(folder.path)
        if was is None or stamp(was.watched) != was.stamp:
            return None
        # What its manager rewrites is no edit.
        if set(was.package.altered) - (told.rewritten if folder.name in told.gives else set()):
            found.append(was.package)
    return found
