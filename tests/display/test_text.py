"""Text fits its screen, and nothing in it reaches the terminal."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bancada.display import Column, Table, to_text

_BOARD = Table(
    columns=(
        Column("rank"),
        Column("candidate", shrinks=True),
        Column("roc_auc", "decimal"),
        Column("95 % interval"),
        Column("train gap", "decimal", optional=True),
        Column("evidence", optional=True),
    ),
    rows=(
        ("1–2", "boosting with a name that is far too long", "0.848", "0.839–0.856", "+.020", "complete"),
        ("3", "森林のモデル", "0.82", "0.816–0.836", "–", "complete"),
    ),
    caption=("churn · roc_auc ↑", "5 folds × 3 · 62 claims tried"),
    notes=("The interval says where the score would fall.",),
    tones=("strong", "bad"),
)


def test_a_pipe_gets_everything_and_no_colour() -> None:
    assert to_text(_BOARD) == (
        "churn · roc_auc ↑\n"
        "5 folds × 3 · 62 claims tried\n"
        " rank  candidate                                  roc_auc  95 % interval  train gap  evidence\n"
        " 1–2   boosting with a name that is far too long    0.848  0.839–0.856        +.020  complete\n"
        " 3     森林のモデル                                 0.82   0.816–0.836        –      complete\n"
        "\n"
        "The interval says where the score would fall.\n"
    )


def test_colour_changes_no_character() -> None:
    coloured = to_text(_BOARD, color=True)
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == to_text(_BOARD)


@given(st.integers(46, 120))
def test_lines_fit_the_screen_and_numbers_stay_whole(width: int) -> None:
    text = to_text(_BOARD, width=width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert all(number in text for number in ("0.848", "0.82", "0.839–0.856", "0.816–0.836"))


def test_names_are_cut_before_columns_are_left_out() -> None:
    text = to_text(_BOARD, width=80)
    assert "boosting with a name that i…" in text
    assert "evidence" in text
    assert "Left out" not in text


def test_what_a_narrow_screen_leaves_out_is_said() -> None:
    text = to_text(_BOARD, width=48)
    assert "train gap" not in text.splitlines()[2]
    assert "Left out on this narrow screen: train gap, evidence." in text.replace("\n", " ")


def test_numbers_are_whole_even_where_nothing_fits() -> None:
    assert "0.839–0.856" in to_text(_BOARD, width=10)


@given(st.text(max_size=30), st.integers(30, 80))
def test_no_cell_can_break_a_line_or_reach_the_terminal(name: str, width: int) -> None:
    table = Table((Column("name", shrinks=True), Column("n", "right")), ((name, 1), ("b", 22)))
    text = to_text(table, width=width, color=True)
    assert len(text.splitlines()) == 3
    assert "\x1b" not in re.sub(r"\x1b\[\d+m", "", text)
    assert all(cell_len(re.sub(r"\x1b\[\d+m", "", line)) <= width for line in text.splitlines())


def test_escapes_in_headings_captions_and_notes_are_written_out() -> None:
    table = Table((Column("a\x1b[2J"),), (("x",),), caption=("t\x07",), notes=("n\u202e",))
    assert to_text(table) == "t\\x07\n a\\x1b[2J\n x\n\nn\\u202e\n"


def test_a_table_without_rows_shows_its_words_only() -> None:
    table = Table((Column("a"),), (), caption=("Nothing yet.",), notes=("Do this.",))
    assert to_text(table) == "Nothing yet.\nDo this.\n"


def test_long_lines_break_between_words() -> None:
    table = Table((Column("a"),), (), notes=("one two three four five six seven",))
    assert to_text(table, width=14) == "one two three\nfour five six\nseven\n"
