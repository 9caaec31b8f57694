"""The contract of a task whose predictions stand at a place in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from bancada.contracts._task import Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.samples import FoldPart, Timeline

__all__ = ["PlacedTask"]


@runtime_checkable
class PlacedTask(Task, Protocol):
    """A task that adds to what a model says where in time it was said, such as how far ahead.

    The driver calls `places` once, with the rows that are not sealed and the folds of the one repeat. Metrics find the
    columns beside the predictions, for every run alike, whoever made them; slices may name them where the dataset has
    no column of that name. The baseline gets this table as X.

    Laws:
        * No name of `place_schema` is one of `schema`.
        * `places` returns one row per row, in order, in `place_schema()`; what only a test row has is null elsewhere.
        * It depends on the data and the folds alone, never on a model.
        * Folds or data in which rows have no such place raise `DataError`.
    """

    def place_schema(self) -> Any:
        """Return the Arrow schema of `places`."""

    def places(self, timeline: Timeline, truth: Any, parts: Sequence[FoldPart]) -> Any:
        """Return the places of rows, an Arrow table, (n_rows,).

        Args:
            timeline: Series and time of each row.
            truth: Arrow table of truth, (n_rows,).
            parts: The folds, each of which tests other rows.
        """
