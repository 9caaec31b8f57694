"""Named, versioned examples with an id per row, from files, frames, functions and arrays."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.datasets._dataset import Dataset
    from bancada.datasets._received import Received, received
    from bancada.datasets._recipe import freeze, table_file, thaw
    from bancada.datasets._row import ROW, Row
    from bancada.datasets._table_dataset import TableDataset

__all__ = ["ROW", "Dataset", "Received", "Row", "TableDataset", "freeze", "received", "table_file", "thaw"]

_DOOR = {
    "ROW": "_row",
    "Dataset": "_dataset",
    "Received": "_received",
    "Row": "_row",
    "TableDataset": "_table_dataset",
    "freeze": "_recipe",
    "received": "_received",
    "table_file": "_recipe",
    "thaw": "_recipe",
}


def __getattr__(name: str) -> Any:
    """Import a public name's file when it is first asked for."""
    if name not in _DOOR:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"{__name__}.{_DOOR[name]}"), name)
