"""Rows that were tested, and what was predicted for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.engine._rights import rights
from bancada.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from bancada.contracts import Dataset, Metric, Task

__all__ = ["Examples", "TestedFold", "answered"]


@dataclass(frozen=True)
class TestedFold:
    """What one fold of one run predicted.

    Attributes:
        run_id: The run.
        repeat: Number of the repeat, from 0.
        fold: Number of the fold in its repeat, from 0.
        rows: Position of each row among the examples, int64 (n_test,).
        predictions: Columns of the task, (n_test,).
    """

    run_id: str
    repeat: int
    fold: int
    rows: npt.NDArray[np.int64]
    predictions: pa.Table


@dataclass(frozen=True)
class Examples:
    """The rows that at least one fold tested, in id order; sealed rows are none of them.

    Attributes:
        task: The task, resolved.
        ids: Their ids, (n_rows,).
        truth: Truth, (n_rows,).
        weight: Their weights; None where all weigh the same.
        groups: Number of each row's group, dense from 0, int64 (n_rows,); None without groups.
        slices: A truth value per row for each declared slice, by its name.
        metrics: The metrics of the evaluation that can be computed without the project's code, the primary first.
        own: Names of those that are the project's own code, or of another version of bancada.
        primary: Name of the primary metric.
        features: Columns of X, in file order.
        describing: Columns that may tell rows apart: the features, then all others but id, target, groups and weight.
        time: Column with the time of a row; None where there is none.
        sides: The folds of each side: of a run, or of several that differ in nothing but the seed.
        notes: What could not be had, a sentence each.
        _dataset: The data, opened.
        _positions: Where the rows are in it.
    """

    task: Task
    ids: pa.Array
    truth: pa.Table
    weight: npt.NDArray[np.float64] | None
    groups: npt.NDArray[np.int64] | None
    slices: Mapping[str, npt.NDArray[np.bool_]]
    metrics: tuple[Metric, ...]
    own: tuple[str, ...]
    primary: str
    features: tuple[str, ...]
    describing: tuple[str, ...]
    time: str | None
    sides: tuple[tuple[TestedFold, ...], ...]
    notes: tuple[str, ...]
    _dataset: Dataset = field(repr=False)
    _positions: npt.NDArray[np.int64] = field(repr=False)

    @property
    def n_rows(self) -> int:
        """How many rows were tested."""
        return len(self.ids)

    def columns(self, names: Sequence[str]) -> pa.Table:
        """Return columns of the data for these rows, (n_rows, len(names)).

        Raises:
            NotFoundError: There is no such column.
        """
        return self._dataset.rows(list(names)).take(pa.array(self._positions))

    def sample(self, fold: TestedFold, among: npt.NDArray[np.bool_] | None = None) -> Sample:
        """Return the rows of a fold as metrics read them.

        Args:
            fold: The fold.
            among: Which of the examples count, (n_rows,); None for all.
        """
        rows, predictions = fold.rows, fold.predictions
        if among is not None:
            kept = among[rows]
            rows, predictions = rows[kept], predictions.filter(pa.array(kept))
        weight = None if self.weight is None else self.weight[rows]
        return Sample(self.truth.take(pa.array(rows)), predictions, pa.table({}), weight)

    def right(self, fold: TestedFold) -> npt.NDArray[np.bool_] | None:
        """Return which rows of a fold were answered rightly, (n_test,); None where answers are right by degrees."""
        return answered(self.sample(fold))

    def tested(self, side: int) -> npt.NDArray[np.bool_]:
        """Return which rows a side has predictions for, (n_rows,)."""
        found = np.zeros(self.n_rows, dtype=np.bool_)
        for fold in self.sides[side]:
            found[fold.rows] = True
        return found


def answered(sample: Sample) -> npt.NDArray[np.bool_] | None:
    """Return which rows of a sample were answered rightly, (n_rows,); None where answers are right by degrees."""
    return rights(sample.truth, sample.predictions)
