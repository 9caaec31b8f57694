"""Columns of X that number the rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from bancada.engine.checking._finding import NOTE, Finding, Looked

if TYPE_CHECKING:
    from bancada.engine.checking._rows import CheckedRows

__all__ = ["ID_NAME", "find_id_like"]

NAME = "id-like"
LEAST_ROWS = 50
# Of so many values per row nearly all must be different, and whole numbers must stand so close.
LEAST_DISTINCT = 0.99
MOST_GAPS = 20
MOST_TEXT = 64
ID_NAME = re.compile(r"(^|[_\W])(id|ids|uuid|guid|key|index|idx|rowid|row|number|nr|no|serial)$", re.IGNORECASE)


def find_id_like(rows: CheckedRows) -> Looked:
    """Look for columns of X that name each row: texts or whole numbers that are nearly all different.

    Texts with blanks, or longer than 64 characters, are taken for prose, with slashes for paths of files; whole numbers
    must be as dense as a numbering is, or be named like one (`…_id`, `…_key`), for amounts are nearly all different,
    too.
    """
    if rows.n_rows < LEAST_ROWS:
        return Looked(skipped=f"there are fewer than {LEAST_ROWS} rows")
    findings = []
    for name in rows.features.column_names:
        column = rows.features.column(name)
        share = _distinct(name, column)
        if share is not None:
            findings.append(_finding(name, share))
    return Looked(tuple(findings))


def _distinct(name: str, column: Any) -> float | None:
    """Return the share of different values of a column that names rows; None for any other."""
    kind = column.type
    texts = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    if not (texts or pa.types.is_integer(kind)):
        return None
    head = column.slice(0, 1_000)
    if int(pc.count_distinct(head).as_py()) < LEAST_DISTINCT * len(head):
        return None
    share = int(pc.count_distinct(column).as_py()) / len(column)
    if share < LEAST_DISTINCT:
        return None
    if texts:
        blanks = pc.any(pc.match_substring_regex(head, r"[ /\\]")).as_py()
        longest = pc.max(pc.utf8_length(head)).as_py() or 0
        return None if blanks or longest > MOST_TEXT else share
    ends = pc.min_max(column).as_py()
    dense = ends["max"] - ends["min"] < MOST_GAPS * len(column)
    return share if dense or ID_NAME.search(name) else None


def _finding(name: str, share: float) -> Finding:
    return Finding(
        check=NAME,
        severity=NOTE,
        columns=(name,),
        found=f"`{name}` has another value in nearly every row ({share:.1%} are different), as an id has",
        evidence={"distinct_share": share},
        remedy=f"A model can learn it by heart, and new rows have new ones: `exclude=[{name!r}]`, or name it as the "
        "dataset's `id=`.",
    )
