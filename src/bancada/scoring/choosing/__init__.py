"""What choosing the best of many does to its score, and who is not shown to be worse (STATISTICS §5)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.scoring.choosing._confidence import ModelConfidenceSet, model_confidence_set
    from bancada.scoring.choosing._optimism import Optimism, optimism_of
    from bancada.scoring.choosing._units import pooled_into

__all__ = ["ModelConfidenceSet", "Optimism", "model_confidence_set", "optimism_of", "pooled_into"]

_MODULES = {
    "ModelConfidenceSet": "_confidence",
    "Optimism": "_optimism",
    "model_confidence_set": "_confidence",
    "optimism_of": "_optimism",
    "pooled_into": "_units",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
