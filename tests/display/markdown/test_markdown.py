"""Tests of tables as Markdown."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bancada.display import Column, Table
from bancada.display.markdown import to_markdown

TEXTS = st.text(max_size=30)


def test_the_first_heading_is_the_pages_and_each_section_has_its_own() -> None:
    first = Table((), (), caption=("How it is judged", "one line"), notes=("why",))
    second = Table((Column("role"), Column("who", optional=True)), (("data", ""),), caption=("Roles",))
    assert to_markdown([first, second]) == (
        "# How it is judged\n\none line\n\nwhy\n\n## Roles\n\n| role |\n| --- |\n| data |\n"
    )


def test_nothing_becomes_a_tag_a_link_or_a_table() -> None:
    table = Table((Column("<b>"),), (("a|b",), ("[x](javascript:1)",), ("line\nbreak",)), caption=("*T*",))
    assert to_markdown([table]) == (
        "# \\*T\\*\n\n| \\<b\\> |\n| --- |\n| a\\|b |\n| \\[x\\](javascript:1) |\n| line\\\\nbreak |\n"
    )


def test_a_paragraph_opens_no_list() -> None:
    texts = ("- one", "1. two", "+ three", "=== four")
    shown = to_markdown([Table((), (), caption=("T",), notes=texts)])
    assert shown == "# T\n\n\\- one\n\n\\1. two\n\n\\+ three\n\n\\=== four\n"


@given(cells=st.lists(TEXTS, min_size=1, max_size=5), note=TEXTS)
def test_whatever_is_in_a_cell_a_row_is_one_line_of_as_many_cells(cells: list[str], note: str) -> None:
    text = to_markdown([Table((Column("a"),), tuple((cell,) for cell in cells), caption=("T",), notes=(note,))])
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == len(cells) + 2
    assert all(len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 2 for row in rows)
    assert not re.search(r"(?<!\\)(?:\\\\)*<", text)
