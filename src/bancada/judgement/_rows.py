"""Rows that one of two models labels right and the other wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = ["RowTally"]


class RowTally:
    """Counts, fold by fold, how often each row was labelled right by a candidate and by the one before it.

    A row that several repeats have tested is right, or wrong, by their majority (STATISTICS §7); an even vote is
    neither. Of several seeds each has a vote.

    Args:
        n_rows: Rows that are not sealed.

    Examples:
        >>> tally = RowTally(3)
        >>> tally.add(np.array([0, 1, 2]), np.array([True, True, False]), [np.array([False, True, True])])
        >>> tally.fixed, tally.broken
        (1, 1)
    """

    def __init__(self, n_rows: int) -> None:
        # Right less wrong: positive where most votes are right.
        self._mine = np.zeros(n_rows, dtype=np.int32)
        self._theirs = np.zeros(n_rows, dtype=np.int32)

    def add(
        self, positions: npt.NDArray[np.int64], mine: npt.NDArray[np.bool_], theirs: Sequence[npt.NDArray[np.bool_]]
    ) -> None:
        """Count a fold that both have.

        Args:
            positions: Its test rows, (n_test,).
            mine: Whether the candidate labels them right, (n_test,).
            theirs: The same of the other, for each of its seeds.
        """
        self._mine[positions] += np.where(mine, 1, -1).astype(np.int32)
        for right in theirs:
            self._theirs[positions] += np.where(right, 1, -1).astype(np.int32)

    @property
    def fixed(self) -> int:
        """Rows that the other labels wrong and the candidate right."""
        return int(np.count_nonzero((self._theirs < 0) & (self._mine > 0)))

    @property
    def broken(self) -> int:
        """Rows that the other labels right and the candidate wrong."""
        return int(np.count_nonzero((self._theirs > 0) & (self._mine < 0)))
