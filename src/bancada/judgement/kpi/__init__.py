"""What is said about KPIs: differences in their unit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.judgement._comparison import KpiDifference

__all__ = ["KpiDifference"]

_HOMES = {"KpiDifference": "bancada.judgement._comparison"}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
