"""Two runs of one claim, held against each other fold by fold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from bancada.engine import origins
from bancada.records import Statement
from bancada.reproduction._comparing import Compared
from bancada.reproduction.determinism._document import Determinism

if TYPE_CHECKING:
    from bancada.engine import Outcome, Plan, Workbench
    from bancada.engine._listening import SweepListener
    from bancada.records import FoldUse, RunRecord
    from bancada.store import Store

__all__ = ["check_determinism"]

KIND = "determinism"


def check_determinism(
    bench: Workbench, plan: Plan, outcome: Outcome, said: str, listener: SweepListener | None = None
) -> Outcome:
    """Compute every claim of a plan once more, and keep with both of its runs how they differ.

    Args:
        bench: The workbench that has carried the plan out.
        plan: What was done.
        outcome: What came out, computed or known.
        said: UTC time, ISO 8601.
        listener: Who is told.

    Returns:
        The outcome with the runs as they are known now: their provenance tells under `determinism` what was found, but
        where no fold was computed twice.
    """
    second = bench.run(plan.anew, listener)
    for one, two in zip(outcome.answers, second.answers, strict=False):
        told = _compared(one.record, two.record, bench.store)
        if told.folds:
            _say(bench, one.record, told, said)
            _say(bench, two.record, msgspec.structs.replace(told, other=one.record.run_id), said)
    bench.index.refresh(plan.binding.problem.name)
    answers = tuple(replace(answer, record=_known_now(answer.record, bench.store)) for answer in outcome.answers)
    return replace(outcome, answers=answers, interrupted=outcome.interrupted or second.interrupted)


def _known_now(record: RunRecord, store: Store) -> RunRecord:
    stored = store.runs.read(record.problem.name, record.run_id)
    return record if stored is None else stored.scored()


def _compared(one: RunRecord, two: RunRecord, store: Store) -> Determinism:
    """Compare every fold that both runs list; one that failed in a single run of them differs."""
    compared = Compared({})
    theirs = {use.place: use for use in two.folds}
    folds = differing = 0
    for use in one.folds:
        other = theirs.get(use.place)
        if other is None or (use.content is None and other.content is None):
            continue
        folds += 1
        differing += _differs(use, other, compared, store)
    return Determinism(
        other=two.run_id,
        folds=folds,
        differing_folds=differing,
        predictions=compared.predictions,
        differing=compared.differing,
        max_abs_difference=compared.largest or None,
    )


def _differs(use: FoldUse, other: FoldUse, compared: Compared, store: Store) -> bool:
    if use.content is None or other.content is None:
        return True
    before = compared.differing, len(compared.whole)
    tables = [store.folds.predictions(item.key, item.content or "") for item in (use, other)]
    compared.add(use.repeat, use.fold, *tables)
    return before != (compared.differing, len(compared.whole))


def _say(bench: Workbench, record: RunRecord, told: Determinism, said: str) -> None:
    statement = Statement(kind=KIND, said=said, content=msgspec.to_builtins(told), author=record.author)
    bench.store.runs.say(record.problem.name, record.run_id, origins.said(statement, record.run_id, bench.project))
