"""A number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.exceptions import DataError
from bancada.tasks._checks import check_table
from bancada.tasks._outputs import numbers, one_per_row
from bancada.tasks._target import target_column
from bancada.tasks._tolerances import of_spread

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bancada.contracts import Model, Task

__all__ = ["Regression"]

_SCHEMA = pa.schema([pa.field("value", pa.float64())])


@dataclass(frozen=True)
class Regression:
    """Predict a number: truth and predictions are `value`, float64.

    Examples:
        >>> task = Regression().resolve(pa.table({"price": [1, 2, 4]}))
        >>> task.truth(pa.table({"price": [3]})).column("value").to_pylist()
        [3.0]
    """

    @property
    def name(self) -> str:
        """`regression`."""
        return "regression"

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the default metrics, the primary first."""
        return ("rmse", "mae", "r2")

    @property
    def has_classes(self) -> bool:
        """False: a split does not stratify."""
        return False

    def identity(self) -> Mapping[str, Any]:
        """Return the name."""
        return {"name": self.name}

    def resolve(self, target: pa.Table) -> Task:
        """Return this task, once the target is known to be finite numbers.

        Raises:
            DataError: The target is no number, null, NaN or infinite.
        """
        self.truth(target)
        return self

    def truth(self, target: pa.Table) -> pa.Table:
        """Return `value`, (n_rows,).

        Raises:
            DataError: A target is no number, null, NaN or infinite.
        """
        column, name = target_column(target), target.column_names[0]
        kind = column.type
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
            rule = "A target of a regression must be numbers."
            remedy = "Convert it to numbers, or use `Binary(positive=…)` or `Multiclass()`."
            raise DataError(rule, f"`{name}` is {kind}.", remedy)
        values = np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)
        infinite = int(values.size - np.count_nonzero(np.isfinite(values)))
        if infinite:
            rule = "A target of a regression must be finite."
            found = f"`{name}` is infinite in {infinite:,} of {values.size:,} rows."
            raise DataError(rule, found, "Leave these rows out of the dataset, or cap them before it is made.")
        return pa.table({"value": pa.array(values)}, schema=_SCHEMA)

    def truth_schema(self) -> pa.Schema:
        """Return the schema of `truth`."""
        return _SCHEMA

    def schema(self) -> pa.Schema:
        """Return the schema of predictions."""
        return _SCHEMA

    def read(
        self,
        model: Model,
        X: Any,
        n_rows: int,
        columns: Collection[str] | None = None,  # noqa: ARG002 - there is one column, and it is always needed
    ) -> pa.Table:
        """Ask a fitted model for `value`.

        Raises:
            PredictionError: What it returned breaks a rule of this task.
        """
        values = numbers("predict", one_per_row("predict", model.predict(X), n_rows))
        table = pa.table({"value": pa.array(values)}, schema=_SCHEMA)
        self.check(table, n_rows)
        return table

    def flags(self, model: Model) -> tuple[str, ...]:  # noqa: ARG002 - the contract's signature
        """Return nothing: no training part lacks anything that this task could tell."""
        return ()

    def check(self, predictions: pa.Table, n_rows: int) -> None:
        """Raise `PredictionError` unless these are valid predictions for `n_rows` rows."""
        check_table(predictions, _SCHEMA, n_rows)

    def tolerances(self, truth: pa.Table, predictions: pa.Table) -> Mapping[str, float]:  # noqa: ARG002 - the contract's signature
        """Return a millionth of the standard deviation of the truth."""
        return {"value": of_spread(truth.column("value"))}

    def baseline(self) -> Model:
        """Return a model that predicts the mean of its training part."""
        from sklearn.dummy import DummyRegressor  # noqa: PLC0415 - half a second, and only workers need it

        model: Model = DummyRegressor(strategy="mean")
        return model
