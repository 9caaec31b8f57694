"""A task in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.exceptions import DataError, PredictionError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bancada.contracts import Model, Task

__all__ = ["NumberTask"]

_SCHEMA = pa.schema([pa.field("value", pa.float64())])


class _Zero:
    def fit(self, X: Any, y: Any) -> _Zero:  # noqa: ARG002 - the contract's signature
        return self

    def predict(self, X: Any) -> Any:
        return np.zeros(len(X))


@dataclass(frozen=True)
class NumberTask:
    """Predict a number, `value`; the baseline says 0."""

    @property
    def name(self) -> str:
        """`number`."""
        return "number"

    @property
    def metrics(self) -> tuple[str, ...]:
        """`mae`."""
        return ("mae",)

    @property
    def has_classes(self) -> bool:
        """False."""
        return False

    def identity(self) -> Mapping[str, Any]:
        """Return the name."""
        return {"name": self.name}

    def resolve(self, target: Any) -> Task:
        """Return this task.

        Raises:
            DataError: The target is null somewhere.
        """
        self.truth(target)
        return self

    def truth(self, target: Any) -> Any:
        """Return the target as floats, (n_rows,).

        Raises:
            DataError: It is null somewhere.
        """
        column = target.column(0)
        if column.null_count:
            raise DataError("A number is known.", f"There are {column.null_count} nulls.", "Leave these rows out.")
        return pa.table({"value": column.cast(pa.float64())}, schema=_SCHEMA)

    def truth_schema(self) -> Any:
        """Return the schema of `truth`."""
        return _SCHEMA

    def schema(self) -> Any:
        """Return the schema of predictions."""
        return _SCHEMA

    def read(
        self,
        model: Model,
        X: Any,
        n_rows: int,
        columns: Collection[str] | None = None,  # noqa: ARG002 - there is one column
    ) -> Any:
        """Return what the model predicts, (n_rows,).

        Raises:
            PredictionError: It is no number for each row.
        """
        values = model.predict(X)
        try:
            table = pa.table({"value": pa.array(np.asarray(values, dtype=np.float64))})
        except (TypeError, ValueError) as error:
            raise PredictionError("A prediction is a number.", f"Found {values!r}.", "Return floats.") from error
        self.check(table, n_rows)
        return table

    def flags(self, model: Model) -> tuple[str, ...]:  # noqa: ARG002 - the contract's signature
        """Return nothing."""
        return ()

    def check(self, predictions: Any, n_rows: int) -> None:
        """Raise `PredictionError` unless there are `n_rows` finite numbers, and nothing else."""
        if predictions.column_names != ["value"] or predictions.num_rows != n_rows:
            found = f"There are {predictions.num_rows} rows of {predictions.column_names} for {n_rows}."
            raise PredictionError("Predictions are one `value` for each row.", found, "Return them so.")
        column = predictions.column("value")
        if column.null_count or not np.isfinite(column.to_numpy()).all():
            raise PredictionError("A prediction is a finite number.", "Found another.", "Treat missing features.")

    def baseline(self) -> Model:
        """Return a model that says 0."""
        return _Zero()


if TYPE_CHECKING:
    _: Task = NumberTask()
