"""One split and several seeds each: the procedure on this split (STATISTICS §1)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.scoring.seeds._difference import FEWEST_SEEDS, seeds_difference
    from bancada.scoring.seeds._needed import SeedsNeeded, seeds_needed

__all__ = ["FEWEST_SEEDS", "SeedsNeeded", "seeds_difference", "seeds_needed"]

_MODULES = {
    "FEWEST_SEEDS": "_difference",
    "SeedsNeeded": "_needed",
    "seeds_difference": "_difference",
    "seeds_needed": "_needed",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
