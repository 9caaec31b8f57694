"""In what two runs differ, from their records alone: nothing of a project is imported."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.reproduction.differing._code import KeptCode, definition_text
    from bancada.reproduction.differing._diff import diff
    from bancada.reproduction.differing._document import (
        Change,
        CodeChange,
        DataChange,
        Diff,
        Effect,
        Explanation,
        FileChange,
        PackageChange,
        ScoreChange,
        Side,
    )
    from bancada.reproduction.differing._recorded import Recorded

__all__ = [
    "Change",
    "CodeChange",
    "DataChange",
    "Diff",
    "Effect",
    "Explanation",
    "FileChange",
    "KeptCode",
    "PackageChange",
    "Recorded",
    "ScoreChange",
    "Side",
    "definition_text",
    "diff",
]

_MODULES = {"KeptCode": "_code", "Recorded": "_recorded", "definition_text": "_code", "diff": "_diff"}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, '_document')}"), name)
