"""The memo of derived values: never wrong, never in the way."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from bancada.identity import DigestMemo

OLD_NS = 1_600_000_000 * 10**9


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,2\n")
    os.utime(path, ns=(OLD_NS, OLD_NS))
    return path


def write_many(memo_path: Path, file: Path, worker: int) -> None:
    """Write as one of several processes."""
    memo = DigestMemo(memo_path)
    for number in range(20):
        memo.put(file, f"{worker}:{number}", f"value {worker}:{number}")


def test_purposes_are_kept_apart_and_outlive_the_object(tmp_path: Path, file: Path) -> None:
    DigestMemo(tmp_path / "m" / "memo.sqlite").put(file, "table:ab12", "digest one")
    memo = DigestMemo(tmp_path / "m" / "memo.sqlite")
    assert memo.get(file, "table:ab12") == "digest one"
    assert memo.get(file, "table:cd34") is None


def test_a_relative_path_means_the_same_file(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memo = DigestMemo(tmp_path / "memo.sqlite")
    memo.put(file, "sha256", "value")
    monkeypatch.chdir(tmp_path)
    assert memo.get(Path("sub/../data.csv"), "sha256") is None  # there is no folder `sub`
    assert memo.get(Path("data.csv"), "sha256") == "value"


def test_a_file_that_changed_while_it_was_read_is_not_remembered(tmp_path: Path, file: Path) -> None:
    memo = DigestMemo(tmp_path / "memo.sqlite")
    before = memo.stamp(file)
    file.write_text("a,b\n1,2\n3,4\n")
    os.utime(file, ns=(OLD_NS, OLD_NS))
    memo.put(file, "sha256", "of the old content", before)
    assert memo.get(file, "sha256") is None


def test_each_part_of_the_stamp_counts(tmp_path: Path, file: Path) -> None:
    memo = DigestMemo(tmp_path / "memo.sqlite")
    memo.put(file, "sha256", "value")
    other = tmp_path / "other"
    other.write_text(file.read_text())
    os.utime(other, ns=(OLD_NS, OLD_NS))
    other.replace(file)  # same size, same mtime, another inode
    assert memo.get(file, "sha256") is None


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_broken_memo_is_not_used_and_does_no_harm(tmp_path: Path, file: Path, content: bytes) -> None:
    broken = tmp_path / "memo.sqlite"
    broken.write_bytes(content)
    memo = DigestMemo(broken)
    assert memo.get(file, "sha256") is None
    memo.put(file, "sha256", "value")
    assert memo.get(file, "sha256") == (None if content else "value")  # an empty file is a new database


def test_a_memo_that_cannot_be_written_does_no_harm(tmp_path: Path, file: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    memo = DigestMemo(tmp_path / "taken" / "memo.sqlite")
    memo.put(file, "sha256", "value")
    assert memo.get(file, "sha256") is None


def test_processes_write_one_memo_at_once(tmp_path: Path, file: Path) -> None:
    context = multiprocessing.get_context("spawn")
    path = tmp_path / "memo.sqlite"
    writers = [context.Process(target=write_many, args=(path, file, number)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    memo = DigestMemo(path)
    assert [memo.get(file, f"{w}:{n}") for w in range(3) for n in range(20)] == [
        f"value {w}:{n}" for w in range(3) for n in range(20)
    ]
