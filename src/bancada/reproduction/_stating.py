"""The verdict as a statement about the run."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from bancada.provenance import author
from bancada.records import Statement

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.reproduction._documents import Difference, Reproduction

__all__ = ["verdict_statement"]


def verdict_statement(found: Reproduction, root: Path) -> Statement:
    """Return what is kept of a reproduction: all of it but the ids of rows, which can be personal data.

    Args:
        found: The verdict.
        root: The project's root; git there tells who says it.
    """
    kept = msgspec.structs.replace(
        found, first_difference=_bare(found.first_difference), largest_difference=_bare(found.largest_difference)
    )
    said = dt.datetime.now(dt.UTC).isoformat()
    return Statement(kind="verdict", said=said, content=msgspec.to_builtins(kept), author=author(root))


def _bare(difference: Difference | None) -> Difference | None:
    return None if difference is None else msgspec.structs.replace(difference, id=None)
