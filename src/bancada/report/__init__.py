"""What is told of plans, runs, boards and comparisons: documents for machines, tables for people."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.report._board import Board, BoardLine
    from bancada.report._comparison import comparison_table
    from bancada.report._leaderboard import leaderboard_table
    from bancada.report._submitted import Submitted, submitted_text
    from bancada.report._trying import explore
    from bancada.report._views import (
        code_view,
        fit_view,
        list_view,
        log_view,
        plan_view,
        run_view,
        show_view,
        split_view,
    )

__all__ = [
    "Board",
    "BoardLine",
    "Submitted",
    "code_view",
    "comparison_table",
    "explore",
    "fit_view",
    "leaderboard_table",
    "list_view",
    "log_view",
    "plan_view",
    "run_view",
    "show_view",
    "split_view",
    "submitted_text",
]

_MODULES = {
    "Board": "_board",
    "BoardLine": "_board",
    "Submitted": "_submitted",
    "code_view": "_views",
    "comparison_table": "_comparison",
    "explore": "_trying",
    "fit_view": "_views",
    "leaderboard_table": "_leaderboard",
    "list_view": "_views",
    "log_view": "_views",
    "plan_view": "_views",
    "run_view": "_views",
    "show_view": "_views",
    "split_view": "_views",
    "submitted_text": "_submitted",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use: a table needs neither the engine nor HTML."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
