"""What an approval, or taking one back, has come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.display import plain, short_digest
from bancada.exceptions import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.judgement.approvals import Status

__all__ = ["ApprovalDocument", "approval_document", "approval_text"]


class ApprovedSubject(msgspec.Struct, frozen=True, kw_only=True):
    """A subject after the verb: its digest as it is now, and how far it is approved.

    Attributes:
        subject: What it is.
        digest: SHA-256 of it as it is now.
        needed: How many must approve.
        given: How many have.
        signed: How many of these signed it.
        missing: Who has not.
        note: What must be told of the approval; empty where nothing must.
    """

    subject: str
    digest: str
    needed: int
    given: int
    signed: int
    missing: tuple[str, ...]
    note: str = ""


class ApprovalDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.approval/1`: who approved what, or took it back.

    Attributes:
        schema: `bancada.approval/1`.
        problem: Name of the problem.
        role: The role.
        who: The member.
        withdrawn: How many entries were taken out; 0 after an approval.
        signed: True where it was signed.
        subjects: What was approved.
        file: Where that is written.
    """

    schema: str = "bancada.approval/1"
    problem: str
    role: str
    who: str
    withdrawn: int
    signed: bool
    subjects: tuple[ApprovedSubject, ...]
    file: str


def approval_document(
    status: Status, subjects: Sequence[str], *, role: str, who: str, signed: bool, withdrawn: int = 0
) -> ApprovalDocument:
    """Return what an approval has come to.

    Args:
        status: How far the evaluation is approved now.
        subjects: What was approved.
        role: The role.
        who: The member.
        signed: True where it was signed.
        withdrawn: How many entries were taken out.
    """
    states = [status.subject(name) for name in subjects]
    mine = [[entry for entry in state.entries if (entry.role, entry.who) == (role, who)] for state in states]
    return ApprovalDocument(
        problem=status.problem,
        role=role,
        who=who,
        withdrawn=withdrawn,
        signed=signed,
        subjects=tuple(
            ApprovedSubject(
                subject=state.subject,
                digest=state.digest,
                needed=state.needed,
                given=state.given,
                signed=state.signed,
                missing=state.missing,
                note=entries[0].note if entries else "",
            )
            for state, entries in zip(states, mine, strict=True)
        ),
        file=status.file,
    )


def approval_text(document: ApprovalDocument) -> str:
    """Return it as text."""
    lines = []
    for item in document.subjects:
        stands = f"{item.given} of {item.needed}" + (f", {item.signed} signed" if item.signed else "")
        waiting = f"; still missing: {', '.join(map(plain, item.missing))}" if item.missing else ""
        if document.withdrawn:
            done = "withdrawn"
        else:
            done = f"{short_digest(item.digest)} approved" + (" and signed" if document.signed else "")
        lines.append(f"{item.subject} {done} by {plain(document.who)} as {plain(document.role)}: {stands}{waiting}")
        if item.note:
            lines.append(f"  {plain(item.note)}")
    taken = f"{counted(document.withdrawn, 'line')} taken out; " if document.withdrawn else ""
    lines.append(f"{taken}`{plain(document.file)}` written; commit it")
    return "\n".join(lines)
