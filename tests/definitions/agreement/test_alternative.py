"""Tests of what was considered and rejected."""

from __future__ import annotations

from typing import Any

import pytest

import bancada as bc
from bancada.definitions.agreement import Alternative, check_alternatives
from bancada.exceptions import DefinitionError


def test_it_is_what_the_public_door_offers() -> None:
    assert bc.Alternative is Alternative
    assert bc.Alternative("accuracy", "most stay") == Alternative(name="accuracy", why="most stay")


@pytest.mark.parametrize(
    ("name", "why", "message"),
    [
        ("", "x", r"The name of an alternative says something\. Found ''"),
        ("a\nb", "x", r"The name of an alternative is one line\. Found 'a\\nb'"),
        ("accuracy", " ", r"The reason for which `accuracy` was rejected says something"),
        ("accuracy", None, r"was rejected is a text of up to 10,000 characters\. Found None"),
        ("accuracy", "x" * 10_001, r"is a text of up to 10,000 characters\. Found 10,001 characters"),
    ],
)
def test_one_that_says_nothing_is_refused(name: Any, why: Any, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        Alternative(name, why)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ("accuracy", r"is a list of `bc\.Alternative\(name, why\)`\. Found 'accuracy'"),
        (["accuracy"], r"Found 'accuracy'\. Say why it was rejected"),
        ([Alternative("a", "x"), Alternative("a", "y")], r"is told once\. Found `a` twice"),
    ],
)
def test_a_list_of_anything_else_is_refused(found: Any, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        check_alternatives(found)
