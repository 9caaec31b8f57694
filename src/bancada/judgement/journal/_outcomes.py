"""What came of a hypothesis, from what is stored; no project code is executed (STATISTICS §7)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bancada.exceptions import StoreError
from bancada.judgement.journal._documents import Expected
from bancada.judgement.journal._hypothesis import KIND, hypotheses_of, read_hypothesis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.engine import Plan
    from bancada.judgement.journal._documents import RunOutcome
    from bancada.judgement.journal._hypothesis import Hypothesis
    from bancada.store import Index, StoredRun

__all__ = ["BETWEEN", "expected_of", "outcome_of_plan", "siblings", "told"]

# So many runs of others may have begun between two of the invocation.
BETWEEN = 50


def expected_of(run_id: str, index: Index, problem: str) -> Expected | None:
    """Return the hypothesis about a run with what came of it; None where there is none.

    Where several were stated about it, the one from before its first fold counts, else the newest.

    Args:
        run_id: The run.
        index: The index over the store.
        problem: Name of the problem.
    """
    stored = index.store.runs.read(problem, run_id)
    found = () if stored is None else hypotheses_of(stored)
    if stored is None or not found:
        return None
    first = read_hypothesis(stored.record.provenance.get(KIND))
    hypothesis = found[-1] if first is None else first
    return told(hypothesis, siblings(hypothesis, index, problem, {run_id: stored}), index, problem)


def outcome_of_plan(plan: Plan, index: Index) -> Expected | None:
    """Return the hypothesis of an invocation with what came of it; None where there was none.

    Args:
        plan: What was done.
        index: The index over the store, refreshed.
    """
    content = next((item.hypothesis for item in plan.claims if item.hypothesis is not None), None)
    hypothesis = read_hypothesis(None if content is None else dict(content))
    if hypothesis is None:
        return None
    problem = plan.binding.problem.name
    return told(hypothesis, siblings(hypothesis, index, problem), index, problem)


def siblings(
    hypothesis: Hypothesis,
    index: Index,
    problem: str,
    have: dict[str, StoredRun] | None = None,
    later: Sequence[str] | None = None,
) -> tuple[StoredRun, ...]:
    """Return the runs of the invocation that are there, in the order in which they began.

    Args:
        hypothesis: What was expected of them.
        index: The index over the store.
        problem: Name of the problem.
        have: Runs that were read already, by id; what is read is added.
        later: Runs that began since the hypothesis was declared, oldest first; looked up by default.
    """
    known = {} if have is None else have
    mine: dict[str, StoredRun] = {}
    if later is None:
        later = [run.run_id for run in index.listing(problem) if run.started >= hypothesis.declared]
    others = 0
    for name in (*hypothesis.known, *later):
        if len(mine) >= hypothesis.claims or others > BETWEEN:
            break
        stored = _read(index, problem, name, known)
        if stored is not None and any(item.id == hypothesis.id for item in hypotheses_of(stored)):
            mine[name], others = stored, 0
        else:
            others += 1
    return tuple(sorted(mine.values(), key=lambda one: (one.record.started, one.record.run_id)))


def told(
    hypothesis: Hypothesis,
    runs: Sequence[StoredRun],
    index: Index,
    problem: str,
    have: dict[str, StoredRun] | None = None,
) -> Expected:
    """Return a hypothesis with what came of it.

    Args:
        hypothesis: What was expected.
        runs: The runs of the invocation.
        index: The index over the store, where the champion is looked up.
        problem: Name of the problem.
        have: Runs that were read already, by id; what is read is added.
    """
    outcome, note = "", ""
    found: tuple[RunOutcome, ...] = ()
    if hypothesis.expect:
        known = {} if have is None else have
        reference = hypothesis.reference
        champions = () if reference is None else [_read(index, problem, name, known) for name in reference.runs]
        there = [one for one in champions if one is not None]
        judged: Any = _judging()
        found = tuple(judged.outcome_of(hypothesis, run, there) for run in runs)
        outcome, note = judged.together(hypothesis, found)
    return Expected(
        id=hypothesis.id,
        because=hypothesis.because,
        expect=hypothesis.expect,
        reference=hypothesis.reference,
        declared=hypothesis.declared,
        after_data=hypothesis.after_data,
        seen=hypothesis.seen,
        claims=hypothesis.claims,
        level=hypothesis.level,
        outcome=outcome,
        note=note,
        runs=found,
    )


def _read(index: Index, problem: str, run_id: str, known: dict[str, StoredRun]) -> StoredRun | None:
    """Return a run; None where there is none that can be read."""
    if run_id not in known:
        try:
            stored = index.store.runs.read(problem, run_id)
        except StoreError:
            return None
        if stored is None:
            return None
        known[run_id] = stored
    return known[run_id]


def _judging() -> Any:
    """Return the module that computes intervals: without an expectation no statistics are loaded."""
    return import_module("bancada.judgement.journal._judging")
