"""The table as a value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bancada.display._numbers import count, score
from bancada.display._plain import plain

__all__ = ["Align", "Cell", "Column", "Figure", "Table", "cell_text", "kept_columns", "padded"]

_NUMBER = re.compile("[-+<>~\N{MINUS SIGN}]?[0-9,]*(?:[.](?P<places>[0-9]+))?(?<=[0-9])")
_TONES = ("", "strong", "quiet", "bad")
_NOTHING = ("", "\N{EN DASH}")

Align: TypeAlias = Literal["left", "right", "decimal"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with the text that shows it.

    Attributes:
        value: The number as it was computed; CSV holds this one.
        text: What people see.
    """

    value: float | None
    text: str


Cell: TypeAlias = str | int | float | Figure | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: Heading.
        align: `left` for words, `right` for numbers, `decimal` for numbers set point under point.
        optional: Left out where no row has a value, and, from the right, where the screen is too narrow.
        shrinks: Cut with `…` where the screen is too narrow; for names, never for numbers.
    """

    name: str
    align: Align = "left"
    optional: bool = False
    shrinks: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What is shown: lines above, rows, lines below.

    Attributes:
        columns: Headings and how they are set.
        rows: One cell for each column; None is shown as nothing.
        caption: Lines above; the first is the title.
        notes: Lines below.
        tones: How each row is set: `strong`, `quiet`, `bad` or plain; empty where all rows are plain.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    tones: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Hold the shape: a table that is not one is a mistake of the code that built it."""
        if any(len(row) != len(self.columns) for row in self.rows):
            message = f"each row must have {len(self.columns)} cells"
            raise ValueError(message)
        if self.tones and len(self.tones) != len(self.rows):
            message = f"{len(self.tones)} tones for {len(self.rows)} rows"
            raise ValueError(message)
        if not set(self.tones) <= set(_TONES):
            message = f"a tone is one of {_TONES}"
            raise ValueError(message)


def cell_text(cell: Cell) -> str:
    """Return what people see in a cell, on one line, with hidden characters written out."""
    if cell is None:
        return ""
    if isinstance(cell, Figure):
        return plain(cell.text)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return count(cell)
    return plain(cell) if isinstance(cell, str) else score(cell)


def kept_columns(table: Table) -> list[int]:
    """Return the positions of the columns to show: all but the optional ones in which no row has a value."""
    return [
        position
        for position, column in enumerate(table.columns)
        if not column.optional or any(cell_text(row[position]) not in _NOTHING for row in table.rows)
    ]


def padded(texts: list[str], *, digit: str = " ", point: str = " ") -> list[str]:
    """Append blanks so that right-aligned numbers stand point under point.

    Args:
        texts: Numbers and words of one column.
        digit: A blank as wide as a digit.
        point: A blank as wide as a decimal point.

    Returns:
        The texts, padded where their column has decimals; words stay as they are.

    Examples:
        >>> padded(["0.85", "31", "–"])
        ['0.85', '31   ', '–   ']
    """
    numbers = [_NUMBER.fullmatch(text) for text in texts]
    places = [len(number["places"] or "") if number else 0 for number in numbers]
    widest = max(places, default=0)
    if not widest:
        return texts
    blanks = [digit * (widest - own) if own else point + digit * widest for own in places]
    # One character alone is the dash of a missing number and stands where the unit digit would.
    by_point = [number is not None or len(text) == 1 for number, text in zip(numbers, texts, strict=True)]
    return [text + blank if by else text for text, blank, by in zip(texts, blanks, by_point, strict=True)]
