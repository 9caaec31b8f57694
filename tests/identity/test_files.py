"""The digest of a file's bytes, and when it may be recalled."""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING

import pytest

from bancada.exceptions import NotFoundError
from bancada.identity import DigestMemo, file_digest

if TYPE_CHECKING:
    from pathlib import Path

OLD_NS = 1_600_000_000 * 10**9


def aged(path: Path, content: bytes) -> Path:
    """Write a file whose content last changed long ago."""
    path.write_bytes(content)
    os.utime(path, ns=(OLD_NS, OLD_NS))
    return path


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = aged(tmp_path / "big", bytes(range(256)) * 5_000)
    assert file_digest(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    memo = DigestMemo(tmp_path / "memo.sqlite")
    path = aged(tmp_path / "data", b"one")
    first = file_digest(path, memo)
    memo.put(path, "sha256", "what the memo says")
    assert first == hashlib.sha256(b"one").hexdigest()
    assert file_digest(path, memo) == "what the memo says"


def test_a_change_of_the_same_size_and_time_is_seen(tmp_path: Path) -> None:
    memo = DigestMemo(tmp_path / "memo.sqlite")
    path = aged(tmp_path / "data", b"one")
    file_digest(path, memo)
    time.sleep(0.02)  # the kernel's clock for ctime ticks every 4 to 10 ms
    aged(path, b"two")
    assert file_digest(path, memo) == hashlib.sha256(b"two").hexdigest()


def test_a_young_file_is_neither_remembered_nor_recalled(tmp_path: Path) -> None:
    now = OLD_NS / 1e9
    memo = DigestMemo(tmp_path / "memo.sqlite", clock=lambda: now + 1.5)
    path = aged(tmp_path / "data", b"one")
    file_digest(path, memo)
    assert not memo.path.exists()
    settled = DigestMemo(memo.path, clock=lambda: now + 2.5)
    settled.put(path, "sha256", "stored when settled")
    assert settled.get(path, "sha256") == "stored when settled"
    assert memo.get(path, "sha256") is None


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"Found none at '.*absent'"):
        file_digest(tmp_path / "absent", DigestMemo(tmp_path / "memo.sqlite"))
