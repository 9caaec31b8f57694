"""The contract of a task that reads more of a row than its target."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from bancada.contracts._task import Task

__all__ = ["RowTask"]


@runtime_checkable
class RowTask(Task, Protocol):
    """A task whose truth needs more than the target: the query that a document answers, the series of a value.

    `resolve` and `truth` are given the target columns, followed by `columns`.

    Laws:
        * These columns never enter X unless they are named in `features`; the column of times stays.
        * Rows that share a value of `together` stand on one side of every fold: the problem's `groups` are that column,
          or one of which each value of `together` has a single one.
        * A model whose `fit` names `qid`, `group_id`, `group` or `groups` receives the values of `together`.
    """

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the dataset that the task reads beside the target."""

    @property
    def together(self) -> str | None:
        """The one of `columns` whose rows make sense together only; None where each row stands for itself."""
