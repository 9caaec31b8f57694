"""How often the holdout of a problem was looked at, told without reading data or executing code."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.judgement.holdout._looked import looked_at, with_looks

__all__ = ["looked_at", "with_looks"]


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}._looked"), name)
