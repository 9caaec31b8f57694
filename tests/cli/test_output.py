"""One document, as JSON for machines or as a table for people."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.cli._output import Screen, emit, screen, to_json
from bancada.display import Column, Table

_TABLE = Table((Column("candidate"),), (("森林 ↑\x1b",),), tones=("strong",))


class _Document(msgspec.Struct):
    zulu: float
    alpha: str
    schema: str = "bancada.test/1"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_json_means_what_the_document_says(value: Any) -> None:
    assert json.loads(to_json({"value": value})) == {"value": value}


def test_fields_keep_their_order_and_what_is_no_number_is_null() -> None:
    text = to_json(_Document(zulu=math.nan, alpha="x")).decode()
    assert json.loads(text) == {"zulu": None, "alpha": "x", "schema": "bancada.test/1"}
    assert text.index("zulu") < text.index("alpha") < text.index("schema")
    assert json.loads(to_json({"a": math.inf})) == {"a": None}


@given(st.text(st.characters(codec="utf-8")))
def test_json_moves_no_cursor(text: str) -> None:
    shown = to_json({"a": text}).decode()
    assert not any(c in shown for c in "\x1b\x7f\x9b\u202e\u2066\u200f\ufeff")
    assert json.loads(shown) == {"a": text}


def test_json_is_all_that_is_written_and_nothing_is_rendered(capfd: pytest.CaptureFixture[str]) -> None:
    def render(_: _Document) -> str:
        pytest.fail("rendered")

    emit(_Document(zulu=0.1, alpha="é"), as_json=True, render=render)
    out, err = capfd.readouterr()
    assert json.loads(out) == {"zulu": 0.1, "alpha": "é", "schema": "bancada.test/1"}
    assert err == ""


def test_people_get_the_table_and_a_pipe_gets_no_colour(capfd: pytest.CaptureFixture[str]) -> None:
    emit(_Document(zulu=0.1, alpha=""), as_json=False, render=lambda _: _TABLE)
    assert capfd.readouterr().out == " candidate\n 森林 ↑\\x1b\n"


def test_text_ends_with_one_newline(capfd: pytest.CaptureFixture[str]) -> None:
    for text in ("done", "done\n"):
        emit(text, as_json=False, render=str)
    assert capfd.readouterr().out == "done\ndone\n"


@pytest.mark.parametrize(
    ("environ", "color"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"NO_COLOR": ""}, True)]
)
def test_a_terminal_has_a_width_and_colours_unless_told_otherwise(
    environ: dict[str, str],
    *,
    color: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "91")
    assert screen(_Terminal(), environ) == Screen(width=91, color=color)
    assert screen(io.StringIO(), environ) == Screen(width=None, color=False)
