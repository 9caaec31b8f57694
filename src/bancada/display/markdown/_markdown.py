"""Sections as Markdown, where every text is text: nothing of it is a tag, a link or a table of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bancada.display._plain import plain
from bancada.display._table import cell_text, kept_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bancada.display._table import Table

__all__ = ["to_markdown"]

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")
_OPENING = re.compile(r"^(\s*)([-+=]|\d+[.)])")


def to_markdown(sections: Iterable[Table]) -> str:
    r"""Return sections as Markdown: the first heading is the page's.

    Args:
        sections: Tables, the first line above each its heading.

    Examples:
        >>> from bancada.display import Column, Table
        >>> print(to_markdown([Table((Column("role"),), (("a|b",),), caption=("Title",))]), end="")
        # Title
        <BLANKLINE>
        | role |
        | --- |
        | a\|b |
    """
    blocks = []
    for number, section in enumerate(sections):
        heading, *lines = section.caption
        blocks.append(f"{'#' if number == 0 else '##'} {_text(heading)}")
        blocks += map(_paragraph, lines)
        if section.rows:
            blocks.append(_table(section))
        blocks += map(_paragraph, section.notes)
    return "\n\n".join(blocks) + "\n"


def _table(table: Table) -> str:
    shown = kept_columns(table)
    lines = [[_text(plain(table.columns[position].name)) for position in shown], ["---"] * len(shown)]
    lines += [[_text(cell_text(row[position])) for position in shown] for row in table.rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _paragraph(text: str) -> str:
    return _OPENING.sub(r"\1\\\2", _text(text))


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", plain(text))
