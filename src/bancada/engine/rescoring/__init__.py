"""Runs that were judged by another evaluation, judged by the present one: nothing is fitted."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine.rescoring._hearing import RescoreListener
    from bancada.engine.rescoring._rescore import Rescored, Unscored, rescore
    from bancada.engine.rescoring._scorers import Scorers

__all__ = ["RescoreListener", "Rescored", "Scorers", "Unscored", "rescore"]

_WHERE = {
    "RescoreListener": "_hearing",
    "Rescored": "_rescore",
    "Scorers": "_scorers",
    "Unscored": "_rescore",
    "rescore": "_rescore",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
