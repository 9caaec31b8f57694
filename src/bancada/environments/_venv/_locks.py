"""The locks of a project whose packages pip installs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.environments._lockfiles import Read, locks_in, shared_locks

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["lock_places", "read_locks"]


def lock_places(root: Path) -> tuple[Path, ...]:
    """Name the files that are locks.

    Args:
        root: The project's root.
    """
    return tuple(path for path, _, _ in shared_locks(root))


def read_locks(root: Path) -> Read:
    """Read them.

    Args:
        root: The project's root.
    """
    return locks_in(root, shared_locks(root))
