"""What a team agrees on beside the numbers: who decides, why a metric was chosen, and what was considered instead."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.definitions.agreement._alternative import Alternative, check_alternatives
    from bancada.definitions.agreement._reasons import check_reasons, check_text
    from bancada.definitions.agreement._team import Team, read_team

__all__ = ["Alternative", "Team", "check_alternatives", "check_reasons", "check_text", "read_team"]

_HOMES = {
    "Alternative": "_alternative",
    "Team": "_team",
    "check_alternatives": "_alternative",
    "check_reasons": "_reasons",
    "check_text": "_reasons",
    "read_team": "_team",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
