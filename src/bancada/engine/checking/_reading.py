"""From a problem that is bound to its data to the rows that are checked."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.engine.checking._encoding import codes_of
from bancada.engine.checking._rows import CheckedRows, Target
from bancada.exceptions import DataError
from bancada.samples import SplitRows
from bancada.splits import time_codes

if TYPE_CHECKING:
    from bancada.engine._binding import Binding

__all__ = ["checked_rows"]

_CLASSES = {"binary", "multiclass"}
_NUMBERS = {"regression", "quantile", "forecast"}


def checked_rows(binding: Binding) -> CheckedRows:
    """Return the rows of a problem that are not sealed; of sealed ones nothing is taken from the dataset.

    Args:
        binding: The problem with its data, at least one repeat drawn.
    """
    roles, repeat = binding.roles, binding.repeats[0]
    positions = None if binding.n_sealed == 0 else binding.positions
    known = {roles.id, roles.groups, roles.weight, roles.time, *roles.target, *roles.of_task, *binding.split.columns}
    others = [name for name in roles.left_out if name not in known]
    groups = time = None
    if roles.groups is not None:
        groups = codes_of(binding.dataset.take(positions, [roles.groups], "arrow").column(0))
    if roles.time is not None:
        times = binding.dataset.take(positions, [roles.time], "arrow")
        with contextlib.suppress(DataError):
            # Folds at random need no time in every row; without it there is no order to look along.
            time = time_codes(SplitRows(binding.ids, times.slice(0, 0), time=times))
    return CheckedRows(
        features=binding.dataset.take(positions, list(roles.features), "arrow"),
        others=binding.dataset.take(positions, others, "arrow"),
        ids=binding.ids,
        target=_target(binding),
        folds=repeat.parts,
        kind=binding.split.kind,
        n_folds=len(repeat.parts) * binding.split.repeats,
        groups=groups,
        time=time,
        time_column=roles.time,
        metric=binding.metrics[0].name,
        margin=binding.evaluation.margin,
        n_units=(repeat.sizes[0].n_train, repeat.sizes[0].n_test),
    )


def _target(binding: Binding) -> Target | None:
    if len(binding.roles.target) != 1:
        return None
    name = binding.roles.target[0]
    column = binding.target.column(name)
    if binding.task.name in _NUMBERS:
        values = pc.cast(column, pa.float64(), safe=False).to_numpy()
        return Target(name, "numbers", np.asarray(values, dtype=np.float64))
    if binding.task.name not in _CLASSES:
        return None
    codes = codes_of(column)
    first = np.unique(codes, return_index=True)[1]
    labels = column.take(pa.array(first)).to_pylist()
    # Classes are numbered in their own order, so that of two the second is the one that is mostly asked for.
    order = np.argsort([str(label) for label in labels], kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Target(name, "classes", place[codes].astype(np.float64), tuple(str(labels[item]) for item in order))
