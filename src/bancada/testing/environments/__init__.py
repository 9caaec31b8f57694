"""Conformance of environment managers: the laws as checks, and a manager in memory."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.testing.environments._laws import environment_checks
    from bancada.testing.environments._memory_manager import MemoryManager

__all__ = ["MemoryManager", "environment_checks"]

_HOMES = {
    "MemoryManager": "_memory_manager",
    "environment_checks": "_laws",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
