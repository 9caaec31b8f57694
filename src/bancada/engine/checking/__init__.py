"""What is wrong with data before anything is fitted on them: arrays in, findings out, a check a file."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine.checking._checks import CHECKS, check_rows
    from bancada.engine.checking._data_check import DataCheck, check_data
    from bancada.engine.checking._finding import Finding, Outcome
    from bancada.engine.checking._reading import checked_rows
    from bancada.engine.checking._rows import CheckedRows, Target

__all__ = [
    "CHECKS",
    "CheckedRows",
    "DataCheck",
    "Finding",
    "Outcome",
    "Target",
    "check_data",
    "check_rows",
    "checked_rows",
]

_WHERE = {
    "CHECKS": "_checks",
    "CheckedRows": "_rows",
    "DataCheck": "_data_check",
    "Finding": "_finding",
    "Outcome": "_finding",
    "Target": "_rows",
    "check_data": "_data_check",
    "check_rows": "_checks",
    "checked_rows": "_reading",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
