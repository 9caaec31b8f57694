"""The rows of a holdout as runs have kept them, for views that read no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.exceptions import StoreError
from bancada.records.looks import HoldoutRows

if TYPE_CHECKING:
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["kept_rows"]


def kept_rows(record: RunRecord, store: Store) -> HoldoutRows | None:
    """Return the rows of the holdout of a run's problem; None where it has none, or they were not kept.

    Args:
        record: The run.
        store: Where objects are.
    """
    name = record.provenance.get("holdout")
    if not isinstance(name, str):
        return None
    try:
        return msgspec.json.decode(store.objects.get(name), type=HoldoutRows)
    except (StoreError, msgspec.DecodeError):
        return None
