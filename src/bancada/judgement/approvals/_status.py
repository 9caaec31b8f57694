"""How far a problem's evaluation is approved, and what that means for the outcomes that a team needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.judgement.approvals._counting import SubjectState, count_approvals, unreadable_entries
from bancada.judgement.approvals._entries import SUBJECTS
from bancada.judgement.approvals._file import FILE_NAME, read_approvals
from bancada.judgement.approvals._signing import Verdicts
from bancada.judgement.approvals._subjects import subject_of

if TYPE_CHECKING:
    from bancada.definitions import Project
    from bancada.judgement.approvals._told import Told

__all__ = ["Outcome", "Status", "status_of"]

_OUTCOMES = (
    ("V1", "evaluation", "all stakeholders approve how the problem is judged"),
    ("V4", "code", "the code that judges is unit-tested, and reviewed by all members"),
    ("V6", "evaluation", "the strategy is agreed"),
    ("V7", "alternatives", "the methods and metrics that were considered are documented"),
    ("V8", "code", "the code that holds the logic of the evaluation is reviewed and tested"),
    ("V9", "guide", "the guide on how to apply the evaluation is reviewed"),
)
_NO_TEAM = "[tool.bancada.team]"
_PASSED, _FAILED, _NOT_APPLICABLE = "passed", "failed", "not-applicable"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one outcome is reached.

    Attributes:
        id: Its number, such as `V1`.
        outcome: What it says.
        subject: What must be approved for it.
        status: `passed`, `failed` or `not-applicable`.
        finding: What was found.
        remedy: What to do; empty where nothing is to be done.
    """

    id: str
    outcome: str
    subject: str
    status: str
    finding: str
    remedy: str = ""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How far an evaluation is approved.

    Attributes:
        problem: Name of the problem.
        evaluation_id: Digest of the evaluation; empty where it depends on the data.
        roles: The members of each role.
        subjects: What can be approved.
        outcomes: What that means.
        flagged: What is wrong with entries that are none, a phrase each.
        file: Where approvals are written.
    """

    problem: str
    evaluation_id: str
    roles: dict[str, tuple[str, ...]]
    subjects: tuple[SubjectState, ...]
    outcomes: tuple[Outcome, ...]
    flagged: tuple[str, ...] = ()
    file: str = FILE_NAME

    def subject(self, name: str) -> SubjectState:
        """Return one of the subjects."""
        return next(state for state in self.subjects if state.subject == name)


def status_of(told: Told, project: Project) -> Status:
    """Return how far the evaluation of a problem is approved; no code of the project is executed.

    Args:
        told: How it is judged, from the snapshot of the definitions.
        project: The project.

    Raises:
        ConfigurationError: `approvals.toml` cannot be read, or the file of allowed signers.
    """
    entries, verdicts = read_approvals(project.root), Verdicts(project)
    states = tuple(
        count_approvals(subject_of(name, told, project), told.name, entries, project.team, verdicts)
        for name in SUBJECTS
    )
    by_name = {state.subject: state for state in states}
    return Status(
        problem=told.name,
        evaluation_id=told.evaluation,
        roles=dict(project.team.roles),
        subjects=states,
        outcomes=tuple(_outcome(number, what, by_name[subject]) for number, subject, what in _OUTCOMES),
        flagged=unreadable_entries(entries),
    )


def _outcome(number: str, what: str, state: SubjectState) -> Outcome:
    status, finding, remedy = _found(state)
    return Outcome(id=number, outcome=what, subject=state.subject, status=status, finding=finding, remedy=remedy)


def _found(state: SubjectState) -> tuple[str, str, str]:
    """Return status, finding and remedy."""
    if not state.applies:
        return _NOT_APPLICABLE, state.lacking.removesuffix("."), ""
    if not state.digest:
        return _FAILED, state.lacking.removesuffix("."), state.remedy
    if not state.needed:
        return _FAILED, "nobody is named who approves", f"Name roles and members in `{_NO_TEAM}`."
    if state.approved:
        return _PASSED, state.in_words, ""
    waiting = ", ".join(state.missing)
    remedy = f"`bancada evaluation approve --subject {state.subject}` by {waiting}."
    lapsed = [entry for entry in state.entries if entry.state == "lapsed" and _waits(entry.role, entry.who, state)]
    changed = sorted({phrase for entry in lapsed for phrase in entry.changed})
    finding = state.in_words + (f"; lapsed, since {', '.join(changed)}" if changed else "; lapsed" if lapsed else "")
    return _FAILED, finding, remedy


def _waits(role: str, who: str, state: SubjectState) -> bool:
    names = {name.casefold() for name in state.missing}
    return (who if state.subject == "code" else role).casefold() in names
