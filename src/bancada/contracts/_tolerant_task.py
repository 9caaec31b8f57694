"""The contract of a task that says how far predictions may lie apart and still be the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from bancada.contracts._task import Task

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TolerantTask"]


@runtime_checkable
class TolerantTask(Task, Protocol):
    """A task whose predictions differ in their last digits between machines that compute the same.

    Laws:
        * `tolerances` is pure, names columns of `schema()` only, and no tolerance is negative, infinite or NaN.
        * A column that it does not name must be equal to the bit, as those of a task without this method must.
    """

    def tolerances(self, truth: Any, predictions: Any) -> Mapping[str, float]:
        """Return how far a prediction may lie from an earlier one and still reproduce it, by column.

        Args:
            truth: Truth of all rows that are not sealed, as `truth` returns it.
            predictions: The earlier predictions of all folds, an Arrow table in `schema()`.

        Returns:
            Largest absolute differences, in units of the column.
        """
