"""A lock beside what is installed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.exceptions import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bancada.records.environments import Lock, Package

__all__ = ["Agreement", "agreement"]

# Environments are born with them, and no lock names them.
_SEEDS = frozenset({"pip", "setuptools", "wheel", "uv", "bancada"})
_SHOWN = 5
# Some indexes state MD5 alone, which proves nothing.
_STRONG = ("sha256:", "sha384:", "sha512:")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What locks tell about the packages that are installed.

    Attributes:
        locks: Those that agree.
        hashes: By name of a package, the digests of its files in any lock that has its version, of the SHA-2 kinds.
        notes: A sentence for each lock that does not agree, with the packages that differ.
    """

    locks: tuple[Lock, ...]
    hashes: dict[str, tuple[str, ...]]
    notes: tuple[str, ...]


def agreement(locks: Iterable[Lock], packages: Sequence[Package]) -> Agreement:
    """Hold locks against what is installed.

    A lock agrees when each package that it names has one of its versions, where it is installed; and, where the lock is
    of everything, when it names each package that an index gave. One without pins was held against what is installed by
    its manager.

    Args:
        locks: The locks.
        packages: What is installed.
    """
    agreeing, notes = [], []
    hashes: dict[str, tuple[str, ...]] = {}
    for lock in locks:
        other = [
            f"{package.name} {package.version} (locked: {', '.join(sorted(lock.pins[package.name])[:3])})"
            for package in packages
            if package.name in lock.pins
            and package.version not in lock.pins[package.name]
            and package.origin == "index"
        ]
        beside = [
            f"{package.name} {package.version}"
            for package in packages
            if lock.whole and package.origin == "index" and package.name not in lock.pins and package.name not in _SEEDS
        ]
        for package in packages:
            stated = lock.pins.get(package.name, {}).get(package.version, ())
            found = [value for value in stated if value.startswith(_STRONG)]
            if found:
                hashes[package.name] = tuple(sorted({*hashes.get(package.name, ()), *found}))
        if other or beside:
            notes.append(_note(lock, other, beside))
        elif not lock.pins or any(package.name in lock.pins for package in packages):
            agreeing.append(lock)
    return Agreement(tuple(agreeing), hashes, tuple(notes))


def _note(lock: Lock, other: list[str], beside: list[str]) -> str:
    parts = []
    if other:
        parts.append(f"{counted(len(other), 'package')} installed in another version, {_few(other)}")
    if beside:
        parts.append(f"{counted(len(beside), 'package')} that it does not name, {_few(beside)}")
    return f"`{lock.path}` is not what is installed: {'; '.join(parts)}."


def _few(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
