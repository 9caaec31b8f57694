"""Files that somebody else may have put there: read whole, or refused at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bancada.store._reading import read_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("size", [0, 1, 70_000])
def test_a_file_is_read_whole(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    (tmp_path / "file").write_bytes(data)
    assert read_file(tmp_path / "file") == read_file(tmp_path / "file", size) == data


def test_no_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with pytest.raises(OSError, match="symbolic links"):
        read_file(tmp_path / "link")


def test_no_pipe_is_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="Invalid argument"):
        read_file(tmp_path / "pipe")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Is a directory"):
        read_file(tmp_path)


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "hole").open("wb") as stream:
        stream.truncate(10**12)
    with pytest.raises(OSError, match="File too large"):
        read_file(tmp_path / "hole", 10**9)
