"""The types of CSV columns as pandas' own reader gives them, where Arrow infers others."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["doubtful", "settled"]

_BEYOND = 2.0**63


def doubtful(table: Any) -> list[str]:
    """Return the columns whose texts must be seen to know their types.

    Arrow reads dates and times, which pandas leaves as texts, and rounds integers beyond 64 bits to floats. Columns of
    nulls alone are among them too.

    Args:
        table: What Arrow inferred, (n_rows, n_columns).
    """
    # Two columns of one name are refused later, by that name.
    return [name for name in table.column_names if table.column_names.count(name) == 1 and _is_doubtful(table[name])]


def settled(table: Any, texts: Any) -> Any:
    """Return the table with the types of pandas.

    Integers that 64 bits cannot hold become unsigned, else texts, never rounded. With nulls they are texts too, for
    pandas has no unsigned integers with nulls. A column of nulls alone becomes float64.

    Args:
        table: What Arrow inferred.
        texts: Its doubtful columns as texts.
    """
    for name in texts.column_names:
        column = _settled(table[name], texts[name])
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def _is_doubtful(column: Any) -> bool:
    if not pa.types.is_float64(column.type):
        return bool(pa.types.is_temporal(column.type) or pa.types.is_null(column.type))
    whole = pc.all(pc.or_kleene(pc.equal(column, pc.floor(column)), pc.is_nan(column))).as_py()
    return bool(whole and pc.any(pc.greater_equal(pc.abs(column), _BEYOND)).as_py())


def _settled(column: Any, texts: Any) -> Any:
    if pa.types.is_null(column.type):
        return column.cast(pa.float64())
    if not pa.types.is_float64(column.type):
        return texts
    trimmed = pc.utf8_trim(texts, characters=" \t")
    if not pc.all(pc.match_substring_regex(trimmed, r"^[+-]?[0-9]+$")).as_py():
        return column
    try:
        return texts if texts.null_count else trimmed.cast(pa.uint64())
    except pa.ArrowInvalid:
        return texts
