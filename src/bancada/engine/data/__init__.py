"""The data of runs: what is kept of them, where they can be had again, what is locked and how versions differ."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine.data._finding import FoundData, find_data
    from bancada.engine.data._keeping import data_evidence, keep_version, uncaptured

__all__ = ["FoundData", "data_evidence", "find_data", "keep_version", "uncaptured"]

_WHERE = {
    "FoundData": "_finding",
    "data_evidence": "_keeping",
    "find_data": "_finding",
    "keep_version": "_keeping",
    "uncaptured": "_keeping",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
