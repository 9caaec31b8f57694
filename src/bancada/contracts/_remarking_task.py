"""The contract of a task that has something to tell of predictions."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from bancada.contracts._task import Task

__all__ = ["RemarkingTask"]


@runtime_checkable
class RemarkingTask(Task, Protocol):
    """A task whose valid predictions may still be worth a word, such as quantiles that cross.

    Laws:
        * `remarks` is called in a worker on what `read` returned and `check` accepted; it is pure.
        * What it tells stands beside the fold's score and changes nothing of it.
    """

    def remarks(self, predictions: Any) -> tuple[str, ...]:
        """Return what must be told of a fold's predictions, an Arrow table in `schema()`; a phrase each."""
