"""What came of judging older runs by the present evaluation."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.report.rescoring._document import RescoreDocument, rescore_document, rescore_text, unscored_text

__all__ = ["RescoreDocument", "rescore_document", "rescore_text", "unscored_text"]


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}._document"), name)
