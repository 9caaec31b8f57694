"""Candidates over many problems: ranks, tests from ten problems on, raw differences below (STATISTICS §9)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.scoring.problems._friedman import Friedman, critical_difference, friedman, mean_ranks
    from bancada.scoring.problems._over import OverProblems, PairOverProblems, over_problems
    from bancada.scoring.problems._signed import SignedRanks, holm, signed_ranks

__all__ = [
    "Friedman",
    "OverProblems",
    "PairOverProblems",
    "SignedRanks",
    "critical_difference",
    "friedman",
    "holm",
    "mean_ranks",
    "over_problems",
    "signed_ranks",
]

_MODULES = {
    "Friedman": "_friedman",
    "OverProblems": "_over",
    "PairOverProblems": "_over",
    "SignedRanks": "_signed",
    "critical_difference": "_friedman",
    "friedman": "_friedman",
    "holm": "_signed",
    "mean_ranks": "_friedman",
    "over_problems": "_over",
    "signed_ranks": "_signed",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
