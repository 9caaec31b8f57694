"""A run with the store that it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["Recorded"]


@dataclass(frozen=True)
class Recorded:
    """A run in its store.

    Attributes:
        run: The run.
        store: Where its objects and folds are.
        runs: How many runs the reference means, of which this is the newest.
    """

    run: RunRecord
    store: Store
    runs: int = 1
