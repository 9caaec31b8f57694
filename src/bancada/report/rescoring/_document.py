"""`bancada.rescore/1`, and the same in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.display import plain, seconds, short_id
from bancada.exceptions import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.engine import Binding
    from bancada.engine.rescoring import Rescored, Unscored

__all__ = ["RescoreDocument", "rescore_document", "rescore_text", "unscored_text"]

MOST_NAMED = 5


class RescoredRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run that was judged by another evaluation before."""

    run_id: str
    candidate: str


class UnscoredRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run that could not be judged, and why; its earlier scores stay."""

    run_id: str
    candidate: str
    reason: str


class RescoreDocument(msgspec.Struct, frozen=True, kw_only=True):
    """`bancada.rescore/1`.

    Attributes:
        problem: Name of the problem.
        evaluation_id: By what the runs are judged now.
        runs: Those that were judged by another evaluation before.
        n_scores: How many scores were added.
        unscored: Those that could not be judged.
        interrupted: True where Ctrl-C ended it; what was judged stays judged.
        seconds: How long it took.
    """

    schema: str = "bancada.rescore/1"
    problem: str
    evaluation_id: str
    runs: tuple[RescoredRun, ...]
    n_scores: int
    unscored: tuple[UnscoredRun, ...]
    interrupted: bool
    seconds: float


def rescore_document(binding: Binding, rescored: Rescored, taken_s: float) -> RescoreDocument:
    """Return the document of a re-scoring.

    Args:
        binding: The problem with its data.
        rescored: What came of it.
        taken_s: How long it took.
    """
    return RescoreDocument(
        problem=binding.problem.name,
        evaluation_id=binding.evaluation.digest,
        runs=tuple(RescoredRun(run_id=run.run_id, candidate=run.candidate) for run in rescored.runs.values()),
        n_scores=rescored.n_scores,
        unscored=tuple(
            UnscoredRun(run_id=item.run.run_id, candidate=item.run.candidate, reason=item.reason)
            for item in rescored.unscored
        ),
        interrupted=rescored.interrupted,
        seconds=taken_s,
    )


def rescore_text(document: RescoreDocument) -> str:
    """Return a line that sums up."""
    evaluation = f"evaluation {document.evaluation_id[:6]}"
    if not (document.runs or document.unscored or document.interrupted):
        return f"every run of `{plain(document.problem)}` is judged by {evaluation} already: nothing to do"
    added = f"{counted(document.n_scores, 'score')} added, nothing fitted"
    return f"{counted(len(document.runs), 'run')} judged by {evaluation}: {added}, in {seconds(document.seconds)}"


def unscored_text(unscored: Sequence[Unscored]) -> str:
    """Return which runs could not be judged and why, a line each; the first few where there are many."""
    head = f"{counted(len(unscored), 'run')} could not be judged by the present evaluation; earlier scores stay:"
    named = [f"  {short_id(item.run.run_id)} ({plain(item.run.candidate)}): {plain(item.reason)}" for item in unscored]
    more = [f"  and {len(named) - MOST_NAMED} more"] if len(named) > MOST_NAMED else []
    return "\n".join([head, *named[:MOST_NAMED], *more])
