"""What the tests that make things up share: how many, and what is hostile."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest
from tests.acceptance.conftest import typed  # noqa: F401 - the project and its terminal

if TYPE_CHECKING:
    from collections.abc import Callable

# `BANCADA_FUZZ=1` asks for all that were promised: 1,000 mistypings of each verb, 10,000 files of each kind.
FULL = os.environ.get("BANCADA_FUZZ", "") not in ("", "0")
HOSTILE = (
    "",
    " ",
    "-",
    "--",
    "---",
    "=",
    "a=",
    "=1",
    "nan",
    "1e999",
    "-1",
    "0x10",
    "٣",
    "½",
    "null",
    "../../etc/passwd",
    "/dev/null",
    "r-",
    "r-%s%n",
    "r-" + "z" * 26,
    "{0.__class__}",
    "%(name)s",
    "'; drop table runs; --",
    "<script>alert(1)</script>",
    "\x1b[2J\x1b[31mred",
    "line\nbreak",
    "carriage\rreturn",
    "zero\u200bwidth",
    "right\u202eleft",
    "\U0001f4a5",
    "e\u0301",
    "\ufeffbom",
    "\udcff",
    "a" * 5_000,
    "*",
    "~",
    "$(true)",
    "@file",
    "a,b,,c",
    "[",
    "\\",
)


def count(few: int, all_of_them: int) -> int:
    """Return how many things are made up: a few in `make test`, all of them in `make test-all`."""
    return all_of_them if FULL else few


def slip(draw: random.Random, word: str) -> str:
    """Return a word with one slip of the finger: a letter doubled, dropped, swapped or another one."""
    at = draw.randrange(len(word)) if word else 0
    letter = draw.choice("abcdefghijklmnopqrstuvwxyz_-")
    kind = draw.randrange(4)
    if kind == 0 or len(word) < 2:
        return word[:at] + letter + word[at:]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + letter + word[at + 1 :]


@pytest.fixture
def drawn() -> Callable[[str], random.Random]:
    """Return a source of chance for a name: the same each time, so that what fails fails again."""
    return lambda name: random.Random(f"bancada {name}")
