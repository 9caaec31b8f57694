"""The repeats of a split, each drawn when it is first needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.engine._splits import encode_split, split_digest
from bancada.identity import table_digest
from bancada.samples import FoldPart

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.contracts import Split
    from bancada.samples import SplitRows
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

    @property
    def groups(self) -> npt.NDArray[np.int64] | None:
        """Number of each row's group, dense from 0, (n_open,); None where rows, or periods, are the units."""
        return self._groups

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

    def first_fold(self, row_limit: int, seed: int) -> Repeats:
        """Return repeats of which the first alone exists, and of it the first fold, on at most so many rows.

        Training and test rows, and validation rows, are drawn in their shares; the seed decides which.

        Args:
            row_limit: Rows of all parts together.
            seed: Seed of the draw.
        """
        part = _sampled(self[0].parts[0], row_limit, seed)
        digest = split_digest(self._ids, 0, (part,))
        content = self._store.objects.put(encode_split(self._rows.ids, (part,)))
        limited = Repeats(self._split, self._rows, self._store)
        limited._drawn[0] = Repeat(0, digest, content, (part,), (self.size(part),))
        return limited

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


def _sampled(part: FoldPart, row_limit: int, seed: int) -> FoldPart:
    """Return a fold on at most so many rows, at least one of each of its parts."""
    everything = [part.train, part.test, *([] if part.valid is None else [part.valid])]
    total = sum(len(rows) for rows in everything)
    if total <= row_limit:
        return part
    draw = np.random.default_rng(seed)
    counts = [max(len(rows) * row_limit // total, 1) for rows in everything]
    drawn = [np.sort(draw.choice(rows, count, replace=False)) for rows, count in zip(everything, counts, strict=True)]
    return FoldPart(drawn[0], drawn[1], drawn[2] if len(drawn) > 2 else None)
