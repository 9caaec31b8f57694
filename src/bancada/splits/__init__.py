"""Which rows train and test: the designs of a split, and scikit-learn's splitters as they are."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.splits._as_split import as_split
    from bancada.splits._holdout import id_hashes
    from bancada.splits._kfold import KFold
    from bancada.splits._predefined import Predefined
    from bancada.splits._single import Single
    from bancada.splits._splitter import from_splitter
    from bancada.splits._time_ordered import TimeOrdered
    from bancada.splits._times import time_codes

__all__ = ["KFold", "Predefined", "Single", "TimeOrdered", "as_split", "from_splitter", "id_hashes", "time_codes"]

_DOOR = {
    "KFold": "_kfold",
    "Predefined": "_predefined",
    "Single": "_single",
    "TimeOrdered": "_time_ordered",
    "as_split": "_as_split",
    "from_splitter": "_splitter",
    "id_hashes": "_holdout",
    "time_codes": "_times",
}


def __getattr__(name: str) -> Any:
    """Import a public name's file when it is first asked for."""
    if name not in _DOOR:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"{__name__}.{_DOOR[name]}"), name)
