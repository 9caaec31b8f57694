"""A table holds its shape."""

from __future__ import annotations

import pytest

from bancada.display import Column, Figure, Table
from bancada.display._table import cell_text, kept_columns, padded


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="each row must have 2 cells"):
        Table((Column("a"), Column("b")), (("x",),))


def test_tones_of_the_wrong_count_are_refused() -> None:
    with pytest.raises(ValueError, match="2 tones for 1 rows"):
        Table((Column("a"),), (("x",),), tones=("", "bad"))


def test_a_tone_that_no_view_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="a tone is one of"):
        Table((Column("a"),), (("x",),), tones=("loud",))


def test_cells_are_shown_by_kind() -> None:
    assert [cell_text(cell) for cell in (None, "a\x07", 5634, 0.8476, True, Figure(0.5, "half"))] == [
        "",
        "a\\x07",
        "5,634",
        "0.848",
        "yes",
        "half",
    ]


def test_an_optional_column_without_values_is_left_out() -> None:
    table = Table(
        (Column("a"), Column("b", optional=True), Column("c", optional=True), Column("d")),
        (("x", None, "–", ""), ("y", "–", "z", "")),
    )
    assert kept_columns(table) == [0, 2, 3]


def test_points_stand_under_each_other_once_right_aligned() -> None:
    texts = padded(["0.85", "31", "−1,200.125", "–", "+.5"])
    places = [text.rjust(12).find(".") for text in texts if "." in text]
    assert len(set(places)) == 1
    assert texts[1].rjust(12).rstrip().endswith("31")
    assert len(texts[1].rjust(12).rstrip()) == places[0]


def test_words_in_a_column_of_numbers_are_not_padded() -> None:
    assert padded(["0.85", "failed"])[1] == "failed"
    assert padded(["1", "22"]) == ["1", "22"]
