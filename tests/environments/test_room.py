"""A full disk is told from an environment that cannot be had."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from bancada.environments._room import lack_of_room, room_in
from bancada.exceptions import EnvironmentNotRebuilt, StoreError

if TYPE_CHECKING:
    from pathlib import Path

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a.py")
SAID = EnvironmentNotRebuilt("Rule.", "py-rattler could not: No space left on device (os error 28).", "Remedy.")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS])
def test_the_words_of_the_system_are_found_in_those_of_a_program(number: int) -> None:
    found = lack_of_room(f"error: Failed to copy\n  Caused by: {os.strerror(number)} (os error {number})")
    assert found is not None
    assert (found.errno, found.strerror) == (number, os.strerror(number))
    assert lack_of_room(found) is found


def test_what_went_wrong_otherwise_is_no_lack_of_room() -> None:
    assert lack_of_room("error: connection refused") is None
    assert lack_of_room(PermissionError(errno.EACCES, "Permission denied")) is None


@pytest.mark.parametrize("error", [FULL, SAID])
def test_a_full_disk_is_told_as_one(error: Exception, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No space left on device") as caught, room_in(tmp_path):
        raise error
    assert "TMPDIR and UV_CACHE_DIR" in caught.value.remedy
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("error", [PermissionError("no `a`"), EnvironmentNotRebuilt("A.", "Found no `a`.", "B.")])
def test_all_else_stays_what_it_is(error: Exception, tmp_path: Path) -> None:
    with pytest.raises(type(error), match="no `a`") as caught, room_in(tmp_path):
        raise error
    assert caught.value is error
