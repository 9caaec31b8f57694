"""The champion: a run named before the candidates were scored, against which fewer comparisons are made."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.judgement.champions._document import Champion
    from bancada.judgement.champions._naming import answers_to, champion_of, in_advance, named_in, refuse_unknown

__all__ = ["Champion", "answers_to", "champion_of", "in_advance", "named_in", "refuse_unknown"]

_MODULES = {
    "Champion": "_document",
    "answers_to": "_naming",
    "champion_of": "_naming",
    "in_advance": "_naming",
    "named_in": "_naming",
    "refuse_unknown": "_naming",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
