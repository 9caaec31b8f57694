"""The winner's optimism: what choosing the best of many adds to its score, computed once and shown with the board."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.judgement.optimism._computing import correct
    from bancada.judgement.optimism._keeping import corrected, keep
    from bancada.judgement.optimism._values import row_values

__all__ = ["correct", "corrected", "keep", "row_values"]

_MODULES = {
    "correct": "_computing",
    "corrected": "_keeping",
    "keep": "_keeping",
    "row_values": "_values",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use; what is kept loads nothing heavy."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
