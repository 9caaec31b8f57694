"""Rows as they are listed."""

from __future__ import annotations

import pytest

from bancada.display import to_text
from bancada.judgement.errors import ErrorRow
from bancada.report.errors._rows import changes_table, rows_table, value_text


def row(**changes: object) -> ErrorRow:
    values: dict[str, object] = {
        "id": 7,
        "loss": 0.5,
        "truth": {"label": "yes"},
        "prediction": {"label": "no", "probability": 0.25, "score": -1.0},
        "tests": 3,
        "right": 1 / 3,
    }
    return ErrorRow(**(values | changes))  # type: ignore[arg-type] # fields of the struct


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"label": "no", "probability": 0.25, "score": -1.0}, "no, p 0.250"),
        ({"label": True}, "true"),
        ({"label": "a", "probability_a": 0.5, "probability_b": 0.125}, "a, p 0.500"),
        ({"value": 3.0}, "3.000"),
        ({"q_0.1": 1.0, "q_0.9": 2.0}, "q_0.1 1.000, q_0.9 2.000"),
        ({"label_red": True, "label_blue": False}, "red true, blue false"),
        ({"text": "x" * 60}, "x" * 39 + "…"),
        ({"value": None}, ""),
    ],
)
def test_a_prediction_is_said_in_a_few_words(values: dict[str, object], text: str) -> None:
    assert value_text(values) == text


def test_one_model_shows_how_often_it_was_right_and_two_their_difference() -> None:
    one = to_text(rows_table("Worst rows", [row()], ("forest", "")))
    assert "1 of 3" in one
    assert "difference" not in one
    both = row(loss_b=0.75, difference=0.25, prediction_b={"label": "yes"}, change="fixed")
    two = to_text(rows_table("Worst rows", [both], ("forest", "tree")))
    assert "+.250" in two
    assert "fixed" in two


def test_values_of_the_data_pass_as_plain_text() -> None:
    evil = row(id="\x1b[31m", truth={"label": "\u202egnp"}, features={"n\x07ame": "\x9b2J"}, change="fixed")
    for table in (rows_table("Worst rows", [evil], ("a", "")), changes_table([evil], ("a", "b"))):
        shown = to_text(table)
        assert not set("\x1b\x07\x9b\u202e") & set(shown)
