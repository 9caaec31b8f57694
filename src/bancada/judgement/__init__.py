"""What is said about runs: the leaderboard and the comparison, as the documents that are printed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.judgement._compare import compare
    from bancada.judgement._comparison import Check, Comparison, MetricDifference, Side, SliceDifference
    from bancada.judgement._contest import Contest
    from bancada.judgement._documents import AgainstLeader, Leaderboard, LeaderboardRow
    from bancada.judgement._leaderboard import leaderboard
    from bancada.judgement._references import current_board, find_line, meant_problem, tried_beside

__all__ = [
    "AgainstLeader",
    "Check",
    "Comparison",
    "Contest",
    "Leaderboard",
    "LeaderboardRow",
    "MetricDifference",
    "Side",
    "SliceDifference",
    "compare",
    "current_board",
    "find_line",
    "leaderboard",
    "meant_problem",
    "tried_beside",
]

_MODULES = {
    "AgainstLeader": "_documents",
    "Check": "_comparison",
    "Comparison": "_comparison",
    "Contest": "_contest",
    "Leaderboard": "_documents",
    "LeaderboardRow": "_documents",
    "MetricDifference": "_comparison",
    "Side": "_comparison",
    "SliceDifference": "_comparison",
    "compare": "_compare",
    "current_board": "_references",
    "find_line": "_references",
    "leaderboard": "_leaderboard",
    "meant_problem": "_references",
    "tried_beside": "_references",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use; the documents alone load nothing heavy."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
