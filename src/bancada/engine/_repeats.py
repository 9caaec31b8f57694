"""The repeats of a split, each drawn when it is first needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.engine._splits import encode_split, split_digest
from bancada.identity import table_digest

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.contracts import Split
    from bancada.samples import FoldPart, SplitRows
    from bancada.store import Store

__all__ = ["FoldSize", "Repeat", "Repeats"]


@dataclass(frozen=True, slots=True)
class FoldSize:
    """How many independent units train and test in a fold: groups, where folds of groups are no periods; else rows."""

    n_train: int
    n_test: int
    rows_test: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """One repeat of the split: its folds, their sizes, the digest of its table, and the object that holds it."""

    number: int
    digest: str
    content: str
    parts: tuple[FoldPart, ...]
    sizes: tuple[FoldSize, ...] = ()


class Repeats:
    """Draws repeats, stores their tables, and remembers them.

    Args:
        split: The split, resolved.
        rows: The rows that are not sealed.
        store: Where the tables are kept.
    """

    def __init__(self, split: Split, rows: SplitRows, store: Store) -> None:
        self._split = split
        self._rows = rows
        self._store = store
        self._ids = table_digest(pa.table({"id": rows.ids}))
        # Of folds that are periods, the periods are the units; groups are series that go on through them.
        groups = None if split.kind == "time" else rows.groups
        self._groups = None if groups is None else np.unique(groups, return_inverse=True)[1]
        self._drawn: dict[int, Repeat] = {}

    def __getitem__(self, number: int) -> Repeat:
        """Return a repeat, counted from 0.

        Raises:
            DataError: The data cannot be split like that.
        """
        if number not in self._drawn:
            parts = self._split.folds(self._rows, number)
            content = self._store.objects.put(encode_split(self._rows.ids, parts))
            sizes = tuple(self.size(part) for part in parts)
            self._drawn[number] = Repeat(number, split_digest(self._ids, number, parts), content, parts, sizes)
        return self._drawn[number]

    def size(self, part: FoldPart, among: npt.NDArray[np.bool_] | None = None) -> FoldSize:
        """Count a fold.

        Args:
            part: The fold.
            among: Which rows count, such as those of a slice, (n_open,); None for all.
        """
        train, test = (rows if among is None else rows[among[rows]] for rows in (part.train, part.test))
        return FoldSize(self._count(train), self._count(test), len(test))

    def _count(self, positions: npt.NDArray[np.int64]) -> int:
        return len(positions) if self._groups is None else int(np.count_nonzero(np.bincount(self._groups[positions])))
