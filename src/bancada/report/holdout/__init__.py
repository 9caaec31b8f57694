"""Looks at a holdout: what one would cost, what it showed, and all that there were."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.report.holdout._document import HoldoutDocument, holdout_document
    from bancada.report.holdout._texts import cost_text, holdout_tables, look_lines, looks_tables

__all__ = ["HoldoutDocument", "cost_text", "holdout_document", "holdout_tables", "look_lines", "looks_tables"]

_MODULES = {
    "HoldoutDocument": "_document",
    "cost_text": "_texts",
    "holdout_document": "_document",
    "holdout_tables": "_texts",
    "look_lines": "_texts",
    "looks_tables": "_texts",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
