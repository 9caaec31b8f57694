"""Features and target as scikit-learn users hold them, as one Arrow table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from bancada.datasets._frames import refuse_sparse, to_array, to_table
from bancada.exceptions import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["features_table", "joined", "target_table"]


def features_table(X: Any, names: Sequence[str] | None = None) -> Any:
    """Return the Arrow table of features.

    Args:
        X: A frame, or values (n_rows, n_features) as an array or a list of lists; values (n_rows,) are one feature.
        names: Names of the features where X has none; None calls them x0, x1 and so on.

    Raises:
        DataError: If X is sparse, has other than two dimensions, or a column has no Arrow type.
    """
    refuse_sparse(X)
    if isinstance(X, pd.Series):
        X = X.to_frame("x0" if X.name is None else str(X.name))
    if not isinstance(X, np.ndarray | list | tuple):
        return to_table(X)
    values = _values(X, "X", "features")
    return _named(values, [f"x{position}" for position in range(values.shape[1])] if names is None else list(names))


def target_table(y: Any, name: str, taken: Sequence[str]) -> Any:
    """Return the Arrow table of targets.

    Args:
        y: Values (n_rows,) or (n_rows, n_targets): a series, frame, array or list.
        name: Name of a target that has none of its own; several get a number each.
        taken: Names that the features have; a target that has one of them is called `name`, numbered if need be.

    Raises:
        DataError: If y is sparse, has other than one or two dimensions, or has no Arrow type.
    """
    refuse_sparse(y)
    if isinstance(y, pd.DataFrame | pa.Table) or (hasattr(y, "columns") and hasattr(y, "__arrow_c_stream__")):
        table = to_table(y)
    elif isinstance(y, pd.Series) or hasattr(y, "__arrow_c_stream__"):
        own = getattr(y, "name", None)
        table = to_table({str(own) if own not in {None, ""} else name: y})
    elif hasattr(y, "__arrow_c_array__"):
        table = to_table({name: y})
    else:
        values = _values(y, "y", "targets")
        many = values.shape[1] > 1
        table = _named(values, [f"{name}_{position}" if many else name for position in range(values.shape[1])])
    names: list[str] = []
    for own_name in table.column_names:
        names.append(_free(own_name, name, {*taken, *names}))
    return table.rename_columns(names)


def joined(features: Any, target: Any) -> Any:
    """Return one table of features and targets.

    Raises:
        DataError: If their counts of rows differ.
    """
    if features.num_rows != target.num_rows:
        raise DataError(
            "X and y must have the same count of rows.",
            f"X has {features.num_rows}, y has {target.num_rows}.",
            "Pass the y of these rows of X.",
        )
    for name, column in zip(target.column_names, target.columns, strict=True):
        features = features.append_column(name, column)
    return features


def _free(own: str, fallback: str, taken: set[str]) -> str:
    """Return a name that is not taken: one's own, else the fallback, else the fallback with a number."""
    if own not in taken:
        return own
    name, number = fallback, 0
    while name in taken:
        number += 1
        name = f"{fallback}_{number}"
    return name


def _values(values: Any, what: str, of: str) -> Any:
    """Return values as a 2-D array, (n_rows, n_columns)."""
    try:
        array = values if isinstance(values, np.ndarray) else _array(values)
    except ValueError as error:
        raise DataError(
            f"The rows of {what} must have the same length.", f"NumPy says: {error}.", "Make them equally long."
        ) from error
    if array.ndim == 1:
        array = array.reshape(-1, 1)
    if array.ndim != 2:
        raise DataError(
            f"{what} must have two dimensions: rows and {of}.",
            f"Its shape is {array.shape!r}.",
            f"Say `{what}.reshape(len({what}), -1)`.",
        )
    return array


def _array(values: Any) -> Any:
    """Return a list as an array; one of mixed types as objects, for NumPy would turn its numbers into texts."""
    array = np.asarray(values)
    return np.asarray(values, dtype=object) if array.dtype.kind in "US" else array


def _named(values: Any, names: Sequence[str]) -> Any:
    columns = {name: values[:, position] for position, name in enumerate(names)}
    if values.dtype == object:
        return to_table({name: column.tolist() for name, column in columns.items()})
    return to_table({name: to_array(np.ascontiguousarray(column)) for name, column in columns.items()})
