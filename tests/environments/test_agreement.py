"""A lock beside what is installed."""

from __future__ import annotations

from typing import Any

import pytest

from bancada.environments._agreement import agreement
from bancada.records.environments import Lock, Package

A = "sha256:" + "a" * 64
INSTALLED = [
    Package(name="numpy", version="2.0"),
    Package(name="scipy", version="1.0"),
    Package(name="pip", version="23"),
    Package(name="own", version="0.1", origin="kept", kept="b" * 64),
]


def lock(pins: dict[str, Any], *, whole: bool = True) -> Lock:
    return Lock(path="uv.lock", content=b"", pins=pins, whole=whole)


@pytest.mark.parametrize(
    ("pins", "whole"),
    [
        ({"numpy": {"2.0": (A,)}, "scipy": {"1.0": ()}}, True),
        ({"numpy": {"2.0": (A,), "1.9": ()}, "scipy": {"1.0": ()}, "absent": {"1": ()}}, True),
        ({"numpy": {"2.0": (A,)}}, False),
        ({"numpy": {"2.0": (A,)}, "scipy": {"1.0": ()}, "own": {"7": ()}}, True),
    ],
)
def test_a_lock_of_what_is_installed_agrees_and_gives_its_digests(pins: dict[str, Any], whole: bool) -> None:
    found = agreement([lock(pins, whole=whole)], INSTALLED)
    assert (len(found.locks), found.notes, found.hashes) == (1, (), {"numpy": (A,)})


@pytest.mark.parametrize(
    ("pins", "words"),
    [
        (
            {"numpy": {"1.9": (A,), "1.8": ()}, "scipy": {"1.0": ()}},
            "in another version, numpy 2.0 (locked: 1.8, 1.9).",
        ),
        ({"numpy": {"2.0": ()}}, "1 package that it does not name, scipy 1.0."),
        ({"scipy": {"2": ()}}, "scipy 1.0 (locked: 2); 1 package that it does not name, numpy 2.0."),
    ],
)
def test_packages_that_differ_are_named(pins: dict[str, Any], words: str) -> None:
    found = agreement([lock(pins)], INSTALLED)
    assert (found.locks, len(found.notes)) == ((), 1)
    assert found.notes[0].startswith("`uv.lock` is not what is installed: ")
    assert found.notes[0].endswith(words)


def test_many_differences_are_counted_and_few_are_shown() -> None:
    installed = [Package(name=f"p{number}", version="1") for number in range(9)]
    found = agreement([lock({package.name: {"2": ()} for package in installed})], installed)
    assert "9 packages installed in another version" in found.notes[0]
    assert found.notes[0].endswith("and 4 more.")


def test_a_lock_of_nothing_that_is_installed_is_not_kept() -> None:
    found = agreement([lock({"absent": {"1": (A,)}}, whole=False)], INSTALLED)
    assert (found.locks, found.notes) == ((), ())


def test_digests_that_prove_nothing_are_left_out() -> None:
    found = agreement(
        [lock({"numpy": {"2.0": ("md5:" + "0" * 32, A)}, "scipy": {"1.0": ("md5:" + "0" * 32,)}})], INSTALLED
    )
    assert (len(found.locks), found.hashes) == (1, {"numpy": (A,)})
