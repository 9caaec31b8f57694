"""Which approvals count: bound to what is there now, by whom the project names, and not forged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bancada.definitions.agreement import Team
    from bancada.judgement.approvals._entries import Approval, Entry
    from bancada.judgement.approvals._signing import Verdicts
    from bancada.judgement.approvals._subject import Subject

__all__ = ["EntryState", "SubjectState", "count_approvals", "unreadable_entries"]

_FORGED = {
    "altered": "its signature is not one of what it says: the entry was changed after it was signed",
    "stranger": "its signature is by a key that is not theirs",
}


class EntryState(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry is worth.

    Attributes:
        role: The role.
        who: The member.
        when: When they said so.
        state: `counted`, `lapsed` or `refused`.
        signed: True where a signature was verified.
        changed: What changed since, a phrase each.
        note: What must be told beside it.
    """

    role: str
    who: str
    when: str
    state: str
    signed: bool = False
    changed: tuple[str, ...] = ()
    note: str = ""


class SubjectState(msgspec.Struct, frozen=True, kw_only=True):
    """How far something is approved.

    Attributes:
        subject: `evaluation`, `code`, `guide` or `alternatives`.
        digest: SHA-256 of it as it is now; empty where there is nothing to approve.
        applies: False where there need not be anything.
        lacking: Why there is nothing to approve; empty where there is.
        remedy: What to do then.
        needed: How many must approve: each role, and for code each member.
        given: How many have.
        signed: How many of these signed it.
        missing: Roles, and for code members, who have not.
        entries: Every entry about it.
    """

    subject: str
    digest: str
    applies: bool
    lacking: str
    remedy: str
    needed: int
    given: int
    signed: int
    missing: tuple[str, ...]
    entries: tuple[EntryState, ...]

    @property
    def approved(self) -> bool:
        """True where everybody who must has."""
        return self.needed > 0 and self.given == self.needed and bool(self.digest)

    @property
    def flagged(self) -> tuple[EntryState, ...]:
        """Entries that are refused, or that need a word."""
        return tuple(entry for entry in self.entries if entry.state == "refused" or entry.note)

    @property
    def in_words(self) -> str:
        """How far it is approved, such as `approved 3 of 3, 1 signed`."""
        told = f"approved {self.given} of {self.needed}"
        return f"{told}, {self.signed} signed" if self.signed else told


def count_approvals(
    subject: Subject, problem: str, entries: Iterable[Entry], team: Team, verdicts: Verdicts
) -> SubjectState:
    """Return how far something is approved.

    Args:
        subject: It, as it is now.
        problem: Name of the problem.
        entries: All entries of the project.
        team: Who may approve, in which roles.
        verdicts: Judges signatures.
    """
    about = [entry for entry in entries if entry.said is not None]
    mine = [entry for entry in about if (entry.said.problem, entry.said.subject) == (problem, subject.name)]  # type: ignore[union-attr]  # those without are left out above
    states = _once([_state(entry, entry.said, subject, team, verdicts) for entry in mine if entry.said is not None])
    whole = subject.name == "code"
    wanted = team.members if whole else tuple(team.roles)
    counted = [state for state in states if state.state == "counted"]
    have = {_place(state, whole=whole) for state in counted}
    signed = {_place(state, whole=whole) for state in counted if state.signed}
    missing = tuple(name for name in wanted if name.casefold() not in have)
    return SubjectState(
        subject=subject.name,
        digest=subject.digest,
        applies=subject.applies,
        lacking=subject.lacking,
        remedy=subject.remedy,
        needed=len(wanted),
        given=len(wanted) - len(missing),
        signed=sum(1 for name in wanted if name.casefold() in signed),
        missing=missing,
        entries=tuple(states),
    )


def unreadable_entries(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return what is wrong with entries that are none, a phrase each."""
    return tuple(f"entry {number}: {entry.wrong}" for number, entry in enumerate(entries, 1) if entry.wrong)


def _place(state: EntryState, *, whole: bool) -> str:
    return (state.who if whole else state.role).casefold()


def _state(entry: Entry, said: Approval, subject: Subject, team: Team, verdicts: Verdicts) -> EntryState:
    changed: Sequence[str] = ()
    state, note, signed = "counted", "", False
    if said.role not in team.roles:
        state, note = "refused", f"the team has no role `{said.role}`"
    elif not team.has(said.role, said.who):
        state, note = "refused", f"they are no member of `{said.role}`"
    else:
        verdict = verdicts.of(entry)
        signed = verdict == "good"
        if verdict in _FORGED:
            state, note = "refused", _FORGED[verdict]
        else:
            state, changed, note = _binding(said, subject)
            if verdict == "unchecked" and not note:
                note = "signed, and your allowed signers hold no key of theirs for approvals"
    return EntryState(
        role=said.role, who=said.who, when=said.when, state=state, signed=signed, changed=tuple(changed), note=note
    )


def _binding(said: Approval, subject: Subject) -> tuple[str, Sequence[str], str]:
    """Return whether an entry holds for what is there now, what changed, and a note."""
    if said.digest != subject.digest:
        if not subject.digest:
            return "lapsed", (subject.lacking.removesuffix("."),), ""
        if subject.parts is None:
            return "lapsed", (), ""
        changed = _changes(said.parts, subject.parts)
        return ("lapsed", changed, "") if changed else ("refused", (), "its digest is not that of its parts")
    if subject.parts is not None and dict(subject.parts) != said.parts:
        return "refused", (), "its parts are not those of its digest"
    if subject.name == "code" and not said.evidence.get("tests"):
        return "refused", (), "it has no evidence that the tests pass and cover the code"
    return "counted", (), ""


def _changes(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    changed = [name for name in now if name in then and then[name] != now[name]]
    new = [f"{name} is new" for name in now if name not in then]
    gone = [f"{name} is gone" for name in then if name not in now]
    return (*(f"{name} changed" for name in changed), *new, *gone)


def _once(states: Sequence[EntryState]) -> list[EntryState]:
    """Count nobody twice in one role: the first that counts does, in the order of the file; later ones are told."""
    seen: set[tuple[str, str]] = set()
    found = []
    for state in states:
        place = (state.role, state.who.casefold())
        if state.state == "counted" and place in seen:
            found.append(msgspec.structs.replace(state, state="refused", note="it stands in the file twice"))
            continue
        if state.state == "counted":
            seen.add(place)
        found.append(state)
    return found
