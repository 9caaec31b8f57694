"""Two versions of some data, by the digests of their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.engine.data import differences
from bancada.engine.data._versions import rows_of_version
from bancada.exceptions import BancadaError

if TYPE_CHECKING:
    from bancada.definitions import Project
    from bancada.engine.data import DataChanges
    from bancada.store import Store

__all__ = ["row_changes"]


def row_changes(old: tuple[str, Store], new: tuple[str, Store], project: Project) -> DataChanges | None:
    """Return how the rows of two versions differ; None where what is still known of one does not tell.

    Args:
        old: Digest of the earlier table, and a store that has seen it.
        new: The same of the later table.
        project: Its cache may still hold the tables.
    """
    try:
        before, after = (rows_of_version(digest, store, project) for digest, store in (old, new))
        return None if before is None or after is None else differences(before, after)
    except BancadaError:
        return None
