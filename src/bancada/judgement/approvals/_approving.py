"""Giving an approval, and taking one's own back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bancada.exceptions import ConfigurationError, NotFoundError, UsageError, nearest
from bancada.judgement.approvals._entries import SUBJECTS, Entry, entry_of
from bancada.judgement.approvals._evidence import gather_evidence
from bancada.judgement.approvals._file import FILE_NAME, read_approvals, write_approvals
from bancada.judgement.approvals._signing import signed_by
from bancada.judgement.approvals._subjects import closures_of, subject_of
from bancada.provenance import author

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.definitions import Project
    from bancada.judgement.approvals._subject import Subject
    from bancada.judgement.approvals._told import Told

__all__ = ["Approver", "approve", "approver_of", "checked_subject", "withdraw"]

_ADDRESS = re.compile(r"(?P<name>.*?)\s*<(?P<address>[^<>]*)>")


class Approver:
    """Somebody of the team, in one of their roles.

    Attributes:
        role: The role.
        who: The member, as the team names them.
    """

    def __init__(self, role: str, who: str) -> None:
        self.role = role
        self.who = who

    def is_of(self, entry: Entry) -> bool:
        """Tell whether an entry is by them, in this role."""
        return entry.said is not None and (entry.said.role, entry.said.who.casefold()) == (
            self.role,
            self.who.casefold(),
        )


def checked_subject(subject: str) -> str:
    """Return the name of a subject after a look at it.

    Raises:
        NotFoundError: There is none of that name.
    """
    if subject not in SUBJECTS:
        known = ", ".join(f"`{name}`" for name in SUBJECTS)
        raise NotFoundError(f"What is approved is {known}.", f"Found `{subject}`.", nearest(subject, SUBJECTS))
    return subject


def approver_of(role: str | None, project: Project) -> Approver:
    """Return who approves: whom git names, in the role that is asked for, or in the only one that they have.

    Args:
        role: The role; None where they have only one.
        project: The project, which names the team.

    Raises:
        ConfigurationError: The project names no team.
        NotFoundError: There is no such role, or they are no member of it.
        UsageError: They have several roles, and none was named.
    """
    team = project.team
    if not team.roles:
        raise ConfigurationError(
            "The project says who approves.",
            f"`{project.file or project.root / 'bancada.toml'}` names no team.",
            'Write `roles = { product = ["ana@example.com"] }` below `[tool.bancada.team]`, or `[team]` of that file.',
        )
    names = _names(author(project.root))
    if role is None:
        mine = [own for own in team.roles if any(team.has(own, name) for name in names)]
        if len(mine) > 1:
            raise UsageError(
                "Whoever has several roles says in which one they approve.",
                f"You have {', '.join(f'`{own}`' for own in mine)}.",
                f"Add `--role {mine[0]}`.",
            )
        role = mine[0] if mine else next(iter(team.roles))
    return Approver(role, team.member(role, names))


def approve(
    told: Told, subjects: Sequence[str], approver: Approver, project: Project, *, now: str, sign: bool, ask: bool
) -> tuple[Subject, ...]:
    """Approve subjects as they are now; an earlier approval of the same by the same person is replaced.

    Args:
        told: How the problem is judged.
        subjects: What is approved.
        approver: Who approves.
        project: The project; of code, its tests are run.
        now: UTC time, ISO 8601.
        sign: True to sign it by the SSH key of the personal settings.
        ask: True where a passphrase may be asked for on the terminal.

    Returns:
        What was approved.

    Raises:
        ConfigurationError: `approvals.toml` cannot be read or written.
        UsageError: There is nothing to approve, tests fail or leave code out, or the key cannot be used.
    """
    read_approvals(project.root)  # a file that cannot be read is told before tests run
    found = tuple(subject_of(checked_subject(name), told, project) for name in subjects)
    for subject in found:
        if not subject.digest:
            raise UsageError("What is approved is there.", subject.lacking, subject.remedy)
    key = _key(project) if sign else None
    new = []
    for subject in found:
        raw = _raw(told, subject, approver, now)
        if subject.name == "code":
            evidence = gather_evidence(closures_of(told, project).values(), project)
            raw["evidence"] = {"tests": evidence.tests, "statements": evidence.statements}
            _check_unchanged(subject, told, project)
        if key is not None:
            raw["signature"] = signed_by(raw, key, ask=ask)
        new.append(entry_of(raw))
    # Read once more: tests and passphrases take their time, and others write here too.
    kept = _without(read_approvals(project.root), told.name, subjects, approver)
    write_approvals(project.root, [*kept, *new])
    return found


def withdraw(told: Told, subjects: Sequence[str], approver: Approver, project: Project) -> int:
    """Take one's own approvals of subjects out of the file; git keeps that they were there.

    Args:
        told: How the problem is judged.
        subjects: What was approved.
        approver: Who withdraws.
        project: The project.

    Returns:
        How many entries went.

    Raises:
        ConfigurationError: `approvals.toml` cannot be read or written.
        NotFoundError: There is none.
    """
    entries = read_approvals(project.root)
    kept = _without(entries, told.name, [checked_subject(name) for name in subjects], approver)
    gone = len(entries) - len(kept)
    if not gone:
        raise NotFoundError(
            "What is withdrawn is an approval of your own.",
            f"`{FILE_NAME}` has none of {' or '.join(f'`{name}`' for name in subjects)} by `{approver.who}` as "
            f"`{approver.role}`.",
            "See `bancada evaluation status` for those that it has.",
        )
    write_approvals(project.root, kept)
    return gone


def _check_unchanged(subject: Subject, told: Told, project: Project) -> None:
    if subject_of(subject.name, told, project).digest != subject.digest:
        raise UsageError(
            "Code that is approved is the code that was tested.",
            "It changed while its tests ran.",
            "Approve it once it stands still.",
        )


def _without(entries: Sequence[Entry], problem: str, subjects: Sequence[str], approver: Approver) -> list[Entry]:
    def mine(entry: Entry) -> bool:
        said = entry.said
        return said is not None and said.problem == problem and said.subject in subjects and approver.is_of(entry)

    return [entry for entry in entries if not mine(entry)]


def _raw(told: Told, subject: Subject, approver: Approver, now: str) -> dict[str, Any]:
    return {
        "problem": told.name,
        "subject": subject.name,
        "role": approver.role,
        "who": approver.who,
        "when": now,
        "digest": subject.digest,
        "parts": dict(subject.parts or {}),
    }


def _key(project: Project) -> Any:
    if project.key is None:
        raise UsageError(
            "An approval is signed by the SSH key that your personal settings name.",
            f"`{project.personal / 'config.toml'}` names none.",
            'Write `key = "~/.ssh/id_ed25519"` there, or set BANCADA_KEY.',
        )
    return project.key


def _names(told: str) -> tuple[str, ...]:
    """Return the address and the name that git knows somebody by; the address first."""
    found = _ADDRESS.fullmatch(told)
    return (told,) if found is None else (found["address"], found["name"])
