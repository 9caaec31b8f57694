"""What accounts for a difference: why something could not be computed is told in a line."""

from __future__ import annotations

import pytest

from bancada.records import FoldError
from bancada.reproduction.explaining._explain import _in_a_line


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("too few rows\nin the second fold", "ValueError: too few rows"),
        ("\n  late", "ValueError: late"),
        # A bare `assert` has no message.
        ("", "ValueError"),
        (" \n", "ValueError"),
    ],
)
def test_a_failure_is_told_in_a_line_whatever_its_message(message: str, line: str) -> None:
    assert _in_a_line(FoldError(kind="exception", type="ValueError", message=message)) == line
