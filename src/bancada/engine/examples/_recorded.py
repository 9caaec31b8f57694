"""From the records of runs to their examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada import metrics, tasks
from bancada.datasets import thaw
from bancada.definitions import Evaluation, Slice
from bancada.engine.data import find_data
from bancada.engine.examples._examples import Examples, TestedFold
from bancada.engine.runner import read_template
from bancada.exceptions import BancadaError, DataError, UsageError, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from bancada.contracts import Dataset, Task
    from bancada.definitions import Project
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["examples_of"]

_KEYS = ("id", "repeat", "fold")


def examples_of(sides: Sequence[Sequence[RunRecord]], project: Project, store: Store) -> Examples:
    """Return the rows that runs of one problem have tested, from the store, the cache and the files of the data.

    Args:
        sides: Runs of one problem; those of a side differ in nothing but the seed.
        project: Where the data are looked for.
        store: Where predictions are.

    Raises:
        DataError: The data of the runs cannot be had any more, or the task is the project's own.
        StoreError: Predictions cannot be read.
        UsageError: No fold has predictions.
    """
    runs = [run for side in sides for run in side]
    newest = max(runs, key=lambda run: (run.started, run.run_id))
    opened = _opened(runs, project, store)
    identity, roles = newest.problem.ingredients["task"], newest.problem.ingredients["roles"]
    target = opened.rows([*roles["target"], *tasks.recorded_columns(identity)])
    task = tasks.recorded(identity, target)
    if task is None:
        raise DataError(
            "Verbs that read execute no code of the project, so that the task must be one of `bc.tasks`.",
            f"The task of `{newest.problem.name}` is {str(identity.get('name'))!r}.",
            "Compute what you need from `bancada show --json` and the predictions in the store.",
        )
    notes: list[str] = []
    ids = opened.ids()
    parts = [[_placed(part, ids, notes) for part in _folds(side, store, task)] for side in sides]
    tested = np.unique(np.concatenate([rows for side in parts for _, rows in side] or [np.zeros(0, np.int64)]))
    sealed = _sealed(newest, store, len(ids))
    if sealed is not None and sealed[tested].any():
        notes.append(f"{counted(int(sealed[tested].sum()), 'sealed row')} had predictions and is left out.")
        tested = tested[~sealed[tested]]
    if not len(tested):
        raise UsageError(
            "The errors of a run are those of its predictions.",
            f"No fold of `{newest.candidate}` has any.",
            f"See why with `bancada show r-{newest.run_id[:6]} --log`.",
        )
    at = pa.array(tested)
    folds = tuple(tuple(_among(fold, rows, tested) for fold, rows in side) for side in parts)
    known = [metrics.recorded(metric) for metric in newest.evaluation.metrics]
    groups = roles.get("groups") or (identity.get("query") if identity.get("name") == "ranking" else None)
    return Examples(
        task=task,
        ids=ids.take(at),
        truth=task.truth(target).take(at),
        weight=_weight(opened, roles.get("weight"), at),
        groups=_codes(opened, groups, at),
        slices=_slices(newest, opened, at, notes),
        metrics=tuple(metric for metric in known if metric is not None),
        own=tuple(said.name for said, metric in zip(newest.evaluation.metrics, known, strict=True) if metric is None),
        primary=newest.evaluation.primary,
        features=tuple(roles["features"]),
        describing=_describing(opened, roles, target.column_names, groups),
        time=roles.get("time"),
        sides=folds,
        notes=tuple(dict.fromkeys([*notes, *_lacking(runs)])),
        _dataset=opened,
        _positions=tested,
    )


def _opened(runs: Sequence[RunRecord], project: Project, store: Store) -> Dataset:
    """Return the data of the first run whose record leads to them."""
    missing: list[str] = []
    for run in runs:
        found = find_data(run, project, store, project.cache)
        if found.recipe is None or found.path is None:
            missing += found.missing
            continue
        try:
            return thaw(found.recipe, found.path, project.root)
        except BancadaError as error:
            missing.append(error.found.rstrip("."))
    raise DataError(
        "The truth of each row is read from the data of the run: from the cache, its files or a snapshot.",
        f"They are in none of these: {'; '.join(dict.fromkeys(missing))}.",
        "Restore the files, or `bancada run` again, which reads the data; `bancada data lock --snapshot` keeps a copy.",
    )


@dataclass(frozen=True)
class _Part:
    run_id: str
    repeat: int
    fold: int
    ids: pa.Array
    predictions: pa.Table


def _folds(side: Sequence[RunRecord], store: Store, task: Task) -> Iterator[_Part]:
    for run in side:
        for use in run.folds:
            if use.content is not None:
                table = store.folds.predictions(use.key, use.content)
                predictions = tasks.derived(task, table.drop_columns(list(_KEYS)))
                yield _Part(run.run_id, use.repeat, use.fold, table.column("id").combine_chunks(), predictions)


def _placed(part: _Part, ids: pa.Array, notes: list[str]) -> tuple[_Part, npt.NDArray[np.int64]]:
    """Return predictions with the positions of their rows in the data; those for rows that are not there are left."""
    found = pc.index_in(part.ids.cast(ids.type), value_set=ids)
    if found.null_count:
        notes.append(f"{counted(found.null_count, 'prediction')} of a fold are for rows that the data do not hold.")
        known = found.is_valid()
        part = _Part(part.run_id, part.repeat, part.fold, part.ids.filter(known), part.predictions.filter(known))
        found = found.drop_null()
    return part, np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)


def _among(part: _Part, rows: npt.NDArray[np.int64], tested: npt.NDArray[np.int64]) -> TestedFold:
    """Return a fold with its rows counted among those that were tested."""
    places = np.searchsorted(tested, rows)
    kept = np.isin(rows, tested)
    predictions = part.predictions
    if not kept.all():
        places, predictions = places[kept], predictions.filter(pa.array(kept))
    return TestedFold(part.run_id, part.repeat, part.fold, places.astype(np.int64), predictions)


def _sealed(run: RunRecord, store: Store, n_rows: int) -> npt.NDArray[np.bool_] | None:
    """Return which rows of the data are sealed; None where the record does not say, or none is."""
    name = run.provenance.get("job")
    if not isinstance(name, str) or not store.objects.has(name):
        return None
    try:
        bits = read_template(store.objects.get(name)).split.sealed
        data = None if bits is None or not store.objects.has(bits) else store.objects.get(bits)
    except BancadaError:
        return None
    if data is None or len(data) != (n_rows + 7) // 8:
        return None
    return np.unpackbits(np.frombuffer(data, dtype=np.uint8), count=n_rows).astype(np.bool_)


def _describing(data: Dataset, roles: dict[str, Any], target: Sequence[str], groups: str | None) -> tuple[str, ...]:
    never = {roles.get("id"), roles.get("weight"), groups, *target}
    return tuple(name for name in dict.fromkeys([*roles["features"], *data.schema().names]) if name not in never)


def _weight(data: Dataset, name: str | None, at: pa.Array) -> npt.NDArray[np.float64] | None:
    if name is None:
        return None
    return np.asarray(data.rows([name]).column(0).take(at).cast(pa.float64()).to_numpy(), dtype=np.float64)


def _codes(data: Dataset, name: str | None, at: pa.Array) -> npt.NDArray[np.int64] | None:
    if name is None:
        return None
    column = data.rows([name]).column(0).take(at).combine_chunks()
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode(null_encoding="encode")
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False))
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)


def _slices(run: RunRecord, data: Dataset, at: pa.Array, notes: list[str]) -> dict[str, npt.NDArray[np.bool_]]:
    found: dict[str, npt.NDArray[np.bool_]] = {}
    for item in run.evaluation.ingredients.get("slices", ()):
        try:
            found |= _masks(item, data, at)
        except UsageError as error:
            # A slice of places in time has no column in the data.
            notes.append(f"Slice `{item.get('name', item.get('column'))}` cannot be read from the data: {error.found}")
    return found


def _masks(item: dict[str, Any], data: Dataset, at: pa.Array) -> dict[str, npt.NDArray[np.bool_]]:
    declared = Slice(item["name"], item["expression"]) if "expression" in item else item["column"]
    names = declared.columns if isinstance(declared, Slice) else (declared,)
    return Evaluation(slices=[declared]).slice_masks(data.rows(list(names)).take(at))


def _lacking(runs: Sequence[RunRecord]) -> Iterator[str]:
    for run in runs:
        lost = sum(use.content is None for use in run.folds)
        if lost:
            yield f"`{run.candidate}`: {lost} of {counted(len(run.folds), 'fold')} failed and have no predictions."
