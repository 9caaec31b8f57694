"""Stamps: any change of a file changes them, and a file that is too young has none."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from bancada.environments._stamps import stamp, watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LATER = time.time_ns() + 10**12


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a" / "one.py"
    path.parent.mkdir()
    path.write_text("1")
    return path


def test_the_same_files_have_the_same_stamp(file: Path) -> None:
    watched = watch([file, file.parent, file.with_name("absent")])
    assert stamp(watched, LATER) == stamp(watched, LATER) != ""


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.write_text("22"),
        lambda file: os.utime(file, (1, 1)),
        lambda file: file.unlink(),
        lambda file: (file.rename(file.with_name("x")), file.write_text("1")),
        lambda file: file.with_name("new.py").write_text(""),
    ],
    ids=["content", "time", "removal", "replacement", "arrival"],
)
def test_a_change_changes_the_stamp(file: Path, change: Callable[[Path], object]) -> None:
    watched = watch([file, file.parent])
    before = stamp(watched, LATER)
    change(file)
    assert stamp(watched, LATER) != before


def test_another_name_of_the_same_file_changes_nothing_from_the_second_on(file: Path) -> None:
    watched = watch([file])
    os.link(file, file.with_name("second"))
    before = stamp(watched, LATER)
    os.link(file, file.with_name("third"))
    assert stamp(watched, LATER) == before


def test_a_young_file_has_no_stamp(file: Path) -> None:
    watched = watch([file])
    status = file.stat()
    assert stamp(watched, status.st_mtime_ns + 1_000_000_000) == ""
    assert stamp(watched, status.st_ctime_ns + 3_000_000_000) != ""
