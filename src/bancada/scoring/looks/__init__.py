"""What may be said at a look at a holdout: its level, its interval, gates and non-inferiority (STATISTICS §6)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.scoring.looks._gates import Gate, GateResult, Gates, judge_gates
    from bancada.scoring.looks._intervals import LookInterval, look_interval
    from bancada.scoring.looks._levels import look_level
    from bancada.scoring.looks._noninferior import NonInferiority, non_inferior

__all__ = [
    "Gate",
    "GateResult",
    "Gates",
    "LookInterval",
    "NonInferiority",
    "judge_gates",
    "look_interval",
    "look_level",
    "non_inferior",
]

_MODULES = {
    "Gate": "_gates",
    "GateResult": "_gates",
    "Gates": "_gates",
    "LookInterval": "_intervals",
    "NonInferiority": "_noninferior",
    "judge_gates": "_gates",
    "look_interval": "_intervals",
    "look_level": "_levels",
    "non_inferior": "_noninferior",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
