"""What a manager knows of an environment, beyond what lies in its folders of packages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Lock", "ManagerFacts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A file in which a manager wrote down what should be installed.

    Attributes:
        path: Where it lies below the project's root, with forward slashes.
        content: Its bytes.
        pins: By normalised name each version that it allows, and the digests of that version's files as `sha256:…`,
            none where it holds none. A lock for several platforms may name several versions.
        whole: True where it should name everything that is installed; a file of requirements need not.
    """

    path: str
    content: bytes
    pins: Mapping[str, Mapping[str, tuple[str, ...]]]
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerFacts:
    """What a manager tells of an environment.

    Attributes:
        locks: Its locks, as they lie there.
        gives: Normalised names of the installed distributions that the manager gives back by what `details` holds, so
            that no index is asked for them.
        rewritten: Files of these that are not as their own list says because the manager wrote the environment's place
            into them, relative to the folder of packages.
        brings: Names in the folder of packages that the manager gives back too, though no distribution lists them.
        details: The manager's own facts, as values that JSON has; what its `rebuild` needs stands here.
        notes: What its user should know, a sentence each.
        missing: What it can not give back, a phrase each.
    """

    locks: tuple[Lock, ...] = ()
    gives: frozenset[str] = frozenset()
    rewritten: frozenset[str] = frozenset()
    brings: frozenset[str] = frozenset()
    details: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
