"""The drift of claims that were carried to another version of the data, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.display import Column, Figure, Table, count, delta, interval, score, short_id
from bancada.report._wording import halfwidth

if TYPE_CHECKING:
    from bancada.judgement.carrying import Drift, Side

__all__ = ["drift_table"]


def drift_table(drift: tuple[Drift, ...]) -> Table:
    """Set the drift: a row per claim, then what changed beside the scores, and what the numbers do not say."""
    first = drift[0]
    return Table(
        columns=(
            Column("candidate", shrinks=True),
            Column(f"{first.metric}, version {first.from_version}", "decimal"),
            Column("95 % interval", optional=True),
            Column("now", "decimal"),
            Column("95 % interval, now", optional=True),
            Column("change", "decimal"),
            Column("from"),
        ),
        rows=tuple(_cells(item) for item in drift),
        caption=(f"drift from version {first.from_version}",),
        notes=(*_rows(first), *_told(drift)),
        tones=tuple("bad" if item.error else "" for item in drift),
    )


def _cells(item: Drift) -> tuple[str | Figure | None, ...]:
    width = halfwidth(item.old.low, item.old.high)
    change = None if item.change is None else Figure(item.change, delta(item.change, width))
    return (
        item.candidate,
        _value(item.old),
        interval(item.old.low, item.old.high, width),
        _value(item.new),
        interval(item.new.low, item.new.high, width),
        change,
        short_id(item.from_run_id),
    )


def _value(side: Side) -> Figure | None:
    return None if side.value is None else Figure(side.value, score(side.value, halfwidth(side.low, side.high)))


def _rows(item: Drift) -> list[str]:
    rows = item.rows
    if rows is None:
        return ["Which rows both versions share is not known: the earlier predictions are not in the store."]
    shared = f"{count(rows.shared)} shared, {count(rows.added)} added, {count(rows.removed)} removed"
    if rows.changed is None:
        return [
            f"Rows: {shared}; whether shared rows have other values is not known, for the store has no digests of them."
        ]
    return [f"Rows: {shared}; {count(rows.changed)} of the shared have other values."]


def _told(drift: tuple[Drift, ...]) -> list[str]:
    lines = [f"Drift is {drift[0].note}."]
    changed = [f"`{item.candidate}`" for item in drift if item.code_changed]
    if changed:
        lines.append(f"The code changed since: {', '.join(changed)}; their drift is of data and code together.")
    lines += [
        f"`{item.candidate}` ({short_id(item.from_run_id)}) was not carried: {item.error}"
        for item in drift
        if item.error
    ]
    return lines
