"""Who approved what, and what that means: a document and its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.display import Column, Table, short_digest
from bancada.judgement.approvals import Outcome, Status, SubjectState

if TYPE_CHECKING:
    from bancada.judgement.approvals import EntryState

__all__ = ["StatusDocument", "approvals_section", "status_document", "status_tables"]

_SAID = {"counted": "approved", "lapsed": "lapsed", "refused": "does not count"}
_STATES = {"passed": "reached", "failed": "open", "not-applicable": "does not apply"}
_TONES = {"counted": "", "lapsed": "quiet", "refused": "bad"}


class StatusDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.evaluation-status/1`: how far an evaluation is approved.

    Attributes:
        schema: `bancada.evaluation-status/1`.
        problem: Name of the problem.
        evaluation_id: Digest of the evaluation.
        roles: The members of each role.
        subjects: What can be approved.
        outcomes: What that means.
        flagged: What is wrong with entries that are none.
        changed: Source files that changed since the definitions were read.
    """

    schema: str = "bancada.evaluation-status/1"
    problem: str
    evaluation_id: str
    roles: dict[str, tuple[str, ...]]
    subjects: tuple[SubjectState, ...]
    outcomes: tuple[Outcome, ...]
    flagged: tuple[str, ...]
    changed: tuple[str, ...]


def status_document(status: Status, changed: tuple[str, ...] = ()) -> StatusDocument:
    """Return how far an evaluation is approved as a document.

    Args:
        status: How far it is.
        changed: Source files that changed since the definitions were read.
    """
    return StatusDocument(
        problem=status.problem,
        evaluation_id=status.evaluation_id,
        roles=status.roles,
        subjects=status.subjects,
        outcomes=status.outcomes,
        flagged=status.flagged,
        changed=changed,
    )


def status_tables(document: StatusDocument) -> tuple[Table, ...]:
    """Return it as people see it: the outcomes, then who approved what."""
    identity = f" · evaluation {short_digest(document.evaluation_id)}" if document.evaluation_id else ""
    notes = [f"{item.id}: {item.remedy}" for item in document.outcomes if item.remedy]
    if document.changed:
        notes.append(
            f"Changed since the definitions were read, and not in this: {', '.join(document.changed)}. "
            "`--fresh` reads anew."
        )
    outcomes = Table(
        (Column("outcome"), Column("what it says", shrinks=True), Column("state"), Column("finding")),
        tuple((item.id, item.outcome, _STATES[item.status], item.finding) for item in document.outcomes),
        caption=(f"{document.problem}{identity}",),
        notes=tuple(_merged(notes)),
        tones=tuple("quiet" if item.status == "not-applicable" else "" for item in document.outcomes),
    )
    return outcomes, _entries(document.subjects, document.flagged)


def approvals_section(status: Status) -> Table:
    """Return who approved what, as a section of the document."""
    return _entries(status.subjects, status.flagged, counts=True)


def _entries(subjects: tuple[SubjectState, ...], flagged: tuple[str, ...], *, counts: bool = False) -> Table:
    rows, tones = [], []
    for state in subjects:
        for entry in state.entries:
            rows.append((state.subject, entry.role, entry.who, entry.when[:10], _said(entry), _why(entry)))
            tones.append(_TONES[entry.state])
    notes = [f"{state.subject}: {_stands(state)}." for state in subjects] if counts else []
    notes += [f"Does not count: {phrase}." for phrase in flagged]
    if not rows:
        notes.append("Nobody has approved anything yet.")
    columns = (Column("subject"), Column("role"), Column("who"), Column("when"), Column("state"))
    return Table(
        (*columns, Column("why", optional=True)),
        tuple(rows),
        caption=("Approvals",),
        notes=tuple(notes),
        tones=tuple(tones),
    )


def _stands(state: SubjectState) -> str:
    if not state.digest:
        return state.lacking.removesuffix(".")
    return state.in_words if state.needed else "nobody is named who approves"


def _said(entry: EntryState) -> str:
    return "approved, signed" if entry.state == "counted" and entry.signed else _SAID[entry.state]


def _why(entry: EntryState) -> str:
    return "; ".join([*entry.changed, *([entry.note] if entry.note else [])])


def _merged(notes: list[str]) -> list[str]:
    """Join remedies that are the same for several outcomes: `V1, V6: …`."""
    found: dict[str, list[str]] = {}
    for note in notes:
        name, _, remedy = note.partition(": ")
        found.setdefault(remedy, []).append(name)
    return [f"{', '.join(names)}: {remedy}" for remedy, names in found.items()]
