"""A table as comma-separated values."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from bancada.display._plain import plain
from bancada.display._table import Figure, kept_columns

if TYPE_CHECKING:
    from bancada.display._table import Cell, Table

__all__ = ["to_csv"]

# A spreadsheet reads a text that begins with one of these as a formula, the full-width forms included.
_FORMULA = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")


def to_csv(table: Table) -> str:
    """Write headings and rows, numbers in full, so that a spreadsheet computes nothing.

    Args:
        table: What to write; lines above and below it are left out.

    Returns:
        Lines after RFC 4180; a text that a spreadsheet would take for a formula begins with `'`.

    Examples:
        >>> from bancada.display import Column, Table
        >>> print(to_csv(Table((Column("candidate"), Column("auc")), (("=1+1", 0.5),))), end="")
        candidate,auc
        '=1+1,0.5
    """
    shown = kept_columns(table)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_guarded(table.columns[position].name) for position in shown])
    writer.writerows([_value(row[position]) for position in shown] for row in table.rows)
    return out.getvalue()


def _value(cell: Cell) -> str | float | None:
    if isinstance(cell, Figure):
        return cell.value
    return _guarded(cell) if isinstance(cell, str) else cell


def _guarded(text: str) -> str:
    shown = plain(text)
    return f"'{shown}" if shown.lstrip(" '\"").startswith(_FORMULA) else shown
