"""The user's own key: one, private, and never in the way."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bancada.provenance.origin import Key, NoKey, find_key

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path
from bancada.provenance.origin import find_key
sys.stdin.readline()
print(find_key(Path(sys.argv[1]), make=True).secret.hex())
"""

by_modes = pytest.mark.skipif(os.geteuid() == 0, reason="modes keep nobody out who is root")


def test_a_key_is_made_once_and_is_readable_by_nobody_else(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "bancada"
    first = find_key(folder, make=True)
    assert isinstance(first, Key)
    assert find_key(folder, make=True) == find_key(folder, make=False) == first
    assert (folder / "origin.key").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in folder.iterdir()] == ["origin.key"]


def test_no_key_is_made_by_who_only_reads(tmp_path: Path) -> None:
    found = find_key(tmp_path / "bancada", make=False)
    assert isinstance(found, NoKey)
    assert "there is no key" in found.reason
    assert not (tmp_path / "bancada").exists()


def test_eight_first_runs_at_once_make_one_key(tmp_path: Path) -> None:
    words = [sys.executable, "-c", PROGRAM, str(tmp_path / "bancada")]
    started = [subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    told = {process.communicate(timeout=60)[0].strip() for process in started}
    assert len(told) == 1
    assert [len(secret) for secret in told] == [64]
    assert [path.name for path in (tmp_path / "bancada").iterdir()] == ["origin.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_can_read_proves_nothing(tmp_path: Path, mode: int) -> None:
    find_key(tmp_path, make=True)
    (tmp_path / "origin.key").chmod(mode)
    found = find_key(tmp_path, make=True)
    assert isinstance(found, NoKey)
    assert f"can be read by others (mode {mode:04o}): run `chmod 600` on it" in found.reason


@pytest.mark.parametrize("text", [b"", b"x" * 64, b"ab" * 31, b"ab" * 40, b"AB" * 32])
def test_a_damaged_key_is_told(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "origin.key"
    path.write_bytes(text)
    path.chmod(0o600)
    found = find_key(tmp_path, make=True)
    assert isinstance(found, NoKey)
    assert "is damaged: restore it from a copy, or move it away" in found.reason
    assert path.read_bytes() == text


def test_what_is_no_file_is_no_key(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "origin.key", 0o600)
    found = find_key(tmp_path, make=True)
    assert isinstance(found, NoKey)
    assert "is no file" in found.reason


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the home folder should be")
    found = find_key(tmp_path / "home" / "bancada", make=True)
    assert isinstance(found, NoKey)
    assert "cannot be used" in found.reason


@by_modes
def test_a_key_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    find_key(tmp_path, make=True)
    (tmp_path / "origin.key").chmod(0o000)
    found = find_key(tmp_path, make=True)
    assert isinstance(found, NoKey)
    assert "cannot be used: Permission denied" in found.reason


def test_a_key_does_not_show_its_secret(tmp_path: Path) -> None:
    key = find_key(tmp_path, make=True)
    assert isinstance(key, Key)
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)
    assert key.name not in key.secret.hex()
