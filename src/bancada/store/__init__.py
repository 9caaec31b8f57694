"""The store: folds, runs, objects and definitions in one folder; the index over it."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.store._entries import Entry, IndexedRun
    from bancada.store._files import check_name, random_name
    from bancada.store._findings import Finding
    from bancada.store._folds import FoldContent, Folds, content_digest
    from bancada.store._forgetting import Forgotten
    from bancada.store._index import Index
    from bancada.store._leases import Leases
    from bancada.store._runs import Journal, Runs, StoredRun
    from bancada.store._store import Store

__all__ = [
    "Entry",
    "Finding",
    "FoldContent",
    "Folds",
    "Forgotten",
    "Index",
    "IndexedRun",
    "Journal",
    "Leases",
    "Runs",
    "Store",
    "StoredRun",
    "check_name",
    "content_digest",
    "random_name",
]

_WHERE = {
    "Entry": "_entries",
    "Finding": "_findings",
    "FoldContent": "_folds",
    "Folds": "_folds",
    "Forgotten": "_forgetting",
    "Index": "_index",
    "IndexedRun": "_entries",
    "Journal": "_runs",
    "Leases": "_leases",
    "Runs": "_runs",
    "Store": "_store",
    "StoredRun": "_runs",
    "check_name": "_files",
    "content_digest": "_folds",
    "random_name": "_files",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
