"""Where models err, as people read it and as they take it away."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.report.errors._rows import changes_table
    from bancada.report.errors._tables import errors_tables
    from bancada.report.errors._writing import write_rows

__all__ = ["changes_table", "errors_tables", "write_rows"]

_MODULES = {"changes_table": "_rows", "errors_tables": "_tables", "write_rows": "_writing"}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
