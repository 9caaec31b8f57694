"""Reading of the target column, and of its classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.exceptions import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = ["class_codes", "distinct", "plain", "shown", "target_column"]

SHOWN = 6


def target_column(target: pa.Table) -> pa.ChunkedArray:
    """Return the one column of a target, dictionaries and wide strings decoded.

    Args:
        target: Arrow table of the target columns, (n_rows, n_targets).

    Returns:
        Its column, (n_rows,), without null and NaN.

    Raises:
        DataError: There is more than one column, no row, or a value is null or NaN.
    """
    if target.num_columns != 1:
        names = ", ".join(f"`{name}`" for name in target.column_names) or "none"
        rule = "This task predicts exactly one column."
        raise DataError(rule, f"The target has {target.num_columns}: {names}.", "Name one column as `target`.")
    name, column = target.column_names[0], _decoded(target.column(0))
    if len(column) == 0:
        raise DataError("A target needs rows.", f"`{name}` has none.", "Check that the dataset is not empty.")
    absent = column.null_count
    if pa.types.is_floating(column.type):
        absent += int(pc.sum(pc.is_nan(column)).as_py() or 0)
    if absent:
        rule = "Every row needs a known target."
        found = f"`{name}` is null or NaN in {absent:,} of {len(column):,} rows."
        raise DataError(rule, found, "Leave these rows out of the dataset, or fill them in before it is made.")
    return column


def _decoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        column = column.cast(pa.string())
    return column


def distinct(column: pa.ChunkedArray, name: str) -> list[Any]:
    """Return the distinct values of a column, ascending.

    Raises:
        DataError: The values have no order or no equality, such as lists.
    """
    kind = column.type
    if pa.types.is_nested(kind) or pa.types.is_null(kind):
        rule = "Classes must be plain values, such as text, integers or booleans."
        found = f"`{name}` holds {kind}."
        raise DataError(rule, found, "Name a column of plain values as `target`, or write a task of your own.")
    return sorted(pc.unique(column).to_pylist())


def class_codes(column: pa.ChunkedArray, classes: Sequence[Any], name: str) -> npt.NDArray[np.int32]:
    """Return each value's position in `classes`, (n_rows,).

    Raises:
        DataError: A value is none of the classes.
    """
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    position = {value: index for index, value in enumerate(classes)}
    values = encoded.dictionary.to_pylist()
    unknown = [value for value in values if value not in position]
    if unknown:
        rule = "Every target must be one of the task's classes."
        found = f"`{name}` holds {shown(unknown)}; the classes are {shown(classes)}."
        raise DataError(rule, found, "List all classes in the task, or leave these rows out.")
    table = np.array([position[value] for value in values], dtype=np.int32)
    return np.asarray(table[encoded.indices.to_numpy(zero_copy_only=False)], dtype=np.int32)


def shown(values: Sequence[Any]) -> str:
    """Return values for a message, by repr; a long list is cut.

    Examples:
        >>> shown(["a", "b"])
        "'a', 'b'"
    """
    listed = ", ".join(repr(scalar(value)) for value in values[:SHOWN])
    return listed if len(values) <= SHOWN else f"{listed} and {len(values) - SHOWN:,} more"


def scalar(value: Any) -> Any:
    """Return a NumPy scalar as the Python value that it stands for; anything else as it is."""
    return value.item() if isinstance(value, np.generic) else value


def plain(value: Any) -> bool | int | float | str | None:
    """Return a class as a value of JSON; a date, a decimal or bytes become text."""
    value = scalar(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
