"""How far the evaluation of a board is approved: what costs a board next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.exceptions import ConfigurationError
from bancada.judgement.approvals._approved import Approved
from bancada.judgement.approvals._counting import count_approvals, unreadable_entries
from bancada.judgement.approvals._file import read_approvals
from bancada.judgement.approvals._signing import Verdicts
from bancada.judgement.approvals._subject import Subject

if TYPE_CHECKING:
    from bancada.definitions import Project

__all__ = ["approved_on"]


def approved_on(problem: str, evaluation: str, project: Project) -> Approved | None:
    """Return how far the evaluation of a board is approved; a small file is read, and nothing is executed.

    Args:
        problem: Name of the problem.
        evaluation: Digest of the evaluation by which its runs are judged.
        project: The project.

    Returns:
        It; None where the project names no team.
    """
    if not project.team.roles:
        return None
    subject = Subject("evaluation", evaluation, parts=None)
    try:
        entries = read_approvals(project.root)
        state = count_approvals(subject, problem, entries, project.team, Verdicts(project))
    except ConfigurationError as error:
        needed = tuple(project.team.roles)
        return Approved(
            needed=len(needed),
            given=0,
            signed=0,
            missing=needed,
            flagged=(f"{error.found} {error.remedy}".removesuffix("."),),
        )
    refused = (entry for entry in state.entries if entry.state == "refused")
    told = tuple(f"{entry.who} as {entry.role}: {entry.note}" for entry in refused)
    return Approved(
        needed=state.needed,
        given=state.given,
        signed=state.signed,
        missing=state.missing,
        flagged=(*told, *unreadable_entries(entries)),
    )
