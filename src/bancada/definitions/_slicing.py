"""The rows of each slice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from bancada.definitions._expressions import Column, Comparison, Literal, Missing
from bancada.definitions._masks import mask
from bancada.definitions._slices import Slice
from bancada.exceptions import DefinitionError, NotFoundError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

__all__ = ["slice_masks"]

MOST_VALUES = 20


def slice_masks(slices: Sequence[str | Slice], rows: pa.Table) -> dict[str, npt.NDArray[np.bool_]]:
    """Return the rows of each slice, by the name it is shown under.

    A column gives one slice per value, named `region=north`, ordered by value, and `region is null` where some are
    missing.

    Args:
        slices: Columns' names and slices, in the order to show.
        rows: The row columns of the dataset, (n_rows,).

    Returns:
        One truth value per row, (n_rows,), for each slice.

    Raises:
        NotFoundError: A column does not exist.
        DefinitionError: A column has more than 20 values or values that are no label; two slices have one name.
    """
    masks: dict[str, npt.NDArray[np.bool_]] = {}
    for item in slices:
        found = {item.name: mask(item.tree, rows)} if isinstance(item, Slice) else _by_value(item, rows)
        for name, held in found.items():
            if name in masks:
                rule = "Each slice has a name of its own."
                raise DefinitionError(rule, f"Found `{name}` twice.", "Rename the `Slice`.")
            masks[name] = held
    return masks


def _by_value(name: str, rows: pa.Table) -> dict[str, npt.NDArray[np.bool_]]:
    if name not in rows.column_names:
        rule = "A slice is a column of the dataset, or `Slice(name, expression)`."
        raise NotFoundError(rule, f"Found no column `{name}`.", nearest(name, rows.column_names))
    column = rows.column(name)
    values = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    remedy = f"Write `Slice(name, expression)` for the parts of `{name}` that matter."
    if not _is_label(values.type):
        rule = "A column that is a slice holds texts, integers or truth values."
        raise DefinitionError(rule, f"Found `{name}` of type `{values.type}`.", remedy)
    unique = values.unique().to_pylist()
    if len(unique) > MOST_VALUES:
        rule = f"A column that is a slice has up to {MOST_VALUES} values."
        raise DefinitionError(rule, f"Found {len(unique):,} in `{name}`.", remedy)
    present = sorted(value for value in unique if value is not None)
    masks = {f"{name}={_shown(value)}": mask(_equals(name, value), rows) for value in present}
    if None in unique:
        masks[f"{name} is null"] = mask(Missing(Column(name), negated=False), rows)
    return masks


def _is_label(arrow_type: Any) -> bool:
    types = pa.types
    text = types.is_string(arrow_type) or types.is_large_string(arrow_type) or types.is_string_view(arrow_type)
    return bool(text or types.is_boolean(arrow_type) or types.is_integer(arrow_type) or types.is_null(arrow_type))


def _equals(name: str, value: Any) -> Comparison:
    return Comparison(Column(name), "==", Literal(value))


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
