"""What is told of data: what was locked, how they stand beside `data.lock`, how two versions differ."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.report.data._views import (
        diff_document,
        diff_text,
        lock_document,
        lock_text,
        status_document,
        status_text,
    )

__all__ = ["diff_document", "diff_text", "lock_document", "lock_text", "status_document", "status_text"]


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}._views"), name)
