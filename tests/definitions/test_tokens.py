"""Tests of the words of the expression grammar."""

from __future__ import annotations

import pytest

from bancada.definitions._tokens import LONGEST, tokens
from bancada.exceptions import DefinitionError


def told(source: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(source)]


def test_each_word_has_its_kind() -> None:
    assert told("`a b`>=-1.5e3 AND c in ['x']") == [
        ("column", "a b"),
        ("operator", ">="),
        ("number", "-1.5e3"),
        ("keyword", "and"),
        ("column", "c"),
        ("keyword", "in"),
        ("mark", "["),
        ("text", "x"),
        ("mark", "]"),
        ("end", ""),
    ]


def test_a_quote_inside_its_own_kind_is_written_twice() -> None:
    assert told("'it''s'") == [("text", "it's"), ("end", "")]
    assert told('"a ""b"" \'c\'"') == [("text", "a \"b\" 'c'"), ("end", "")]
    assert told("`a``b`") == [("column", "a`b"), ("end", "")]


def test_a_word_in_backticks_is_never_a_keyword() -> None:
    assert told("`and`") == [("column", "and"), ("end", "")]


def test_positions_count_characters_of_the_source() -> None:
    assert [token.position for token in tokens("  é <  'a b' ")] == [2, 4, 7, 13]


@pytest.mark.parametrize("source", ["a ; b", "a + 1", "a.b", "a = 1", "f{x}", "'open", "``"])
def test_what_begins_no_word_is_refused_with_its_place(source: str) -> None:
    with pytest.raises(DefinitionError, match=r"Found .* at character [0-9]+: ['\"].*▸.*['\"]\."):
        tokens(source)


def test_control_characters_are_escaped_in_the_excerpt() -> None:
    with pytest.raises(DefinitionError, match=r"character 7: \"a '\\x1b' ▸;\""):
        tokens("a '\x1b' ;")


def test_the_longest_source_is_read() -> None:
    assert len(tokens("a" * LONGEST)) == 2
