"""The data of two runs: labels, columns, rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada.engine import rows as engine_rows
from bancada.reproduction.differing._changes import changes
from bancada.reproduction.differing._document import Change, DataChange

if TYPE_CHECKING:
    from bancada.definitions import Project
    from bancada.records import DatasetIdentity
    from bancada.reproduction.differing._recorded import Recorded

__all__ = ["data_change"]


def data_change(a: Recorded, b: Recorded, project: Project | None = None) -> DataChange | None:
    """Return how the data differ; None where they do not, labels included.

    Args:
        a: One run.
        b: The other.
        project: Whose cache may tell the rows apart; None where that is not asked for.
    """
    ours, theirs = a.run.problem.dataset, b.run.problem.dataset
    labels = changes(_labels(ours), _labels(theirs))
    content = ours.table != theirs.table
    types = [{column.name: column.type for column in item.columns} for item in (ours, theirs)]
    retyped = [name for name in types[0] if name in types[1] and types[0][name] != types[1][name]]
    if not (labels or content or retyped):
        return None
    rows = _rows(a, b, project) if content and project is not None else {}
    return DataChange(
        **rows,
        labels=labels,
        content=content or bool(retyped),
        n_rows=(ours.n_rows, theirs.n_rows),
        columns_added=_only(theirs, ours),
        columns_removed=_only(ours, theirs),
        retyped=tuple(Change(name=name, a=types[0][name], b=types[1][name]) for name in retyped),
    )


def _rows(a: Recorded, b: Recorded, project: Project) -> dict[str, Any]:
    """Return what is known of how the rows differ."""
    told = engine_rows.row_changes((a.run.problem.dataset, a.store), (b.run.problem.dataset, b.store), project)
    if told is None:
        return {}
    examples = {"added": told.first_added, "removed": told.first_removed, "changed": told.first_changed}
    return {
        "rows_added": told.added,
        "rows_removed": told.removed,
        "rows_changed": told.changed,
        "columns_changed": told.columns_changed or (),
        "examples": {what: ids for what, ids in examples.items() if ids},
    }


def _labels(data: DatasetIdentity) -> dict[str, str | None]:
    return {"name": data.name, "version": data.version, "id": data.id}


def _only(one: DatasetIdentity, other: DatasetIdentity) -> tuple[str, ...]:
    known = {column.name for column in other.columns}
    return tuple(column.name for column in one.columns if column.name not in known)
