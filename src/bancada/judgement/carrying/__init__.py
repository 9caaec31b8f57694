"""Claims of an earlier version of the data on the present one: which are carried, their links, the drift."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.judgement.carrying._choosing import Carried, Carry, carry, check_count
    from bancada.judgement.carrying._drift import Drift, DriftRows, Side, drift_of
    from bancada.judgement.carrying._links import link, settle

__all__ = ["Carried", "Carry", "Drift", "DriftRows", "Side", "carry", "check_count", "drift_of", "link", "settle"]

_WHERE = {
    "Carried": "_choosing",
    "Carry": "_choosing",
    "Drift": "_drift",
    "DriftRows": "_drift",
    "Side": "_drift",
    "carry": "_choosing",
    "check_count": "_choosing",
    "drift_of": "_drift",
    "link": "_links",
    "settle": "_links",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
