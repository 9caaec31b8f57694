"""Tests of ranges."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.definitions._parameters import Parameter
from bancada.definitions._ranges import expand, is_range
from bancada.exceptions import ConfigurationError


def parameter(hint: Any) -> Parameter:
    return Parameter("x", getattr(hint, "__name__", str(hint)), None, required=True, hint=hint)


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("1..5", int, [1, 2, 3, 4, 5]),
        ("-1..1", Any, [-1, 0, 1]),
        ("0..1 5", float, [0.0, 0.25, 0.5, 0.75, 1.0]),
        ("0.01..1 log 3", float, [0.01, 0.1, 1.0]),
        ("1e-4..1 log 5", float | None, [0.0001, 0.001, 0.01, 0.1, 1.0]),
        ("1..1000 log 4", int | None, [1, 10, 100, 1000]),
        ("1..4 log 10", int, [1, 2, 3, 4]),
        ("1..1000 log 4", float, [1.0, 10.0, 100.0, 1000.0]),
        ("100..500 5", Any, [100, 200, 300, 400, 500]),
        ("1..2 3", Any, [1.0, 1.5, 2.0]),
        ("1..5", int | float, [1, 2, 3, 4, 5]),
    ],
)
def test_a_range_is_what_it_says_in_the_type_of_the_parameter(text: str, hint: Any, expected: list[float]) -> None:
    found = expand(text, parameter(hint))
    assert found == expected
    assert [type(value) for value in found] == [type(value) for value in expected]


@given(st.floats(1e-6, 1e3), st.floats(1.5, 1e3), st.integers(2, 50))
def test_spaces_are_numpys(low: float, ratio: float, count: int) -> None:
    high = low * ratio
    even = expand(f"{low!r}..{high!r} {count}", parameter(float))
    np.testing.assert_allclose(even, np.linspace(low, high, count), rtol=1e-11)
    log = expand(f"{low!r}..{high!r} log {count}", parameter(float))
    np.testing.assert_allclose(log, np.geomspace(low, high, count), rtol=1e-11)
    assert (even[0], even[-1], log[0], log[-1]) == (low, high, low, high)


@pytest.mark.parametrize(
    ("text", "hint", "message"),
    [
        ("5..1", int, "Found `x=5..1` with ends that are not in ascending order"),
        ("1..1", int, "ends that are not in ascending order"),
        ("0..1", float, "with no count of values, where the parameter takes `float`"),
        ("0.5..2", Any, "no count of values"),
        ("1..5 log", int, "no count of values"),
        ("0..1 log 5", float, "a logarithm that begins at or below 0"),
        ("0..1 1", float, "with 1 value"),
        ("1..20000", int, "with 20,000 values"),
        ("0..1 99999", float, "with 99,999 values"),
        ("0.5..2 3", int, "ends that are no whole numbers"),
        ("1..1e999 3", float, "ends that are not in ascending order"),
    ],
)
def test_a_range_that_cannot_be_is_refused(text: str, hint: Any, message: str) -> None:
    assert is_range(text, parameter(hint))
    with pytest.raises(ConfigurationError, match=message):
        expand(text, parameter(hint))


@pytest.mark.parametrize(
    ("text", "hint"), [("1..5", str), ("1..5", str | None), ("a..b", int), ("1.5", float), ("", int)]
)
def test_what_is_no_range_is_left_alone(text: str, hint: Any) -> None:
    assert not is_range(text, parameter(hint))
