"""The contract of a task whose models learn from another form of the target."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from bancada.contracts._task import Task

__all__ = ["TeachingTask"]


@runtime_checkable
class TeachingTask(Task, Protocol):
    """A task that says what `fit` receives as y; of any other task it is the target as it stands in the data.

    Laws:
        * `taught` keeps rows and their order, and depends on each row by itself.
    """

    def taught(self, target: Any) -> Any:
        """Return the table that becomes y, (n_rows, n_outputs), of an Arrow table of target columns."""
