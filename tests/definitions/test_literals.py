"""Tests of values as text."""

from __future__ import annotations

import enum
import math
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.definitions._annotations import NoMatch
from bancada.definitions._literals import read, split, write

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ["none", "True", "inf", "1", "1..3", "a,b", "[1]", "'", '"', " a ", "''", "a.b", "-1e3"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple), max_leaves=6
)


class Kernel(enum.Enum):
    rbf = "the rbf"
    none = 0


@given(VALUES)
def test_a_written_value_is_read_again_without_an_annotation(value: object) -> None:
    found = read(write(value), Any)
    assert found == value
    assert type(found) is type(value)


@given(st.lists(VALUES, min_size=1, max_size=3))
def test_written_values_are_split_at_their_commas(values: list[object]) -> None:
    assert [read(part, Any) for part in split(",".join(map(write, values)))] == values


@pytest.mark.parametrize("hint", [str, str | None, str | int | None, Any])
@given(text=TEXTS)
def test_a_written_text_is_read_again_wherever_text_is_taken(hint: Any, text: str) -> None:
    assert read(write(text), hint) == text


@pytest.mark.parametrize("kernel", [*Kernel, None])
def test_a_written_member_is_read_again(kernel: Kernel | None) -> None:
    assert read(write(kernel), Kernel | None) is kernel


@given(st.floats(allow_nan=False) | st.integers(-(10**15), 10**15))
def test_a_written_number_is_read_again_as_a_float(value: float) -> None:
    found = read(write(value), float | None)
    assert isinstance(found, float)
    assert found == value


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("none", int | None, None),
        ("None", int | None, None),
        ("none", str, "none"),
        ("none", str | None, None),
        ("'none'", str | None, "none"),
        ("true", bool, True),
        ("true", str, "true"),
        ("1", float, 1.0),
        ("1", int | float, 1),
        ("1e3", int | float, 1000.0),
        ("1", str | int, 1),
        ("'1'", str | int, "1"),
        ("1", Literal["1"], "1"),
        ("2", Literal[2, "2"], 2),
        ("none", Literal["a"] | None, None),
        ("the rbf", Kernel, Kernel.rbf),
        ("0", Kernel, Kernel.none),
        ("[1, 2]", list[float], [1.0, 2.0]),
        ("(1, a)", tuple[int, str], (1, "a")),
        ("[]", list[int], []),
        ("[[1],[2, 'a,b']]", Any, [[1], [2, "a,b"]]),
        ("it's", str, "it's"),
        ('"it\'s"', str, "it's"),
        ("-inf", float, -math.inf),
    ],
)
def test_the_annotation_decides_what_a_text_says(text: str, hint: Any, expected: object) -> None:
    found = read(text, hint)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("0.5", int),
        ("1e3", int),
        ("none", int),
        ("nan", float),
        ("1", bool),
        ("a", Literal["b"]),
        ("a", Kernel),
        ("1,2", list[int]),
        ("[1,a]", list[int]),
        ("[1]", tuple[int, int]),
        ("'a", str),
        ("'a'b'", str),
        ("9" * 5_000, int),
        ("", list[int]),
    ],
)
def test_a_text_that_says_no_value_is_refused(text: str, hint: Any) -> None:
    with pytest.raises(NoMatch, match=r"^$"):
        read(text, hint)


@pytest.mark.parametrize("text", ["'a", "[1", "a,[1,(2]", '"'])
def test_what_is_opened_must_be_closed(text: str) -> None:
    with pytest.raises(NoMatch, match=r"^$"):
        split(text)


def test_a_mapping_is_written_as_json() -> None:
    assert write({"b": 1, "a": None}) == '{"a": null, "b": 1}'
