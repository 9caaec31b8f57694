"""Claims computed twice on one machine: whether what comes out is the same."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.reproduction.determinism._checking import check_determinism
    from bancada.reproduction.determinism._document import Determinism

__all__ = ["Determinism", "check_determinism"]

_MODULES = {"Determinism": "_document", "check_determinism": "_checking"}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
