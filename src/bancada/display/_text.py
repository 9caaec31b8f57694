"""A table as lines of text for a terminal, a pipe or a log."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rich.cells import cell_len, split_graphemes

from bancada.display._plain import plain
from bancada.display._table import cell_text, kept_columns, padded

if TYPE_CHECKING:
    from bancada.display._table import Table

__all__ = ["to_text"]

_GAP = "  "
_MARGIN = " "
_ELLIPSIS = "…"
_NARROWEST_NAME = 8
_RESET = "\x1b[0m"
_BOLD = "\x1b[1m"
_DIM = "\x1b[2m"
_RED = "\x1b[31m"
_TONES: dict[str, str] = {"": "", "strong": _BOLD, "quiet": _DIM, "bad": _RED}


def to_text(table: Table, *, width: int | None = None, color: bool = False) -> str:
    """Set a table in lines without boxes.

    Numbers are never cut or wrapped. Where the screen is too narrow, names are cut with `…`, then optional columns
    are left out from the right, and a line says which.

    Args:
        table: What to show.
        width: Columns of the terminal; None for a pipe or a file, where nothing is cut.
        color: True where the reader is a terminal that shows colours.

    Returns:
        Lines that end with a newline each; the text is empty for an empty table.

    Examples:
        >>> from bancada.display import Column, Table
        >>> board = Table((Column("candidate"), Column("auc", "decimal")), (("boosting", "0.848"), ("tree", "0.7")))
        >>> print(to_text(board), end="")
         candidate    auc
         boosting   0.848
         tree       0.7
    """
    grid = _grid(table)
    shown = kept_columns(table)
    shown, left_out = _fitting(table, grid, shown, width)
    widths = _widths(table, grid, shown, width)
    lines = [_styled(line, _BOLD if number == 0 else "", color=color) for number, line in _prose(table.caption, width)]
    if table.rows:
        lines.extend(_rows(table, grid, widths, color=color))
    notes = list(table.notes)
    if left_out:
        names = ", ".join(plain(table.columns[position].name) for position in left_out)
        notes.append(f"Left out on this narrow screen: {names}.")
    if table.rows and notes:
        lines.append("")
    lines.extend(_styled(line, _DIM, color=color) for _, line in _prose(notes, width))
    return "".join(f"{line}\n" for line in lines)


def _grid(table: Table) -> list[list[str]]:
    """Return the texts of each column, the heading first."""
    grid = []
    for position, column in enumerate(table.columns):
        texts = [cell_text(row[position]) for row in table.rows]
        grid.append([plain(column.name), *(padded(texts) if column.align == "decimal" else texts)])
    return grid


def _fitting(table: Table, grid: list[list[str]], shown: list[int], width: int | None) -> tuple[list[int], list[int]]:
    """Return the columns that fit, and those that are left out for it."""
    left_out: list[int] = []
    while width is not None and _least(table, grid, shown) > width:
        optional = [position for position in shown if table.columns[position].optional]
        if not optional:
            break
        shown = [position for position in shown if position != optional[-1]]
        left_out.insert(0, optional[-1])
    return shown, left_out


def _least(table: Table, grid: list[list[str]], shown: list[int]) -> int:
    wide = 0
    for position in shown:
        natural = max(map(cell_len, grid[position]))
        wide += min(natural, _narrowest(grid, position)) if table.columns[position].shrinks else natural
    return wide + len(_MARGIN) + len(_GAP) * max(len(shown) - 1, 0)


def _narrowest(grid: list[list[str]], position: int) -> int:
    return max(_NARROWEST_NAME, cell_len(grid[position][0]))


def _widths(table: Table, grid: list[list[str]], shown: list[int], width: int | None) -> dict[int, int]:
    widths = {position: max(map(cell_len, grid[position])) for position in shown}
    if width is None:
        return widths
    excess = sum(widths.values()) + len(_MARGIN) + len(_GAP) * max(len(shown) - 1, 0) - width
    names = [position for position in shown if table.columns[position].shrinks]
    while excess > 0:
        spare = [position for position in names if widths[position] > _narrowest(grid, position)]
        if not spare:
            break
        widest = max(spare, key=lambda position: widths[position])
        widths[widest] -= 1
        excess -= 1
    return widths


def _rows(table: Table, grid: list[list[str]], widths: dict[int, int], *, color: bool) -> list[str]:
    styles = [_DIM, *(_TONES[tone] for tone in table.tones or [""] * len(table.rows))]
    lines = []
    for number, style in enumerate(styles):
        cells = [
            _set(grid[position][number], width, left=table.columns[position].align == "left")
            for position, width in widths.items()
        ]
        lines.append(_styled((_MARGIN + _GAP.join(cells)).rstrip(), style, color=color))
    return lines


def _set(text: str, width: int, *, left: bool) -> str:
    cut = _cut(text, width)
    blank = " " * (width - cell_len(cut))
    return cut + blank if left else blank + cut


def _cut(text: str, width: int) -> str:
    """Return the text, its end replaced by `…` where it is wider than `width`; a character is never split."""
    if cell_len(text) <= width:
        return text
    spans, _ = split_graphemes(text)
    kept, used = 0, 0
    for _, end, wide in spans:
        if used + wide > width - 1:
            break
        kept, used = end, used + wide
    return text[:kept] + _ELLIPSIS


def _prose(lines: tuple[str, ...] | list[str], width: int | None) -> list[tuple[int, str]]:
    """Break lines between words; each comes with the number of the line it was part of."""
    return [(number, part) for number, line in enumerate(lines) for part in _wrapped(plain(line), width)]


def _wrapped(text: str, width: int | None) -> list[str]:
    if width is None or cell_len(text) <= width:
        return [text]
    starts = [0, *(place + 1 for place, character in enumerate(text) if character == " "), len(text) + 1]
    lines: list[str] = []
    for start, end in pairwise(starts):
        word = text[start : end - 1]
        if lines and cell_len(lines[-1]) + 1 + cell_len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _styled(line: str, style: str, *, color: bool) -> str:
    return f"{style}{line}{_RESET}" if color and style and line else line
