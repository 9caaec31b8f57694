"""What was expected of runs, what came of it, and the journal of all that was tried."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.judgement.journal._declaring import Wish, declare, wish
    from bancada.judgement.journal._documents import Entry, Expected, Journal, JournalRun, RunOutcome
    from bancada.judgement.journal._hypothesis import Hypothesis, Reference, Seen
    from bancada.judgement.journal._journal import journal, parse_since
    from bancada.judgement.journal._outcomes import expected_of, outcome_of_plan

__all__ = [
    "Entry",
    "Expected",
    "Hypothesis",
    "Journal",
    "JournalRun",
    "Reference",
    "RunOutcome",
    "Seen",
    "Wish",
    "declare",
    "expected_of",
    "journal",
    "outcome_of_plan",
    "parse_since",
    "wish",
]

_MODULES = {
    "Entry": "_documents",
    "Expected": "_documents",
    "Hypothesis": "_hypothesis",
    "Journal": "_documents",
    "JournalRun": "_documents",
    "Reference": "_hypothesis",
    "RunOutcome": "_documents",
    "Seen": "_hypothesis",
    "Wish": "_declaring",
    "declare": "_declaring",
    "expected_of": "_outcomes",
    "journal": "_journal",
    "outcome_of_plan": "_outcomes",
    "parse_since": "_journal",
    "wish": "_declaring",
}


def __getattr__(name: str) -> Any:
    """Load the module that holds `name` on first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
