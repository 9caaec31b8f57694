"""Hidden characters are written out, all others stay."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.display import plain


@given(st.text())
def test_nothing_hidden_remains_and_showing_twice_changes_nothing(text: str) -> None:
    shown = plain(text)
    hidden = [c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c not in "\u200c\u200d"]
    assert hidden == []
    assert plain(shown) == shown


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs", "M"])))
def test_text_without_hidden_characters_is_unchanged(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\rc\td", "a\\nb\\rc\\td"),
        ("\x9b2J", "\\x9b2J"),
        ("user\u202ecod.exe", "user\\u202ecod.exe"),
        ("\udcff", "\\udcff"),
        ("\U000e0041", "\\U000e0041"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
    ],
)
def test_escapes_overrides_and_breaks_become_visible(text: str, shown: str) -> None:
    assert plain(text) == shown
    shown.encode()


def test_joiners_that_write_words_and_emoji_stay() -> None:
    family = "\U0001f468\u200d\U0001f469"
    assert plain(family) == family
