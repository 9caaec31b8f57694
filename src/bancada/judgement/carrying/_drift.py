"""The drift: what a claim scored on the earlier data, and what it scores on the present one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.engine import data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bancada.engine import Binding
    from bancada.judgement.carrying._choosing import Carry
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["Drift", "DriftRows", "Side", "drift_of"]

NOTE = "a description, not a test: the rows differ, so that the two intervals say nothing of a difference"


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """A score on one version of the data; `low` and `high` are the ends of its 95 % interval."""

    value: float | None
    low: float | None
    high: float | None


class DriftRows(msgspec.Struct, frozen=True, kw_only=True):
    """How the scored rows of two versions relate, by their ids; sealed rows are left out.

    Attributes:
        shared: Rows of both.
        added: Rows of the present version alone.
        removed: Rows of the earlier version alone.
        changed: Shared rows whose values differ; None where the earlier values are not known, by their digests either.
    """

    shared: int
    added: int
    removed: int
    changed: int | None = None


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """One claim on two versions of the data.

    Attributes:
        candidate: Its name.
        run_id: The run on the present data; None where the claim could not be carried.
        from_run_id: The run on the earlier data.
        from_version: Version of the earlier data.
        metric: The primary metric.
        old: Score on the earlier data.
        new: Score on the present data.
        change: New − old, in the metric's own direction; None where one is missing.
        code_changed: True where the candidate's code is another by now.
        rows: How the rows relate; None where the earlier ones are not known.
        error: Why the claim could not be carried; empty where it was.
        note: What must be told beside the numbers.
    """

    candidate: str
    run_id: str | None
    from_run_id: str
    from_version: str
    metric: str
    old: Side
    new: Side
    change: float | None
    code_changed: bool
    rows: DriftRows | None
    error: str = ""
    note: str = NOTE


def drift_of(carry: Carry, answers: Mapping[str, RunRecord], binding: Binding, store: Store) -> tuple[Drift, ...]:
    """Return the drift of each claim that was to be carried, in the order of the earlier board.

    Args:
        carry: What was carried.
        answers: The run that answers each claim, by its id.
        binding: The problem with its data as they are now.
        store: Where the earlier predictions are, whose ids say which rows there were.
    """
    metric = binding.evaluation.primary
    rows = _rows([item.origin for item in carry.carried], carry.data.table, binding, store)
    told = []
    for item in carry.carried:
        run = answers.get(item.claim_id)
        old, new = _side(item.origin, metric), _side(run, metric)
        change = None if old.value is None or new.value is None else new.value - old.value
        told.append(
            Drift(
                candidate=item.origin.candidate,
                run_id=None if run is None else run.run_id,
                from_run_id=item.origin.run_id,
                from_version=carry.data.version,
                metric=metric,
                old=old,
                new=new,
                change=change,
                code_changed=item.code_changed,
                rows=rows,
            )
        )
    nothing = Side(value=None, low=None, high=None)
    lost = [
        Drift(
            candidate=origin.candidate,
            run_id=None,
            from_run_id=origin.run_id,
            from_version=carry.data.version,
            metric=metric,
            old=_side(origin, metric),
            new=nothing,
            change=None,
            code_changed=False,
            rows=rows,
            error=reason,
        )
        for origin, reason in carry.refused
    ]
    return (*told, *lost)


def _side(run: RunRecord | None, metric: str) -> Side:
    for score in () if run is None else run.scores:
        if score.metric == metric and score.slice is None:
            return Side(value=score.estimate.value, low=score.estimate.low, high=score.estimate.high)
    return Side(value=None, low=None, high=None)


def _rows(origins: list[RunRecord], earlier: str, binding: Binding, store: Store) -> DriftRows | None:
    """Compare the ids of the earlier predictions with those of the present rows, and their values by digests."""
    for origin in origins:
        uses = [use for use in origin.folds if use.repeat == 0 and use.content is not None]
        if not uses or len(uses) != sum(use.repeat == 0 for use in origin.folds):
            continue
        before: set[object] = set()
        for use in uses:
            before.update(store.folds.predictions(use.key, use.content or "").column("id").to_pylist())
        now = set(binding.ids.to_pylist())
        shared, other = now & before, data.changed_since(earlier, binding.dataset, binding.project, store)
        changed = None if other is None else len(shared & other)
        return DriftRows(shared=len(shared), added=len(now - before), removed=len(before - now), changed=changed)
    return None
