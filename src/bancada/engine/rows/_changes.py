"""Two versions of some data, by what records say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.engine.data import differences
from bancada.engine.data._versions import rows_of_version
from bancada.exceptions import BancadaError

if TYPE_CHECKING:
    from bancada.definitions import Project
    from bancada.engine.data import DataChanges
    from bancada.records import DatasetIdentity
    from bancada.store import Store

__all__ = ["row_changes"]


def row_changes(
    old: tuple[DatasetIdentity, Store], new: tuple[DatasetIdentity, Store], project: Project
) -> DataChanges | None:
    """Return how the rows of two versions differ; None where what is still known of one does not tell.

    Args:
        old: What the earlier data were, and a store that has seen them.
        new: The same of the later data.
        project: Its cache may still hold the tables.
    """
    try:
        before, after = (rows_of_version(data.table, data.id, store, project) for data, store in (old, new))
        return None if before is None or after is None else differences(before, after)
    except BancadaError:
        return None
