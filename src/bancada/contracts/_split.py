"""The contract of a split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from bancada.samples import FoldPart, SplitRows

__all__ = ["Split"]


@runtime_checkable
class Split(Protocol):
    """Which rows train and test in each fold.

    A split is a frozen value without memory. The engine calls `resolve` first and goes on with what it returns:
    `sealed` once per version of the data, then `folds` once per repeat with the rows that are *not* sealed; positions
    count those.

    Laws:
        * `folds(rows, r)` depends on the rows, the design and `r` only: never on the count of repeats or on earlier
          calls.
        * In a fold, training, validation and test rows are disjoint; no fold is empty.
        * Rows of one group never stand on both sides of a fold; or, where the folds are cut by time, each group is a
          series that goes on, and all training rows of a fold are earlier than its test rows.
        * In one repeat a row is tested at most once.
        * A row that is sealed stays sealed when other rows come or go.
        * Data that cannot be split raise `DataError`, those with groups that it would part among them.
        * `resolve` is idempotent; `identity` is canonical JSON and tells the seed.
        * Nothing that it is given changes, and the chunks of Arrow's columns mean nothing.

    `bancada.testing.split_checks` holds a split to them; `bancada.testing.RoundRobin` is one in memory.
    """

    @property
    def repeats(self) -> int:
        """How many times the folds are drawn anew; no part of the identity."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the dataset that the split reads beside target and groups."""

    @property
    def kind(self) -> str:
        """What the folds are, which fixes the procedure: `random`, `site`, `time` or `single`."""

    def resolve(self, *, has_classes: bool, has_groups: bool) -> Split:
        """Return this split with what depends on the problem written out, so that equal designs have equal identities.

        Args:
            has_classes: True where the task stratifies by default.
            has_groups: True where the problem has groups.
        """

    def identity(self) -> Mapping[str, Any]:
        """Return the design as canonical JSON, the count of repeats left out."""

    def sealed(self, rows: SplitRows) -> npt.NDArray[np.bool_]:
        """Return True for rows of the sealed holdout, (n_rows,); all False without one."""

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:
        """Return the folds of one repeat, counted from 0."""
