"""The contract of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bancada.contracts._model import Model

__all__ = ["Task"]


@runtime_checkable
class Task(Protocol):
    """The kind of prediction: it fixes the schemas of truth and predictions, the default metrics and the baseline.

    A task is a frozen, picklable value. The driver calls `resolve` once with the target of *all* rows and goes on with
    what it returns; `truth`, `read`, `flags` and `check` are called on resolved tasks only, `read` and `flags` in a
    worker.

    Laws:
        * `resolve` is idempotent; it raises `DataError` where the target cannot be of this task (null, NaN, one class).
        * `truth` keeps rows and their order and returns no null.
        * `read` returns one row per row of X, in order, in `schema()`, or raises `PredictionError`.
        * `check` accepts all that `read` returns, and raises `PredictionError` for nulls, NaN or wrong columns; the
          order of the columns means nothing to it.
        * A model that predicts the target itself is read as the truth, where both have a column in common.
        * Probabilities are found by a model's `classes_`, in any order; a class that training lacked is in `flags`.
        * One row, and none, can be read. Asked for fewer columns, `read` gives the same values.
        * The default metrics exist and read what the task gives; the baseline is fresh, conforms, and has a score.

    `bancada.testing.task_checks` holds a task to them; `bancada.testing.NumberTask` is one in memory.
    """

    @property
    def name(self) -> str:
        """Name of the kind: `binary`, `multiclass`, `regression` or the user's own."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the default metrics, the primary first."""

    @property
    def has_classes(self) -> bool:
        """True where a split stratifies by the target unless told otherwise."""

    def identity(self) -> Mapping[str, Any]:
        """Return name and parameters as canonical JSON: once resolved, the positive class and the class list too."""

    def resolve(self, target: Any) -> Task:
        """Return this task with all that depends on the data filled in.

        Args:
            target: Arrow table of the target columns, (n_rows, n_targets).
        """

    def truth(self, target: Any) -> Any:
        """Return the truth table, (n_rows,), of an Arrow table of target columns."""

    def truth_schema(self) -> Any:
        """Return the Arrow schema of `truth`."""

    def schema(self) -> Any:
        """Return the Arrow schema of all prediction columns that a model can give, without id, repeat and fold."""

    def read(self, model: Model, X: Any, n_rows: int, columns: Collection[str] | None = None) -> Any:
        """Ask a fitted model for predictions.

        Args:
            model: A fitted model.
            X: What it predicts for, (n_rows, n_features), in the frame the candidate asked for.
            n_rows: Rows that must come back.
            columns: Prediction columns that are needed, so that a model is asked for no more; None for all.

        Returns:
            Arrow table of prediction columns, (n_rows,): those of `schema()` that this model can give; of those that
            are not needed any may be missing.
        """

    def flags(self, model: Model) -> tuple[str, ...]:
        """Return what must be told beside the fold's score, such as a class that training lacked; a phrase each."""

    def check(self, predictions: Any, n_rows: int) -> None:
        """Raise `PredictionError` unless these are valid predictions for `n_rows` rows."""

    def baseline(self) -> Model:
        """Return a fresh model that ignores the features: the score that every candidate must beat."""
