"""Tests of values against annotations."""

from __future__ import annotations

import enum
import math
from typing import Annotated, Any, Literal, Optional

import numpy as np
import pytest

from bancada.definitions._annotations import NoMatch, conform, members, plain, spelled, supported


class Kernel(enum.Enum):
    RBF = "rbf"
    LINEAR = "linear"


@pytest.mark.parametrize(
    ("value", "hint", "expected"),
    [
        (1, int, 1),
        (np.int64(1), int, 1),
        (1, float, 1.0),
        (np.float32(0.5), float, 0.5),
        (math.inf, float, math.inf),
        (True, bool, True),
        (np.bool_(True), bool, True),
        ("a", str, "a"),
        (None, int | None, None),
        (1, int | float, 1),
        (1, float | int, 1),
        (1, float | None, 1.0),
        ("a", Literal["a", 1], "a"),
        (1, Literal["a", 1], 1),
        ("RBF", Kernel, Kernel.RBF),
        ("linear", Kernel, Kernel.LINEAR),
        (Kernel.RBF, Kernel | None, Kernel.RBF),
        ((1, 2), list[int], [1, 2]),
        ([1, 2], tuple[float, ...], (1.0, 2.0)),
        ([1, "a"], tuple[int, str], (1, "a")),
        ([[1], None], list[list[int] | None], [[1], None]),
        ([1, "a"], list, [1, "a"]),
        ({"a": [1, None]}, Any, {"a": [1, None]}),
    ],
)
def test_a_value_of_an_annotation_is_taken_in_its_type(value: object, hint: Any, expected: object) -> None:
    found = conform(value, hint)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (1.0, int),
        (True, int),
        (np.bool_(True), float),
        (1, bool),
        ("1", int),
        (1, str),
        (None, int),
        (math.nan, float),
        (True, Literal[1]),
        ("b", Literal["a"]),
        ("poly", Kernel),
        ([1, "a"], list[int]),
        ([1], tuple[int, int]),
        ("ab", list[str]),
        (object(), Any),
        ({1: 2}, Any),
        (Kernel.RBF, Any),
        ([math.nan], Any),
    ],
)
def test_a_value_of_another_type_is_refused(value: object, hint: Any) -> None:
    with pytest.raises(NoMatch, match=r"^$"):
        conform(value, hint)


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        (int, "int"),
        (Optional[float], "float | None"),  # noqa: UP045 - users still write the older spelling
        (int | str | None, "int | str | None"),
        (Literal["a", "b"] | None, "Literal['a', 'b'] | None"),
        (list[int | None], "list[int | None]"),
        (tuple[int, ...], "tuple[int, ...]"),
        (Kernel, "Kernel"),
        (Any, "Any"),
    ],
)
def test_an_annotation_is_spelled_as_people_write_it(hint: Any, text: str) -> None:
    assert supported(hint)
    assert spelled(hint) == text


@pytest.mark.parametrize("hint", [np.ndarray, dict[str, int], list[object | np.ndarray], Annotated[int, "no"], type])
def test_an_annotation_that_no_text_can_be_read_by_is_not_supported(hint: Any) -> None:
    assert not supported(hint)


def test_unions_are_flattened() -> None:
    assert members(Optional[int | str]) == (int, str, type(None))  # noqa: UP045 - users still write the older spelling


def test_plain_values_are_what_json_says() -> None:
    assert plain({"k": (Kernel.RBF, 1, math.inf, -math.inf, None)}) == {"k": ["RBF", 1, "inf", "-inf", None]}
