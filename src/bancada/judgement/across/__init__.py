"""Candidates over the problems of one store."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.judgement.across._document import AcrossProblems, FriedmanTest, LeftOut, PairAcross, ProblemScores
    from bancada.judgement.across._gathering import across

__all__ = ["AcrossProblems", "FriedmanTest", "LeftOut", "PairAcross", "ProblemScores", "across"]

_MODULES = {
    "AcrossProblems": "_document",
    "FriedmanTest": "_document",
    "LeftOut": "_document",
    "PairAcross": "_document",
    "ProblemScores": "_document",
    "across": "_gathering",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use; the documents alone load nothing heavy."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
