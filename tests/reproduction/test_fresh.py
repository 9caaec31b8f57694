"""Fresh folders are private and leave nothing behind, not even where their owner was killed."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bancada.exceptions import UsageError
from bancada.reproduction._fresh import PREFIX, fresh_folder, sweep

HOLDER = """
import sys, time
from bancada.reproduction._fresh import fresh_folder
with fresh_folder() as folder:
    (folder / "data").write_text("much")
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def _spoilt() -> None:
    with fresh_folder() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        locked = folder / "locked"
        locked.mkdir()
        (locked / "file").write_text("x")
        locked.chmod(0o500)
        raise RuntimeError("in the middle")


def test_a_fresh_folder_is_private_and_goes_whatever_happens(place: Path) -> None:
    with pytest.raises(RuntimeError, match="in the middle"):
        _spoilt()
    assert list(place.iterdir()) == []


def test_what_a_killed_process_left_is_removed_by_the_next_and_what_a_living_one_holds_is_not(place: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        held = Path(holder.stdout.readline().strip())
        sweep(place)
        assert (held / "data").read_text() == "much"
        holder.send_signal(signal.SIGKILL)
        holder.wait(30)
    assert held.is_dir()
    with fresh_folder() as other:
        assert not held.exists()
        assert other.is_dir()


def test_a_link_and_what_others_called_alike_stay(place: Path) -> None:
    target = place / "target"
    target.mkdir()
    (target / "mine").write_text("x")
    (place / f"{PREFIX}link").symlink_to(target)
    (place / f"{PREFIX}file").write_text("x")
    sweep(place)
    assert (target / "mine").exists()
    assert (place / f"{PREFIX}file").exists()


def test_a_folder_that_has_just_been_made_is_not_taken_from_its_maker(place: Path) -> None:
    made = place / f"{PREFIX}new"
    made.mkdir()
    sweep(place)
    assert made.is_dir()
    os.utime(made, (0, 0))
    sweep(place)
    assert not made.exists()


def test_nobody_takes_a_folder_whose_maker_is_just_locking_it(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = fcntl.flock

    def late(descriptor: int, operation: int) -> None:
        monkeypatch.setattr(fcntl, "flock", lock)
        sweep(place)
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    with fresh_folder() as folder:
        assert folder.is_dir()
        sweep(place)
        assert folder.is_dir()
    assert list(place.iterdir()) == []


def test_a_folder_that_cannot_be_locked_is_not_left_behind(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int, _operation: int) -> None:
        raise OSError("no locks here")

    monkeypatch.setattr(fcntl, "flock", full)
    with pytest.raises(OSError, match="no locks here"), fresh_folder():
        pass
    assert list(place.iterdir()) == []


def test_a_folder_to_keep_that_cannot_be_made_is_told(place: Path) -> None:
    (place / "file").write_text("x")
    with pytest.raises(UsageError, match="cannot be: Not a directory"), fresh_folder(place / "file" / "kept"):
        pass


def test_a_folder_to_keep_is_empty_private_and_stays(place: Path) -> None:
    kept = place / "a" / "kept"
    with fresh_folder(kept) as folder:
        assert folder == kept
    assert kept.stat().st_mode & 0o777 == 0o700
    (kept / "file").write_text("x")
    with pytest.raises(UsageError, match="holds something"), fresh_folder(kept):
        pass
