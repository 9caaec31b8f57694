"""Where models err, as people read it and as they take it away."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.report.errors._comparing import comparison_tables, write_changes
    from bancada.report.errors._tables import errors_tables
    from bancada.report.errors._writing import write_rows

__all__ = ["comparison_tables", "errors_tables", "write_changes", "write_rows"]

_MODULES = {
    "comparison_tables": "_comparing",
    "errors_tables": "_tables",
    "write_changes": "_comparing",
    "write_rows": "_writing",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
