"""A split as it was drawn once: its tables are read, nothing is drawn anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.engine._splits import decode_split
from bancada.exceptions import DataError, counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from bancada.contracts import Split
    from bancada.samples import FoldPart, SplitRows

__all__ = ["RecordedSplit"]


@dataclass(frozen=True)
class RecordedSplit:
    """The folds of a run, from the tables that it kept.

    Attributes:
        design: What `identity` returns.
        kind: `random`, `site`, `time` or `single`.
        columns: Columns that the split read beside target and groups.
        tables: Encoded table of each repeat.
        bits: One bit a row, 1 where it is sealed; empty where no row is.
    """

    design: Mapping[str, Any]
    kind: str
    columns: tuple[str, ...]
    tables: Mapping[int, bytes] = field(repr=False)
    bits: bytes = field(default=b"", repr=False)

    @property
    def repeats(self) -> int:
        """How many repeats were kept."""
        return len(self.tables)

    def resolve(self, *, has_classes: bool, has_groups: bool) -> Split:  # noqa: ARG002 - the contract's signature
        """Return this split: it was resolved when it was drawn."""
        return self

    def identity(self) -> Mapping[str, Any]:
        """Return the design, as it was recorded."""
        return self.design

    def sealed(self, rows: SplitRows) -> npt.NDArray[np.bool_]:
        """Return True for rows of the sealed holdout, (n_rows,).

        Raises:
            DataError: There are fewer bits than rows.
        """
        n_rows = len(rows.ids)
        if not self.bits:
            return np.zeros(n_rows, dtype=np.bool_)
        if len(self.bits) != (n_rows + 7) // 8:
            raise DataError(
                "A recorded holdout has one bit for each row of its data.",
                f"It has {counted(len(self.bits), 'byte')} for {counted(n_rows, 'row')}.",
                "The data are others than those of the run: restore them.",
            )
        return np.unpackbits(np.frombuffer(self.bits, dtype=np.uint8), count=n_rows).astype(np.bool_)

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:  # noqa: ARG002 - they were drawn before
        """Return the folds of one repeat.

        Raises:
            DataError: The repeat was not kept.
            StoreError: Its table is none.
        """
        if repeat not in self.tables:
            raise DataError(
                "A run is computed on the repeats that it had.",
                f"It has no table of repeat {repeat}.",
                "Copy the record whole, with all objects that it names.",
            )
        return decode_split(self.tables[repeat])


if TYPE_CHECKING:
    _: Split = RecordedSplit({}, "random", (), {})
