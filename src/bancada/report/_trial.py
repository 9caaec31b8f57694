"""The document `bancada.try/1`: one claim against the leader, fold by fold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.report._comparison import verdict_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.engine import Answer, Binding
    from bancada.judgement import Comparison, Contest
    from bancada.judgement._contest import Standing

__all__ = ["TrialDocument", "TrialFold", "TrialLeader", "TrialVerdict", "trial_document", "trial_fold"]

TRIAL_SCHEMA = "bancada.try/1"


class TrialFold(msgspec.Struct, frozen=True, kw_only=True):
    """How the candidate stood after a fold.

    Attributes:
        repeat: Number of the repeat, from 0.
        fold: Number of the fold in its repeat, from 0.
        score: The primary metric on the fold's test rows; None where undefined or failed.
        leader_score: The same of the leader.
        delta: Mean of the paired differences so far, oriented so that positive is better.
        needed: Folds in all at which this difference would carry a word; None where there is no such number.
        rows_fixed: Rows that the leader labels wrong and the candidate right, so far; None without labels.
        rows_broken: The reverse.
        cached: True where the fold was taken from the store.
        seconds: What it took.
        error: Why it failed; None where it did not.
    """

    repeat: int
    fold: int
    score: float | None
    leader_score: float | None
    delta: float | None
    needed: int | None
    rows_fixed: int | None
    rows_broken: int | None
    cached: bool
    seconds: float
    error: str | None = None


class TrialLeader(msgspec.Struct, frozen=True, kw_only=True):
    """Against whom it was tried.

    Attributes:
        run_id: The newest run behind the leader's line.
        candidate: Its candidate.
        runs: Every run behind the line.
        same: `claim` where the candidate asserts the very same, `seed` where it differs in the seed alone, else empty.
    """

    run_id: str
    candidate: str
    runs: tuple[str, ...]
    same: str


class TrialVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the board says of a complete trial against the leader; `settle` is what would settle an open one."""

    verdict: str
    delta: float | None
    low: float | None
    high: float | None
    p: float | None
    sentence: str
    settle: str | None = None


class TrialDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A trial.

    Attributes:
        schema: `bancada.try/1`.
        problem: Name of the problem.
        candidate: Name of the candidate.
        params: Its parameters.
        seed: Seed of the run.
        metric: The primary metric.
        direction: `higher` or `lower` is better.
        status: `done`, `known`, `failed` or `explored`.
        stopped_by: `rule`, `interrupt` or `quick`; None where every fold was done, or one failed.
        run_id: The run that records it, or the known one.
        leader: Against whom; None where nobody leads, and for a quick trial.
        tried: Claims tried, this one included; None without leader.
        n_folds: Folds of the split.
        n_rows: Rows of the first fold, training and test together.
        row_limit: Rows that a quick trial may use; None for all.
        folds: Each fold, in order.
        score: Mean of the fold scores.
        delta: Mean of the paired differences.
        needed: Folds in all at which this difference would carry a word; None where there is no such number.
        open: Why there is no such number; empty where there is one.
        rows_fixed: Rows that the leader labels wrong and the candidate right; None without labels.
        rows_broken: The reverse.
        verdict: What the board says; None unless every fold is done.
    """

    schema: str = TRIAL_SCHEMA
    problem: str
    candidate: str
    params: dict[str, Any]
    seed: int
    metric: str
    direction: str
    status: str
    stopped_by: str | None
    run_id: str
    leader: TrialLeader | None
    tried: int | None
    n_folds: int
    n_rows: int
    row_limit: int | None
    folds: tuple[TrialFold, ...]
    score: float | None
    delta: float | None
    needed: int | None
    open: str
    rows_fixed: int | None
    rows_broken: int | None
    verdict: TrialVerdict | None


def trial_document(
    answer: Answer,
    stopped_by: str,
    binding: Binding,
    contest: Contest,
    standings: Sequence[Standing],
    label: str,
) -> TrialDocument:
    """Return what became of a trial.

    Args:
        answer: The run that it left.
        stopped_by: What ended it early; empty where nothing did.
        binding: The problem with its data.
        contest: The candidate and the leader.
        standings: How it stood after each fold.
        label: What the candidate is called now: the name in a record that is known may be another.
    """
    record, leader = answer.record, contest.leader
    last = standings[-1] if standings else None
    metric = binding.metrics[0].identity()
    found = contest.verdict(record) if answer.status in {"done", "known"} else None
    return TrialDocument(
        problem=record.problem.name,
        candidate=label,
        params=record.params,
        seed=record.seed,
        metric=metric.name,
        direction="higher" if metric.greater_is_better else "lower",
        status=answer.status,
        stopped_by=stopped_by or None,
        run_id=record.run_id,
        leader=None
        if leader is None
        else TrialLeader(
            run_id=leader.run.run_id,
            candidate=leader.run.candidate,
            runs=tuple(run.run_id for run in leader.runs),
            same=leader.same,
        ),
        tried=None if leader is None else leader.tried,
        n_folds=contest.n_folds,
        n_rows=contest.n_rows,
        row_limit=record.row_limit,
        folds=tuple(trial_fold(standing) for standing in standings),
        score=None if last is None else last.mean,
        delta=None if last is None else last.delta,
        needed=None if last is None else last.needed,
        open="" if last is None else last.open,
        rows_fixed=None if last is None else last.rows_fixed,
        rows_broken=None if last is None else last.rows_broken,
        verdict=None if found is None else _verdict(found),
    )


def trial_fold(standing: Standing) -> TrialFold:
    """Return how the candidate stood after a fold."""
    use = standing.use
    return TrialFold(
        repeat=use.repeat,
        fold=use.fold,
        score=standing.score,
        leader_score=standing.leader_score,
        delta=standing.delta,
        needed=standing.needed,
        rows_fixed=standing.rows_fixed,
        rows_broken=standing.rows_broken,
        cached=use.cached,
        seconds=standing.seconds,
        error=None if use.error is None else f"{use.error.type}: {use.error.message}",
    )


def _verdict(found: Comparison) -> TrialVerdict:
    sentence = verdict_sentence(found)
    return TrialVerdict(
        verdict=found.verdict,
        delta=found.delta,
        low=found.low,
        high=found.high,
        p=found.p,
        sentence=sentence,
        settle=None if found.settle is None else found.settle.text,
    )
