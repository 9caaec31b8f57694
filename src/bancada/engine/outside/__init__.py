"""What was made outside bancada: predictions of any origin, and programs that are run as they are."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine.outside._accepting import accept
    from bancada.engine.outside._commanding import Command, Executed, execute
    from bancada.engine.outside._handing import hand_over
    from bancada.engine.outside._split_rows import write_split
    from bancada.engine.outside._submission import Submission, check_submission, check_submitted_name

__all__ = [
    "Command",
    "Executed",
    "Submission",
    "accept",
    "check_submission",
    "check_submitted_name",
    "execute",
    "hand_over",
    "write_split",
]

_WHERE = {
    "Command": "_commanding",
    "Executed": "_commanding",
    "Submission": "_submission",
    "accept": "_accepting",
    "check_submission": "_submission",
    "check_submitted_name": "_submission",
    "execute": "_commanding",
    "hand_over": "_handing",
    "write_split": "_split_rows",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
