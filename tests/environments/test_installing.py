"""What uv is asked, and what is made of its answers."""

from __future__ import annotations

import pytest

from bancada.environments._installing import _named, _said


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ("Because there is no version of a-b==1.0 and you require a-b==1.0, we can", ["a-b"]),
        ("Because a-b was not found in the cache and you require a-b==1.0", ["a-b"]),
        ("Because only a==2 and\n      c==1.0 has no wheels with a matching tag", ["a", "c"]),
        ("Failed to download `a-b==1.0`\n hash mismatch for `c==1`", ["a-b", "c"]),
        ("Failed to fetch: `https://index.example/simple/a-b/`", ["a-b"]),
        ("a matter of taste in general: uv pip install", []),
    ],
)
def test_the_packages_that_uv_speaks_of_are_found(told: str, named: list[str]) -> None:
    assert _named(told, ["a", "a-b", "c", "pip"]) == named


def test_what_uv_said_is_told_without_addresses() -> None:
    text = "error: Failed\n  ╰─▶ fetch `https://ana:secret@index.example/simple/`\n"
    assert _said(text) == "error: Failed fetch `an address."
    assert _said("") == "nothing."
