"""A check says which law a block breaks, what was found and what to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import SkipTest

import pytest

from bancada.exceptions import BancadaError, DataError, LawBroken
from bancada.testing._check import Found, Skip, checks_of, law

if TYPE_CHECKING:
    from bancada.testing import Check


@law("A number is even.", "Look at `number`.")
def is_even(case: int) -> Found:
    if case < 0:
        return Skip("it is negative")
    return None if case % 2 == 0 else f"{case} is odd."


@law("A number raises nothing.", "Look at the traceback.")
def raises_nothing(case: int) -> Found:
    if case == 13:
        raise DataError("Thirteen is refused.", "It is 13.", "Take 12.")
    if case == 666:
        raise ZeroDivisionError("by zero")
    return None


def check_of(case: int, position: int = 0) -> Check:
    return list(checks_of((is_even, raises_nothing), case, "Number"))[position]


def test_a_law_that_holds_says_nothing() -> None:
    assert str(check_of(2)) == "is_even"
    check_of(2)()


def test_a_broken_law_is_told_in_three_sentences() -> None:
    with pytest.raises(LawBroken, match=r"^A number is even\. `Number`: 3 is odd\. Look at `number`\.$") as caught:
        check_of(3)()
    assert isinstance(caught.value, BancadaError)
    assert isinstance(caught.value, AssertionError)


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (13, r"`Number` raised Thirteen is refused\. It is 13\. Take 12\. Look at the traceback\."),
        (666, r"`Number` raised ZeroDivisionError: by zero\. Look at the traceback\."),
    ],
)
def test_a_block_that_raises_breaks_the_law(case: int, told: str) -> None:
    with pytest.raises(LawBroken, match=told) as caught:
        check_of(case, 1)()
    assert isinstance(caught.value.__cause__, DataError | ZeroDivisionError)


def test_a_law_that_does_not_apply_skips_with_its_reason() -> None:
    with pytest.raises(SkipTest, match=r"^it is negative$"):
        check_of(-1)()


def test_of_several_samples_each_has_a_name() -> None:
    assert [str(check) for check in checks_of((is_even,), 2, "Number", sample="two")] == ["is_even[two]"]


@pytest.mark.parametrize("check", checks_of((is_even, raises_nothing), 4, "Number"), ids=str)
def test_checks_are_parameters_of_a_test(check: Check, request: pytest.FixtureRequest) -> None:
    assert str(check) in request.node.name
    check()
