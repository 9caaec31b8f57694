"""Fresh folders: private, removed at the end; those that a killed process left are removed by the next."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bancada.exceptions import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PREFIX", "fresh_folder", "sweep"]

PREFIX = "bancada-reproduce-"
LOCK = "lock"
# Between its making and its locking a folder has nothing yet.
YOUNG_S = 60.0


@contextmanager
def fresh_folder(keep: Path | None = None) -> Iterator[Path]:
    """Give an empty folder that nobody else may read; it is removed at the end, whatever happens.

    Args:
        keep: Where to make it, to be kept; a temporary one without.

    Raises:
        UsageError: The folder to keep holds something already, or cannot be made.
    """
    sweep(Path(tempfile.gettempdir()))
    if keep is not None:
        yield _kept(keep)
        return
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = None
    try:
        lock = _locked(folder)
        yield folder
    finally:
        _remove(folder)
        if lock is not None:
            os.close(lock)


def sweep(place: Path) -> None:
    """Remove the folders of this user that no living process holds."""
    try:
        names = [entry.path for entry in os.scandir(place) if entry.name.startswith(PREFIX)]
    except OSError:
        return
    for name in names:
        folder = Path(name)
        with contextlib.suppress(OSError):
            status = folder.lstat()
            if stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and _abandoned(folder, status.st_mtime):
                _remove(folder)


def _locked(folder: Path) -> int:
    """Return the lock of a folder; it gets its name once it is held, so that nobody who sweeps finds it free."""
    aside = folder / f"{LOCK}~"
    lock = os.open(aside, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        aside.rename(folder / LOCK)
    except BaseException:
        os.close(lock)
        raise
    return lock


def _abandoned(folder: Path, changed_s: float) -> bool:
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        return time.time() - changed_s > YOUNG_S
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(lock)
    return True


def _kept(keep: Path) -> Path:
    if keep.is_symlink() or (keep.exists() and not keep.is_dir()) or (keep.is_dir() and any(keep.iterdir())):
        raise UsageError(
            "A run is laid out in a folder that is empty, or not there yet.",
            f"`{keep}` holds something.",
            "Name another folder with `--keep`.",
        )
    try:
        keep.mkdir(mode=0o700, parents=True, exist_ok=True)
        keep.chmod(0o700)
    except OSError as error:
        raise UsageError(
            "A run is laid out in a folder that can be made, or is there and yours.",
            f"`{keep}` cannot be: {error.strerror or error}.",
            "Name another folder with `--keep`.",
        ) from error
    return keep.absolute()


def _remove(folder: Path) -> None:
    """Remove a folder, those in it that were made unwritable included."""
    for _ in range(2):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        for path, names, _files in os.walk(folder):
            for name in names:
                with contextlib.suppress(OSError):
                    (Path(path) / name).chmod(0o700)
