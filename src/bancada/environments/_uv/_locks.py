"""The locks of a project that uv manages: `uv.lock`, and what `uv pip compile` and `uv export` write."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from bancada.environments._lockfiles import Pins, Read, locks_in, shared_locks, toml_hosts, toml_packages

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["lock_hosts", "lock_places", "read_locks", "uv_pins"]

_LOCK = "uv.lock"


def lock_places(root: Path) -> tuple[Path, ...]:
    """Name the files that are locks.

    Args:
        root: The project's root.
    """
    return (root / _LOCK, *(path for path, _, _ in shared_locks(root)))


def read_locks(root: Path) -> Read:
    """Read them.

    Args:
        root: The project's root.
    """
    return locks_in(root, [(root / _LOCK, uv_pins, True), *shared_locks(root)])


def uv_pins(content: bytes) -> Pins:
    """Read the pins of a `uv.lock`."""
    return toml_packages(tomllib.loads(content.decode()), "package", _hashes)


def _hashes(package: dict[str, Any]) -> Iterator[str]:
    for file in [*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else ())]:
        if "hash" in file:
            yield file["hash"]


def lock_hosts(content: bytes) -> list[str]:
    """Return the host names of the indexes that a `uv.lock` names."""
    told = tomllib.loads(content.decode())
    return toml_hosts(package.get("source", {}).get("registry") for package in told.get("package", ()))
