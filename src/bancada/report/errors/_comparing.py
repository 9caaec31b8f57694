"""A comparison with its rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bancada.display import Table, to_csv
from bancada.exceptions import UsageError, counted
from bancada.report._comparison import comparison_table, names_of
from bancada.report.errors._rows import changes_table
from bancada.report.errors._writing import write_text

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.judgement import Comparison

__all__ = ["comparison_tables", "write_changes"]

_MOST_ROWS = 20


def comparison_tables(document: Comparison) -> tuple[Table, ...]:
    """Set a comparison as it is printed, and below it the rows fixed and broken where they were asked for."""
    main = comparison_table(document)
    if document.rows is None:
        return (main,)
    listed = [row for word in ("fixed", "broken") for row in _some(document, word)]
    more = len(document.rows) - len(listed)
    table = changes_table(listed, names_of(document))
    notes = (f"{counted(more, 'more row')}; `--csv FILE` writes them all.",) if more else ()
    return main, replace(table, notes=notes)


def _some(document: Comparison, word: str) -> list[Any]:
    return [row for row in document.rows or () if row.change == word][:_MOST_ROWS]


def write_changes(document: Comparison, path: Path) -> int:
    """Write the rows fixed and broken as CSV, and return how many there are.

    Raises:
        UsageError: They are not known, or the file cannot be written.
    """
    if document.rows is None:
        why = document.rows_note or "answers of this kind are better or worse by degrees"
        raise UsageError(
            "Rows that one model fixes and another breaks are known where answers are right or wrong.",
            f"None are known here: {why}.",
            "Take the rows with their losses instead: `bancada errors A B --csv FILE`.",
        )
    write_text(to_csv(changes_table(document.rows, names_of(document))), path)
    return len(document.rows)
