"""What is expected of runs before they are made: a metric, a direction, and a number or a champion."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.definitions.expectations._expectation import Expectation, expectation
    from bancada.definitions.expectations._meaning import check_metric, meant_slice

__all__ = ["Expectation", "check_metric", "expectation", "meant_slice"]

_HOMES = {
    "Expectation": "_expectation",
    "check_metric": "_meaning",
    "expectation": "_expectation",
    "meant_slice": "_meaning",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
