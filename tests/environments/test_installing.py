"""What uv is asked, and what is made of its answers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bancada.environments._installing import _named, _said, install_wheels
from bancada.exceptions import UsageError
from bancada.records.environments import Package

if TYPE_CHECKING:
    from pathlib import Path


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


@pytest.mark.parametrize(
    ("does", "error", "told"),
    [
        ("echo 'Caused by: No space left on device (os error 28)' >&2; exit 2", OSError, "No space left on device"),
        ("kill -XFSZ $$", OSError, "File too large"),
        ("kill -KILL $$", UsageError, "ended by signal 9"),
    ],
)
def test_what_this_machine_did_to_uv_says_nothing_of_a_package(
    tmp_path: Path, does: str, error: type[Exception], told: str
) -> None:
    program = tmp_path / "uv"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    environ = {"PATH": os.pathsep.join([str(tmp_path), os.environ["PATH"]])}
    with pytest.raises(error, match=told):
        install_wheels([Package(name="a", version="1")], {}, tmp_path / "python", environ)
