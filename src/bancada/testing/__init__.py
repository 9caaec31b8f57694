"""Conformance: the laws of every contract as checks, a double of each block, and a plugin for pytest."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.testing._check import Check
    from bancada.testing._report import Report, check
    from bancada.testing._round_robin import RoundRobin
    from bancada.testing._split_laws import split_checks

__all__ = ["Check", "Report", "RoundRobin", "check", "split_checks"]

_HOMES = {
    "Check": "_check",
    "Report": "_report",
    "RoundRobin": "_round_robin",
    "check": "_report",
    "split_checks": "_split_laws",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
