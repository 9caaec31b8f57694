"""Looks at the sealed holdout: fit on everything else, predict and score the sealed rows, and count that."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine.holdout._counting import Looked, looks_at
    from bancada.engine.holdout._file import LOOKS_NAME, LooksFile, add_looks, read_looks
    from bancada.engine.holdout._looking import Foreseen, Taken, foresee, take_look

__all__ = [
    "LOOKS_NAME",
    "Foreseen",
    "Looked",
    "LooksFile",
    "Taken",
    "add_looks",
    "foresee",
    "looks_at",
    "read_looks",
    "take_look",
]

_WHERE = {
    "LOOKS_NAME": "_file",
    "Foreseen": "_looking",
    "Looked": "_counting",
    "LooksFile": "_file",
    "Taken": "_looking",
    "add_looks": "_file",
    "foresee": "_looking",
    "looks_at": "_counting",
    "read_looks": "_file",
    "take_look": "_looking",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
