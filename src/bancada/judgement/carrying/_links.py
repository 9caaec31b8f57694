"""The link from a run to the run on earlier data that it was carried from: a statement beside it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from bancada.judgement.carrying._drift import drift_of
from bancada.records import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bancada.engine import Binding, Outcome, Workbench
    from bancada.judgement.carrying._choosing import Carry
    from bancada.judgement.carrying._drift import Drift
    from bancada.records import RunRecord
    from bancada.store import Index

__all__ = ["link", "settle"]


def settle(carry: Carry, outcome: Outcome, binding: Binding, bench: Workbench) -> tuple[Drift, ...]:
    """Return the drift of what was carried, and link the runs on both versions of the data.

    Args:
        carry: What was carried.
        outcome: What became of it.
        binding: The problem with its data as they are now.
        bench: Whose store and index are written.
    """
    runs = {answer.record.claim_id: answer.record for answer in outcome.answers}
    drift = drift_of(carry, runs, binding, bench.store)
    link(drift, runs.values(), bench.index, dt.datetime.now(dt.UTC).isoformat())
    return drift


def link(drifts: Iterable[Drift], runs: Iterable[RunRecord], index: Index, said: str) -> None:
    """Write down what each run was carried from, once.

    Args:
        drifts: What was carried.
        runs: The runs on the present data.
        index: The index over the store; brought up to date.
        said: UTC time, ISO 8601.
    """
    by_id = {run.run_id: run for run in runs}
    problems = set()
    for drift in drifts:
        run = by_id.get(drift.run_id or "")
        content = {"run_id": drift.from_run_id, "version": drift.from_version}
        if run is None or run.provenance.get("carried") == content:
            continue
        statement = Statement(kind="carried", said=said, content=content, author=run.author)
        index.store.runs.say(run.problem.name, run.run_id, statement)
        problems.add(run.problem.name)
    for problem in problems:
        index.refresh(problem)
