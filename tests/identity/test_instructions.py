"""Compiled code is compared by what it does."""

from __future__ import annotations

from types import CodeType

import pytest

from bancada.identity import same_code


def compiled(text: str) -> CodeType:
    return next(item for item in compile(text, "<test>", "exec").co_consts if isinstance(item, CodeType))


PLAIN = "def f(a, b=1):\n    return a + b + 1"


@pytest.mark.parametrize(
    "text",
    ["\n\n# why\ndef f(a, b=1):  # what\n    return (a +\n        b + 1)", PLAIN.replace("b=1", "b=2")],
)
def test_layout_comments_and_defaults_are_no_part_of_it(text: str) -> None:
    assert same_code(compiled(PLAIN), compiled(text))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.replace("+ 1", "+ 2"),
        PLAIN.replace("+ 1", "+ 1.0"),
        PLAIN.replace("a +", "a -"),
        PLAIN.replace("a, b", "a, *, b"),
        PLAIN.replace("a, b=1", "a, /, b=1"),
        PLAIN.replace("a +", "c +"),
        "def f(a, b=1):\n    return lambda: a + b + 1",
    ],
)
def test_what_does_something_else_is_told_apart(text: str) -> None:
    assert not same_code(compiled(PLAIN), compiled(text))


def test_sets_among_the_constants_have_no_order() -> None:
    one, other = compiled("def f(x): return x in {'a', 'b', 'c'}"), compiled("def f(x): return x in {'c', 'b', 'a'}")
    assert same_code(one, other)
