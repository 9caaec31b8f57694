"""What a hypothesis needs of a problem that is bound to its data: rows of an expression, and the champion's scores."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine.hypotheses._champions import scored_by
    from bancada.engine.hypotheses._rows import with_rows

__all__ = ["scored_by", "with_rows"]

_WHERE = {"scored_by": "_champions", "with_rows": "_rows"}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
