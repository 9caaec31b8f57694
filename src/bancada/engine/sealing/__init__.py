"""Which rows are sealed, told without opening them, and who may have seen them all the same."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine.sealing._kept import kept_rows
    from bancada.engine.sealing._opened import opened_data
    from bancada.engine.sealing._rows import holdout_rows, keep_rows, sealed_positions

__all__ = ["holdout_rows", "keep_rows", "kept_rows", "opened_data", "sealed_positions"]

_WHERE = {
    "holdout_rows": "_rows",
    "keep_rows": "_rows",
    "kept_rows": "_kept",
    "opened_data": "_opened",
    "sealed_positions": "_rows",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
