"""Columns of X with one value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc

from bancada.engine.checking._encoding import codes_of, kind_of
from bancada.engine.checking._finding import NOTE, Finding, Looked, named

if TYPE_CHECKING:
    from bancada.engine.checking._rows import CheckedRows

__all__ = ["find_constant"]

NAME = "constant"


def find_constant(rows: CheckedRows) -> Looked:
    """Look for columns of X whose rows, all of them read, have one value, or none."""
    if rows.n_rows < 2:
        return Looked(skipped="there is one row")
    names = tuple(name for name in rows.features.column_names if _is_constant(rows.features.column(name)))
    if not names:
        return Looked()
    empty = [name for name in names if rows.features.column(name).null_count == rows.n_rows]
    told = f"{named(names)} {'has' if len(names) == 1 else 'have'} the same value in every row"
    if empty:
        told += f" (none at all: {named(empty)})"
    return Looked(
        (
            Finding(
                check=NAME,
                severity=NOTE,
                columns=names,
                found=told,
                evidence={"columns": len(names), "empty": len(empty)},
                remedy="It tells a model nothing: `exclude` it, or look why the export lost its values.",
            ),
        )
    )


def _is_constant(column: Any) -> bool:
    if kind_of(column.type) is None or 0 < column.null_count < len(column):
        # Whether a value is there may tell something, whatever the value.
        return False
    if column.null_count == len(column):
        return True
    first = column.slice(0, 1_000)
    if len(np.unique(codes_of(first))) > 1:
        return False
    return int(pc.count_distinct(column).as_py()) == 1
