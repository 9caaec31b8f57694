"""Ids: present, unique, ascending."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.datasets._row import Row
from bancada.exceptions import DataError, DefinitionError, NotFoundError, counted, nearest

__all__ = ["check_id", "in_id_order"]

_MAX_OFFERED = 5


def check_id(id: object) -> None:  # noqa: A002 - the word of the domain
    """Raise `DefinitionError` unless it is the name of a column, `ROW`, or None for not given."""
    if id is not None and not isinstance(id, str | Row):
        raise DefinitionError(
            "`id` must be the name of a column, or `bc.ROW`.", f"It is {id!r}.", "Say `id='customer'` or `id=bc.ROW`."
        )


def in_id_order(table: Any, id: str | Row | None, name: str) -> Any:  # noqa: A002 - the word of the domain
    """Return a table with its rows in id order; the same table where they are, or where rows are numbered.

    Ids are compared as their own type: numbers by value, texts by their UTF-8 bytes.

    Args:
        table: The table.
        id: Name of the id column, or `ROW`.
        name: Name of the dataset, for the messages.

    Raises:
        DataError: If no id was given, or ids are missing, double or of a type without order.
        NotFoundError: If there is no such column.
    """
    if isinstance(id, Row):
        return table
    if id is None:
        raise _not_given(table, name)
    if id not in table.column_names:
        raise NotFoundError(
            "The id must be a column of the dataset.",
            f"`{name}` has no column `{id}`.",
            f"{nearest(id, table.column_names)} Say `id=bc.ROW` to number the rows.",
        )
    ids = _comparable(table.column(id), id, name)
    if _missing(ids):
        first = int(np.argmax(pc.is_null(ids, nan_is_null=True).to_numpy(zero_copy_only=False)))
        raise DataError(
            "Each row must have an id.",
            f"`{id}` of `{name}` is null in {counted(_missing(ids), 'row')}, first in row {first + 1}.",
            "Fill the ids or drop these rows, or say `id=bc.ROW` to number the rows.",
        )
    if len(ids) < 2 or _all(pc.less(ids[:-1], ids[1:])):
        return table
    order = pc.sort_indices(ids)
    ids = ids.take(order)
    same = pc.equal(ids[:-1], ids[1:]).to_numpy(zero_copy_only=False)
    if same.any():
        raise DataError(
            "Ids must be unique.",
            f"`{id}` of `{name}` repeats an id in {counted(int(same.sum()), 'row')}, first {_shown(ids, same)}.",
            "Drop the duplicates, name another column, or say `id=bc.ROW` to number the rows.",
        )
    return table.take(order)


def _comparable(column: Any, id_: str, name: str) -> Any:
    """Return the ids as one array of a type that has an order."""
    array = column.combine_chunks()
    array = array.dictionary_decode() if pa.types.is_dictionary(array.type) else array
    kind = array.type
    if pa.types.is_nested(kind) or pa.types.is_null(kind) or pa.types.is_boolean(kind):
        raise DataError(
            "Ids must be numbers, texts, bytes or dates.",
            f"`{id_}` of `{name}` is of type `{kind}`.",
            "Name another column, or say `id=bc.ROW` to number the rows.",
        )
    return array


def _missing(ids: Any) -> int:
    return int(pc.sum(pc.is_null(ids, nan_is_null=True)).as_py() or 0)


def _all(mask: Any) -> bool:
    return bool(pc.all(mask).as_py())


def _shown(ids: Any, same: Any) -> str:
    return repr(ids[int(np.argmax(same))].as_py())


def _not_given(table: Any, name: str) -> DataError:
    """Return the error that offers the columns that could be the id."""
    offered = [column for column in table.column_names if _could_be_id(table.column(column))][:_MAX_OFFERED]
    columns = " or ".join(f"`id='{column}'`" for column in offered)
    remedy = f"Say {columns}, or `id=bc.ROW` to number the rows." if offered else "Say `id=bc.ROW` to number the rows."
    return DataError(
        "A dataset must have an id for each row: a column that is unique and never null, or `bc.ROW`.",
        f"None was given for `{name}`.",
        remedy,
    )


def _could_be_id(column: Any) -> bool:
    """Return True for a unique column without nulls that is no measurement."""
    kind = column.type
    named = pa.types.is_integer(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return bool(named and column.null_count == 0 and pc.count_distinct(column).as_py() == len(column))
