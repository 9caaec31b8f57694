"""Verdicts as people see them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.report.reproducing._verdicts import reproduction_text, reproductions_table, verdict_line

__all__ = ["reproduction_text", "reproductions_table", "verdict_line"]


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}._verdicts"), name)
