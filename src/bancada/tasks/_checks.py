"""What every table of predictions must satisfy."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from bancada.exceptions import PredictionError, counted, nearest

__all__ = ["check_probability", "check_table", "floats"]


def floats(predictions: pa.Table, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return a column as float64, (n_rows,)."""
    return np.asarray(predictions.column(name).to_numpy(), dtype=np.float64)


def check_table(predictions: pa.Table, schema: pa.Schema, n_rows: int) -> None:
    """Raise unless a table has `n_rows` rows, only columns of `schema`, and neither null, NaN nor infinity.

    Raises:
        PredictionError: One of these does not hold.
    """
    names = predictions.column_names
    if not names or len(set(names)) < len(names):
        rule = "Predictions need at least one column, and each column once."
        raise PredictionError(rule, f"The columns are {names}.", f"Known are {schema.names}.")
    if predictions.num_rows != n_rows:
        rule = "A model must return one prediction for each row of X, in order."
        found = f"The model gave {counted(predictions.num_rows, 'prediction')} for {counted(n_rows, 'row')}."
        raise PredictionError(rule, found, "Give exactly one row for each row asked for.")
    for field in predictions.schema:
        _check_type(field, schema)
        column = predictions.column(field.name)
        broken = column.null_count
        if not broken and pa.types.is_floating(field.type):
            broken = int(n_rows - np.count_nonzero(np.isfinite(column.to_numpy())))
        if broken:
            rule = "Predictions must be finite numbers or known labels."
            found = f"`{field.name}` is null, NaN or infinite in {broken:,} of {n_rows:,} rows."
            raise PredictionError(rule, found, "Find the rows that the model cannot predict, and treat them in it.")


def _check_type(field: pa.Field, schema: pa.Schema) -> None:
    if field.name not in schema.names:
        rule = "Predictions may hold only the columns of their task."
        found = f"There is a column `{field.name}`."
        raise PredictionError(rule, found, nearest(field.name, schema.names))
    expected = schema.field(field.name).type
    if field.type != expected:
        rule = "A column of predictions must have the type of its task."
        raise PredictionError(rule, f"`{field.name}` is {field.type}.", f"Make it {expected}.")


def check_probability(predictions: pa.Table, name: str) -> None:
    """Raise unless a column lies in [0, 1].

    Raises:
        PredictionError: A value lies outside.
    """
    values = floats(predictions, name)
    if values.size and (values.min() < 0 or values.max() > 1):
        rule = "Probabilities must lie between 0 and 1."
        found = f"`{name}` goes from {values.min():.6g} to {values.max():.6g}."
        raise PredictionError(rule, found, "Give probabilities; a score without that range is a `score`.")
