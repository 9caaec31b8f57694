"""Tests of the statements that tests must execute."""

from __future__ import annotations

import sys
import types
from typing import Any

import pytest

from bancada.judgement.approvals._statements import needed_pieces

SOURCE = '''\
import functools

LIMIT = 3
scale = lambda x: x * 2


@functools.cache
def price(
    amount,
    high=False,
):
    """Return a price."""
    global LIMIT
    total = sum(
        value
        for value in (amount, 1)
    )
    if (
        high
        and total > LIMIT
    ):
        return scale(total)
    try:
        for part in range(2):
            total += part
        else:
            total += 1
    except ValueError:
        total = 0
    finally:
        total += 0
    with open(__file__) as stream:
        stream.readline()
    match total:
        case 3:
            pass
        case _:
            total = (
                total
            )
    def inner():
        return 1
    return total


class Cost:
    rate = 2

    def of(self, wrong):
        ...
        return self.rate * wrong

    async def later(self):
        return 1


def other():
    return 2
'''


def lines(names: set[str]) -> list[int]:
    return [piece.first for piece in needed_pieces(SOURCE, names)]


def text_of(line: int) -> str:
    return SOURCE.splitlines()[line - 1].strip()


def test_every_statement_of_a_function_is_needed_and_no_docstring() -> None:
    found = [text_of(line) for line in lines({"price"})]
    assert found == [
        "total = sum(", "if (", "return scale(total)", "try:", "for part in range(2):", "total += part", "total += 1",
        "total = 0", "total += 0", "with open(__file__) as stream:", "stream.readline()", "match total:", "total = (",
        "def inner():", "return 1", "return total",
    ]  # fmt: skip


def test_methods_belong_to_their_class_and_a_lambda_to_its_name() -> None:
    assert [text_of(line) for line in lines({"Cost"})] == ["return self.rate * wrong", "return 1"]
    assert [text_of(line) for line in lines({"scale"})] == ["scale = lambda x: x * 2"]


def test_a_module_that_counts_whole_needs_all_of_its_functions() -> None:
    assert lines({"*"}) == sorted({*lines({"price"}), *lines({"Cost"}), *lines({"scale"}), *lines({"other"})})
    assert lines({"LIMIT", "functools", "gone"}) == []


def test_source_that_is_none_is_refused() -> None:
    with pytest.raises(SyntaxError, match="invalid syntax"):
        needed_pieces("def f(:", {"f"})


def executed(call: str, source: str) -> set[tuple[int, int]]:
    """Run a call and note the lines, as the program that runs tests does."""
    seen: set[tuple[int, int]] = set()

    def trace(frame: Any, event: str, _argument: Any) -> Any:
        if frame.f_code.co_filename != "<sample>":
            return None
        if event == "line":
            seen.add((frame.f_code.co_firstlineno, frame.f_lineno))
        return trace

    module = types.ModuleType("sample")
    module.__file__ = __file__
    exec(compile(source, "<sample>", "exec"), vars(module))  # noqa: S102 - the text above
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        exec(call, vars(module))  # noqa: S102 - the texts below
    finally:
        sys.settrace(before)
    return seen


def test_what_a_call_executes_is_done_and_the_rest_is_not() -> None:
    done = executed("price(1)", SOURCE)
    missed = [text_of(piece.first) for piece in needed_pieces(SOURCE, {"price", "scale"}) if not piece.done(done)]
    assert missed == ["scale = lambda x: x * 2", "return scale(total)", "total = 0", "return 1"]


def test_two_calls_may_do_it_together() -> None:
    done = executed("price(5, high=True); price(1); scale(2)", SOURCE)
    missed = [text_of(piece.first) for piece in needed_pieces(SOURCE, {"price", "scale"}) if not piece.done(done)]
    assert missed == ["total = 0", "return 1"]
