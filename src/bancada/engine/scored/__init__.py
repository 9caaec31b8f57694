"""Runs with their test rows and predictions, for views that need more than stored scores."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine._scoring import RunScorer, TestedFold

__all__ = ["RunScorer", "TestedFold"]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module("bancada.engine._scoring"), name)
