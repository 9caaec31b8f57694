"""The content of a distribution is the same whichever program installed it, and where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.environments.wheels import Venv, make_wheel

from bancada.environments._contents import Part, content_of, normal_bytes

if TYPE_CHECKING:
    import random

    from tests.environments.conftest import Looker

    from bancada.environments._capture import Captured


def contents(captured: Captured) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {package.name: (package.content, package.altered) for package in captured.record.packages}


def test_pip_and_uv_install_the_same_content(venv: Venv, look: Looker, index: Path, tmp_path: Path) -> None:
    other = Venv.made(tmp_path / "another place, with a space")
    wheels = [index / "plain-1.0-py3-none-any.whl", index / "many_kinds-1.0-py3-none-any.whl"]
    other.add_by_pip(*wheels)
    assert contents(look(other)) == contents(look(venv))


def test_another_file_is_another_content(venv: Venv, look: Looker, tmp_path: Path) -> None:
    before = contents(look(venv))
    venv.add("--reinstall", make_wheel(tmp_path / "other", "plain", files={"plain_more.py": ""}))
    after = contents(look(venv))
    assert after["plain"] != before["plain"]
    assert after["many-kinds"] == before["many-kinds"]


@pytest.mark.parametrize(
    "first",
    [
        b"#!/usr/bin/python3\n",
        b"#!python\n",
        b"#!/a b/python\n",
        b"#!/bin/sh\n'''exec' /long/python \"$0\" \"$@\"\n' '''\n",
    ],
)
def test_the_place_of_the_interpreter_does_not_matter_in_scripts_alone(first: bytes) -> None:
    body = b"import sys\nsys.exit(0)\n"
    assert normal_bytes(Part(":scripts/tool", Path("x")), first + body) == b"#!python\n" + body
    assert normal_bytes(Part("tool.py", Path("x")), first + body) == first + body


def test_a_script_of_another_language_and_a_binary_stay() -> None:
    for data in (b"#!/bin/sh\necho\n", b"\x7fELF\n\n", b""):
        assert normal_bytes(Part(":scripts/tool", Path("x")), data) == data


@given(st.dictionaries(st.text(), st.text("abcdef0123456789", min_size=4, max_size=4), min_size=1), st.randoms())
def test_order_does_not_matter_and_everything_else_does(digests: dict[str, str], random_: random.Random) -> None:
    pairs = list(digests.items())
    shuffled = random_.sample(pairs, len(pairs))
    assert content_of(shuffled) == content_of(pairs)
    assert content_of([*pairs[1:], (pairs[0][0], pairs[0][1] + "0")]) != content_of(pairs)
    assert content_of([*pairs[1:], (pairs[0][0] + "x", pairs[0][1])]) != content_of(pairs)
