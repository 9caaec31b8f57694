"""Where in time the rows of a problem stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.contracts import PlacedTask
from bancada.exceptions import DefinitionError
from bancada.samples import Timeline
from bancada.splits import time_codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from bancada.contracts import Split, Task
    from bancada.definitions import Evaluation
    from bancada.engine._repeats import Repeats
    from bancada.samples import SplitRows

__all__ = ["places_of", "slices_of", "with_places"]


def places_of(task: Task, split: Split, rows: SplitRows, truth: pa.Table, drawn: Repeats) -> pa.Table | None:
    """Return the places of rows, (n_open,); None where the task has none.

    Raises:
        DefinitionError: The folds are not ordered in time, or the problem names no time.
        DataError: The rows have no places in these folds.
    """
    if not isinstance(task, PlacedTask):
        return None
    if split.kind not in {"time", "single"} or split.repeats > 1:
        raise DefinitionError(
            f"A task `{task.name}` needs folds that are ordered in time.",
            f"The split is {dict(split.identity())['design']!r}, whose folds are {split.kind!r}.",
            "Say `split=bc.splits.TimeOrdered(5)`, and name the time: `time='day'`.",
        )
    order = time_codes(rows)
    series = pa.array(np.zeros(len(order), dtype=np.int8)) if rows.groups is None else pa.array(rows.groups)
    codes = np.zeros(len(order), dtype=np.int64)
    if rows.groups is not None:
        codes = np.unique(rows.groups, return_inverse=True)[1].astype(np.int64)
    time = rows.time.column(0).combine_chunks()
    return task.places(Timeline(series, time, codes, order), truth, drawn[0].parts)


def slices_of(evaluation: Evaluation, rows: pa.Table, places: pa.Table | None) -> Mapping[str, npt.NDArray[np.bool_]]:
    """Return the rows of each slice by its name; a slice may name a column of the places too.

    Of two columns of one name the dataset's is meant.
    """
    if places is None:
        return evaluation.slice_masks(rows)
    added = [name for name in places.column_names if name not in rows.column_names]
    masks = evaluation.slice_masks(_beside(rows, places.select(added)))
    # A place is null in rows that are never tested, which are no slice.
    return {name: mask for name, mask in masks.items() if name not in {f"{column} is null" for column in added}}


def with_places(predictions: pa.Table, places: pa.Table) -> pa.Table:
    """Return predictions with the places of their rows beside them."""
    own = [name for name in predictions.column_names if name not in places.column_names]
    return _beside(predictions.select(own), places)


def _beside(table: pa.Table, more: pa.Table) -> pa.Table:
    # By columns, for a table without any does not know how many rows it has.
    fields = [*table.schema, *more.schema]
    return pa.table([*table.columns, *more.columns], schema=pa.schema(fields))
