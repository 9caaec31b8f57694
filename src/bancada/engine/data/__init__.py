"""The data of runs: what is kept of them, where they can be had again, what is locked and how versions differ."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.engine.data._checking import held
    from bancada.engine.data._differing import DataChanges, differences
    from bancada.engine.data._finding import FoundData, find_data
    from bancada.engine.data._keeping import data_evidence, uncaptured
    from bancada.engine.data._locking import DataStates, LockOutcome, lock_data, project_datasets, state_of_data
    from bancada.engine.data._versions import Version, changed_since, find_version

__all__ = [
    "DataChanges",
    "DataStates",
    "FoundData",
    "LockOutcome",
    "Version",
    "changed_since",
    "data_evidence",
    "differences",
    "find_data",
    "find_version",
    "held",
    "lock_data",
    "project_datasets",
    "state_of_data",
    "uncaptured",
]

_WHERE = {
    "DataChanges": "_differing",
    "DataStates": "_locking",
    "FoundData": "_finding",
    "LockOutcome": "_locking",
    "Version": "_versions",
    "changed_since": "_versions",
    "data_evidence": "_keeping",
    "differences": "_differing",
    "find_data": "_finding",
    "find_version": "_versions",
    "held": "_checking",
    "lock_data": "_locking",
    "project_datasets": "_locking",
    "state_of_data": "_locking",
    "uncaptured": "_keeping",
}


def __getattr__(name: str) -> Any:
    """Load a name's module when it is first asked for."""
    if name not in _WHERE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
