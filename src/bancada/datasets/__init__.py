"""Named, versioned examples with an id per row, from files, frames, functions and arrays."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.datasets._dataset import Dataset
    from bancada.datasets._finding import FoundTable, find_table
    from bancada.datasets._received import Received, received
    from bancada.datasets._recipe import dvc_disagrees, freeze, is_frame, table_file, thaw
    from bancada.datasets._row import ROW, Row
    from bancada.datasets._table_dataset import TableDataset

__all__ = [
    "ROW",
    "Dataset",
    "FoundTable",
    "Received",
    "Row",
    "TableDataset",
    "dvc_disagrees",
    "find_table",
    "freeze",
    "is_frame",
    "received",
    "table_file",
    "thaw",
]

_DOOR = {
    "ROW": "_row",
    "Dataset": "_dataset",
    "FoundTable": "_finding",
    "Received": "_received",
    "Row": "_row",
    "TableDataset": "_table_dataset",
    "dvc_disagrees": "_recipe",
    "find_table": "_finding",
    "freeze": "_recipe",
    "is_frame": "_recipe",
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
