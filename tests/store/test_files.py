"""Files: written once by one, and names that say whose they are."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bancada.exceptions import StoreError
from bancada.store import _files
from bancada.store._files import abandoned, in_work, left_behind, own_name, remove_folder, sweep, sync_files, write_once


def test_of_several_writers_at_once_one_wins_and_its_content_stays(tmp_path: Path) -> None:
    for number in range(30):
        path = tmp_path / str(number)
        wins: list[bytes] = []
        barrier = threading.Barrier(8)

        def write(
            content: bytes, path: Path = path, wins: list[bytes] = wins, barrier: threading.Barrier = barrier
        ) -> None:
            barrier.wait()
            if write_once(path, content):
                wins.append(content)

        threads = [threading.Thread(target=write, args=(b"%d" % each,)) for each in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wins == [path.read_bytes()]
    assert len(list(tmp_path.iterdir())) == 30


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    assert write_once(tmp_path / "a", b"first", durable=True)
    assert not write_once(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"


def test_all_files_are_synced_and_then_their_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_files, "OPEN_AT_ONCE", 2)
    paths = [tmp_path / folder / name for folder in "ab" for name in ("1", "2", "3")]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text("kept")
    names = {path.stat().st_ino: path for path in (*paths, tmp_path / "a", tmp_path / "b")}
    synced: list[Path] = []
    real = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(names[os.fstat(descriptor).st_ino])
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    sync_files(paths)
    assert synced == [*paths, tmp_path / "a", tmp_path / "b"]
    assert all(path.read_text() == "kept" for path in paths)
    sync_files([])
    with pytest.raises(FileNotFoundError, match="gone"):
        sync_files([paths[0], tmp_path / "gone"])


def test_where_links_are_refused_files_are_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert write_once(tmp_path / "a", b"first")
    assert not write_once(tmp_path / "a", b"second")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_link_whose_answer_was_lost_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link_twice(self: Path, target: Path) -> None:
        os.link(target, self)
        os.link(target, self)

    monkeypatch.setattr(Path, "hardlink_to", link_twice)
    assert write_once(tmp_path / "a", b"first")


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"The store must be writable.*No such file"):
        write_once(tmp_path / "none" / "a", b"x")


def _name_of_another_process() -> str:
    program = "from bancada.store._files import own_name; print(own_name())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_name_is_abandoned_when_its_process_is_gone_here() -> None:
    gone = _name_of_another_process()
    assert gone.startswith(socket.gethostname()[:1])
    assert abandoned(gone)
    assert not abandoned(own_name())
    assert not abandoned(f"elsewhere-{gone}")
    assert not abandoned("readme")
    assert in_work(f".run.json~{own_name()}")
    assert in_work(f".run.json~{gone}")
    assert left_behind(f".run.json~{gone}")
    assert left_behind(gone)
    assert not left_behind(f".run.json~{own_name()}")
    assert not left_behind("run.json")
    assert not in_work(".DS_Store")


def test_sweeping_removes_what_was_abandoned_and_nothing_else(tmp_path: Path) -> None:
    for name in (_name_of_another_process(), own_name(), "readme"):
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / "file").write_text("")
    sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == 2
    sweep(tmp_path / "none")


def test_removing_a_folder_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("")
    (tmp_path / "gone").mkdir()
    (tmp_path / "gone" / "link").symlink_to(tmp_path / "kept")
    remove_folder(tmp_path / "gone")
    remove_folder(tmp_path / "gone")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept" / "file").exists()
