"""How the rows of two versions of some data differ, as far as stores and the cache still know them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine.rows._changes import row_changes

__all__ = ["row_changes"]


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}._changes"), name)
