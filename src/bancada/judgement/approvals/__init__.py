"""Who approves how a problem is judged: `approvals.toml`, what each entry is bound to, and which of them count."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.judgement.approvals._approved import Approved
    from bancada.judgement.approvals._approving import approve, approver_of, checked_subject, withdraw
    from bancada.judgement.approvals._counting import EntryState, SubjectState
    from bancada.judgement.approvals._entries import SUBJECTS
    from bancada.judgement.approvals._on_board import approved_on
    from bancada.judgement.approvals._status import Outcome, Status, status_of
    from bancada.judgement.approvals._subjects import closures_of
    from bancada.judgement.approvals._told import Told, told_problem

__all__ = [
    "SUBJECTS",
    "Approved",
    "EntryState",
    "Outcome",
    "Status",
    "SubjectState",
    "Told",
    "approve",
    "approved_on",
    "approver_of",
    "checked_subject",
    "closures_of",
    "status_of",
    "told_problem",
    "withdraw",
]

_HOMES = {
    "SUBJECTS": "_entries",
    "Approved": "_approved",
    "EntryState": "_counting",
    "Outcome": "_status",
    "Status": "_status",
    "SubjectState": "_counting",
    "Told": "_told",
    "approve": "_approving",
    "approved_on": "_on_board",
    "approver_of": "_approving",
    "checked_subject": "_approving",
    "closures_of": "_subjects",
    "status_of": "_status",
    "told_problem": "_told",
    "withdraw": "_approving",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
