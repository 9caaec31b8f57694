"""What `bancada data check` found."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.report.checking._document import DataCheckDocument, check_document, check_text

__all__ = ["DataCheckDocument", "check_document", "check_text"]


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}._document"), name)
