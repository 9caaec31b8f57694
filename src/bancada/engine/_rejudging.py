"""Runs that were judged by another evaluation, judged by the present one: nothing is fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.engine._recording import utc_now
from bancada.records import Statement

if TYPE_CHECKING:
    from bancada.engine._binding import Binding
    from bancada.engine._scoring import RunScorer
    from bancada.records import RunRecord
    from bancada.store import Index

__all__ = ["rejudge"]


def rejudge(binding: Binding, scorer: RunScorer, index: Index, author: str) -> dict[str, RunRecord]:
    """Judge all runs of the problem by the present evaluation, from their predictions, and keep what is new.

    Args:
        binding: The problem with its data.
        scorer: Scores runs of it.
        index: The index over the store; it is brought up to date.
        author: Who does this, unverified.

    Returns:
        The runs that were judged by another one before, by id, as they read now.
    """
    name, store = binding.problem.name, index.store
    renewed: dict[str, RunRecord] = {}
    for run in index.judged_otherwise(name, binding.identity.digest, binding.evaluation.digest):
        have = {score.key for score in run.scores}
        wanted = scorer.scores(run.folds, explored=run.status == "explored") if scorer.lacks(have) else ()
        more = tuple(score for score in wanted if score.key not in have)
        content = {"scores": msgspec.to_builtins(more), "evaluation": msgspec.to_builtins(binding.evaluation)}
        statement = Statement(kind="score", said=utc_now(), content=content, author=author)
        store.runs.say(name, run.run_id, statement)
        scores = (*run.scores, *more)
        renewed[run.run_id] = msgspec.structs.replace(run, scores=scores, evaluation=binding.evaluation)
    if renewed:
        index.refresh(name)
    return renewed
