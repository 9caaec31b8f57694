"""How much of the difference of two scores each ingredient accounts for: one is exchanged at a time, and computed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.reproduction.explaining._explain import Explainer

__all__ = ["Explainer"]

_MODULES = {"Explainer": "_explain"}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
