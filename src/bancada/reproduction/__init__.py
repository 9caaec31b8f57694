"""Runs rebuilt from what was recorded, computed once more, and compared; and in what two runs differ."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.reproduction._documents import Difference, Reproduction, Reproductions, ScoreDifference
    from bancada.reproduction._ending import ended_by_signals
    from bancada.reproduction._listening import Listener, Silence
    from bancada.reproduction._reproduce import Reproducer, Ways
    from bancada.reproduction._stating import verdict_statement

__all__ = [
    "Difference",
    "Listener",
    "Reproducer",
    "Reproduction",
    "Reproductions",
    "ScoreDifference",
    "Silence",
    "Ways",
    "ended_by_signals",
    "verdict_statement",
]

_WHERE = {
    "Difference": "_documents",
    "Listener": "_listening",
    "Reproducer": "_reproduce",
    "Reproduction": "_documents",
    "Reproductions": "_documents",
    "ScoreDifference": "_documents",
    "Silence": "_listening",
    "Ways": "_reproduce",
    "ended_by_signals": "_ending",
    "verdict_statement": "_stating",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
