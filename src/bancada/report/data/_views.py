"""Documents of the verbs of `bancada data`, and their text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.display import plain, short_digest
from bancada.exceptions import counted

if TYPE_CHECKING:
    from bancada.engine.data import DataChanges, DataStates, LockOutcome, Version

__all__ = ["diff_document", "diff_text", "lock_document", "lock_text", "status_document", "status_text"]


class LockDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.data-lock/1`: what is locked now."""

    schema: str = "bancada.data-lock/1"
    file: str
    changed: bool
    datasets: tuple[dict[str, Any], ...]


class StatusDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.data-status/1`: how each dataset stands beside `data.lock`."""

    schema: str = "bancada.data-status/1"
    file: str
    datasets: tuple[dict[str, Any], ...]


class DiffDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.data-diff/1`: how two versions of data differ."""

    schema: str = "bancada.data-diff/1"
    old: dict[str, str]
    new: dict[str, str]
    identical: bool
    changes: dict[str, Any] | None
    told: tuple[str, ...]


def lock_document(outcome: LockOutcome) -> LockDocument:
    """Return what is locked now as a document."""
    return LockDocument(
        file=outcome.file, changed=outcome.changed, datasets=tuple(map(msgspec.to_builtins, outcome.datasets))
    )


def lock_text(document: LockDocument) -> str:
    """Return what is locked as text."""
    lines = []
    for item in document.datasets:
        told = f"{_named(item)}  {counted(item['rows'], 'row')}  {short_digest(item['data'])}"
        if item["before"]:
            told += f" (was {short_digest(item['before'])})"
        if item["snapshot"]:
            told += "  copy kept" if "/" not in item["snapshot"] else f"  copy at {plain(item['snapshot'])}"
        lines.append(told)
    verb = "written; commit it" if document.changed else "as it was"
    lines.append(f"`{plain(document.file)}` {verb}")
    return "\n".join(lines)


def status_document(states: DataStates) -> StatusDocument:
    """Return how each dataset stands as a document."""
    return StatusDocument(file=states.file, datasets=tuple(map(msgspec.to_builtins, states.datasets)))


def status_text(document: StatusDocument) -> str:
    """Return how each dataset stands as text."""
    lines = []
    for item in document.datasets:
        lines.append(f"{_named(item)}  {item['state']}")
        lines += [f"  {plain(phrase)}" for phrase in item["told"]]
    if any(item["state"] == "not locked" for item in document.datasets):
        lines.append("`bancada data lock` locks what is not")
    return "\n".join(lines) or "no problem of the project names data"


def diff_document(old: Version, new: Version, changes: DataChanges | None) -> DiffDocument:
    """Return how two versions differ as a document.

    Args:
        old: The earlier version.
        new: The later version.
        changes: How they differ; None where the rows of one are not known.
    """
    identical = old.data == new.data and old.types == new.types
    told = ("the rows of one of them are not known to this store",) if changes is None else changes.phrases()
    return DiffDocument(
        old={"label": old.label, "data": old.data},
        new={"label": new.label, "data": new.data},
        identical=identical,
        changes=None if changes is None else msgspec.to_builtins(changes),
        told=() if identical else told or ("nothing that rows and columns tell: files that the rows name, or levels",),
    )


def diff_text(document: DiffDocument) -> str:
    """Return how two versions differ as text."""
    sides = [f"{plain(side['label'])} ({short_digest(side['data'])})" for side in (document.old, document.new)]
    return "\n".join([" → ".join(sides), *(map(plain, document.told) if document.told else ("no difference",))])


def _named(item: dict[str, Any]) -> str:
    return plain(item["name"]) + (f" {plain(item['version'])}" if item["version"] else "")
