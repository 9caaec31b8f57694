"""The rows that runs have tested, with truth and predictions, from what is kept: no project code is executed."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine.examples._examples import Examples, TestedFold, answered
    from bancada.engine.examples._recorded import examples_of

__all__ = ["Examples", "TestedFold", "answered", "examples_of"]

_WHERE = {"Examples": "_examples", "TestedFold": "_examples", "answered": "_examples", "examples_of": "_recorded"}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
