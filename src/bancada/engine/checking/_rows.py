"""The rows that are checked: columns, target, folds; none of them sealed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.engine.checking._encoding import encode

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from bancada.engine.checking._encoding import Encoded
    from bancada.samples import FoldPart

__all__ = ["CheckedRows", "Target"]

SAMPLED_ROWS = 50_000
_UNTESTED = -1


@dataclass(frozen=True, slots=True)
class Target:
    """What is predicted.

    Attributes:
        name: Name of the column.
        kind: `classes` or `numbers`.
        encoded: Numbers of the classes counted from 0, or numbers, float64 (n_rows,).
        labels: The classes as text; empty for numbers.
    """

    name: str
    kind: str
    encoded: npt.NDArray[np.float64]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CheckedRows:
    """All that the checks see: rows in id order, (n_rows,), none of them sealed.

    Attributes:
        features: Columns of X, an Arrow table.
        others: Columns outside of X that may name whom a row is about: excluded ones, an Arrow table.
        ids: Ids, an Arrow array.
        target: What is predicted; None where it is neither classes nor numbers.
        folds: The folds of the first repeat.
        kind: What the folds are: `random`, `site`, `time` or `single`.
        n_folds: Count of folds of all repeats that are planned.
        groups: Number of each row's group; None without groups.
        time: Number of each row's time among all times, ascending; None where not every row has one.
        time_column: Name of the column of times; None without one.
        metric: Name of the primary metric.
        margin: Smallest difference that matters; None where not declared.
        n_units: Count of independent units that train and test in the first fold.
        sample_rows: Statistics of single columns are taken from at most so many rows, drawn once.
    """

    features: Any
    others: Any
    ids: Any
    target: Target | None
    folds: tuple[FoldPart, ...]
    kind: str
    n_folds: int
    groups: npt.NDArray[np.int64] | None = None
    time: npt.NDArray[np.int64] | None = None
    time_column: str | None = None
    metric: str = ""
    margin: float | None = None
    n_units: tuple[int, int] = (0, 0)
    sample_rows: int = SAMPLED_ROWS
    seed: int = field(default=0)

    @property
    def n_rows(self) -> int:
        """Count of rows."""
        return len(self.ids)

    @cached_property
    def sample(self) -> npt.NDArray[np.int64]:
        """Positions of the rows from which statistics of single columns are taken, ascending."""
        if self.n_rows <= self.sample_rows:
            return np.arange(self.n_rows)
        drawn = np.random.default_rng(self.seed).choice(self.n_rows, self.sample_rows, replace=False)
        return np.sort(drawn).astype(np.int64)

    @property
    def sampled(self) -> int | None:
        """Count of the rows that were drawn; None where all are taken."""
        return len(self.sample) if len(self.sample) < self.n_rows else None

    @cached_property
    def columns(self) -> Mapping[str, Encoded]:
        """The columns of X on the sample, as numbers; those without equality or order are left out."""
        positions = pa.array(self.sample)
        taken = self.features if self.sampled is None else self.features.take(positions)
        found = (encode(name, taken.column(name)) for name in taken.column_names)
        return {item.name: item for item in found if item is not None}

    @cached_property
    def fold_of(self) -> npt.NDArray[np.int64]:
        """The fold in which each row is tested first; −1 for rows that no fold tests."""
        fold = np.full(self.n_rows, _UNTESTED, dtype=np.int64)
        for number, part in enumerate(self.folds):
            fold[part.test] = np.where(fold[part.test] == _UNTESTED, number, fold[part.test])
        return fold

    def shown(self, positions: npt.NDArray[np.int64], most: int = 5) -> tuple[str, ...]:
        """Return the ids of a few rows as text."""
        return tuple(str(value) for value in self.ids.take(pa.array(positions[:most])).to_pylist())
