"""Two fitted models on the test rows of one split, row by row."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.judgement.paired._over_rows import over_rows

__all__ = ["over_rows"]

_MODULES = {"over_rows": "_over_rows"}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use: the command line reads most comparisons without it."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
