"""Values rebuilt from their canonical form: the inverse of `models.describe`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.models.building._arrays import arrays
    from bancada.models.building._build import build

__all__ = ["arrays", "build"]

_WHERE = {"arrays": "_arrays", "build": "_build"}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
