"""A split in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.exceptions import DataError
from bancada.samples import FoldPart

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from bancada.contracts import Split
    from bancada.samples import SplitRows

__all__ = ["RoundRobin"]


@dataclass(frozen=True)
class RoundRobin:
    """A split that deals rows out like cards, or whole groups where there are any: nothing is drawn.

    Args:
        k: Folds.
    """

    k: int = 3

    @property
    def repeats(self) -> int:
        """One: dealt again, the cards fall the same way."""
        return 1

    @property
    def columns(self) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def kind(self) -> str:
        """`random`."""
        return "random"

    def resolve(self, *, has_classes: bool, has_groups: bool) -> RoundRobin:  # noqa: ARG002 - the contract's signature
        """Return this split."""
        return self

    def identity(self) -> Mapping[str, Any]:
        """Return the design."""
        return {"design": "round-robin", "k": self.k, "kind": self.kind}

    def sealed(self, rows: SplitRows) -> npt.NDArray[np.bool_]:
        """Return False for all rows."""
        return np.zeros(len(rows.ids), dtype=np.bool_)

    def folds(self, rows: SplitRows, repeat: int) -> tuple[FoldPart, ...]:  # noqa: ARG002 - all repeats are the same
        """Return the folds.

        Raises:
            DataError: There are fewer rows or groups than folds.
        """
        unit = np.arange(len(rows.ids)) if rows.groups is None else np.unique(rows.groups, return_inverse=True)[1]
        if len(np.unique(unit)) < self.k:
            found = f"There are {len(np.unique(unit))} for {self.k} folds."
            raise DataError("Each fold needs a row or a group to test.", found, "Use fewer folds.")
        return tuple(
            FoldPart(train=np.flatnonzero(unit % self.k != fold), test=np.flatnonzero(unit % self.k == fold))
            for fold in range(self.k)
        )


if TYPE_CHECKING:
    _: Split = RoundRobin()
