"""Writing so that a reader sees a file whole or not at all, and checking names that come from a store."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import secrets
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from bancada.exceptions import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "NAME",
    "OWNED",
    "abandoned",
    "check_name",
    "folder_aside",
    "host_name",
    "in_work",
    "left_behind",
    "own_name",
    "publish_folder",
    "random_name",
    "remove",
    "remove_file",
    "remove_folder",
    "sweep",
    "sync_file",
    "sync_files",
    "sync_folder",
    "write_all",
    "write_new",
    "write_once",
    "writing",
]

ASIDE = re.compile(r"\.[^~]+~(?P<owned>.+)")
OWNED = re.compile(r"(?P<host>.+)-(?P<pid>[0-9]{1,10})-[0-9a-z]{8}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
OPEN_AT_ONCE = 100
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def random_name(length: int = 26) -> str:
    """Return random base-32 characters (5 bits each)."""
    return "".join(ALPHABET[byte & 31] for byte in secrets.token_bytes(length))


def own_name() -> str:
    """Return a name for what this process writes aside: host, pid and random characters."""
    return f"{host_name()}-{os.getpid()}-{random_name(8)}"


def abandoned(name: str) -> bool:
    """Tell whether a name was given by `own_name`, on this host, in a process that is gone."""
    match = OWNED.fullmatch(name)
    if match is None or match["host"] != host_name():
        return False
    try:
        os.kill(int(match["pid"]), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        # Somebody else's process, or no number of a process: nothing that is ours to remove.
        return False
    return False


def in_work(name: str) -> bool:
    """Tell whether a name in a shelf is that of a file which somebody writes just now, or was killed over."""
    return ASIDE.fullmatch(name) is not None


def left_behind(name: str) -> bool:
    """Tell whether a name is that of something which a process of this host that is gone wrote aside."""
    aside = ASIDE.fullmatch(name)
    return abandoned(aside["owned"] if aside else name)


def sweep(folder: Path) -> None:
    """Remove what processes of this host that are gone have left in a folder; what cannot be removed stays."""
    try:
        names = [entry.name for entry in os.scandir(folder)]
    except OSError:
        return
    for name in filter(left_behind, names):
        remove(folder / name)


@functools.cache
def host_name() -> str:
    """Return this host's name, with the number of the space in which its pids count: containers can share a name."""
    name = re.sub(r"[^A-Za-z0-9.-]", "", socket.gethostname())[:60] or "host"
    try:
        return f"{name}.{Path('/proc/self/ns/pid').stat().st_ino:x}"
    except OSError:
        return name


def check_name(name: str) -> str:
    """Return a name that may stand as one folder or file in a store.

    Raises:
        StoreError: The name could lead out of its folder.
    """
    if NAME.fullmatch(name):
        return name
    raise StoreError(
        "Names in a store are letters, digits, `.`, `_` and `-`, at most 120.",
        f"Found {name!r}.",
        "Rename it, or run `bancada store verify` if you did not write this store.",
    )


def write_once(path: Path, data: bytes, *, durable: bool = False) -> bool:
    """Write a file aside and link it into place; a file that is there already stays as it is.

    Args:
        path: Where the file shall be; its folder must exist.
        data: Its content.
        durable: True to have it on the disk before this returns (two fsyncs).

    Returns:
        True if this call put the file there; of several at once, one does.

    Raises:
        StoreError: The folder cannot be written.
    """
    if path.exists():
        return False
    aside = path.with_name(f".{path.name[:120]}~{own_name()}")
    with writing(path):
        try:
            write_new(aside, data, durable=durable)
            won = _link(aside, path)
        finally:
            aside.unlink(missing_ok=True)
        if durable:
            sync_folder(path.parent)
    return won


def write_new(path: Path, data: bytes | memoryview, *, durable: bool = False) -> None:
    """Write a file that is not there yet, under its own name: for what nobody looks at before it is whole.

    Args:
        path: Where the file shall be; its folder must exist.
        data: Its content.
        durable: True to have the content on the disk before this returns.

    Raises:
        OSError: It is there, or cannot be written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        write_all(descriptor, data)
        if durable:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _link(aside: Path, path: Path) -> bool:
    """Give a written file its name; False where another file has it. A rename would replace that one."""
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        # A network file system may have linked it, lost its answer and tried again.
        return path.samefile(aside)
    except OSError:
        # Some file systems have no links: there, of two at the same instant, the second stays.
        if path.exists():
            return False
        aside.rename(path)
    return True


def sync_folder(folder: Path) -> None:
    """Have a folder's entries on the disk."""
    sync_file(folder)


def sync_file(path: Path) -> None:
    """Have a file's content, or a folder's entries, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_files(paths: Sequence[Path]) -> None:
    """Have several files, and their names in their folders, on the disk.

    Writing begins for many before the first is waited for, and folders come after all files: a file system with a
    journal then writes it once for all of them, and not once or twice for each.

    Raises:
        OSError: One of them is gone, or the disk refused.
    """
    for start in range(0, len(paths), OPEN_AT_ONCE):
        with contextlib.ExitStack() as stack:
            descriptors = []
            for path in paths[start : start + OPEN_AT_ONCE]:
                descriptor = os.open(path, os.O_RDONLY)
                stack.callback(os.close, descriptor)
                descriptors.append(descriptor)
                if hasattr(os, "posix_fadvise"):
                    # To say that a file is not needed soon begins to write it; nothing that is not written is dropped.
                    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            for descriptor in descriptors:
                os.fsync(descriptor)
    for folder in dict.fromkeys(path.parent for path in paths):
        sync_folder(folder)


@contextlib.contextmanager
def folder_aside(shelf: Path) -> Iterator[Path]:
    """Give a folder in `shelf` to be filled; it is removed unless it was published.

    Raises:
        StoreError: The store cannot be written.
    """
    aside = shelf / own_name()
    with writing(aside):
        try:
            aside.mkdir()
        except FileNotFoundError:
            aside.mkdir(parents=True, exist_ok=True)
    try:
        with writing(aside):
            yield aside
    finally:
        if aside.exists():
            remove_folder(aside)


def publish_folder(aside: Path, target: Path) -> bool:
    """Rename a filled folder into place; where the target exists, equal content has won already.

    Returns:
        True if this call put the folder there.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        aside.rename(target)
    except OSError:
        if target.is_dir():
            return False
        raise
    return True


def remove_folder(folder: Path) -> None:
    """Remove a folder with what lies in it, without following links; another process may be doing the same."""
    with contextlib.suppress(FileNotFoundError):
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                remove_folder(folder / entry.name)
            else:
                (folder / entry.name).unlink(missing_ok=True)
        folder.rmdir()


def remove(path: Path) -> None:
    """Remove a file or a folder that nobody misses; what cannot be removed stays."""
    if path.is_dir() and not path.is_symlink():
        with contextlib.suppress(OSError):
            remove_folder(path)
    else:
        remove_file(path)


def remove_file(path: Path) -> None:
    """Remove a file that nobody misses; what cannot be removed stays."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write bytes to an open file, in as many calls as the system needs."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the file system refuses into an error that says what to do.

    Raises:
        StoreError: An `OSError` came out of the block.
    """
    try:
        yield
    except OSError as error:
        raise StoreError(
            "The store must be writable, with room on its disk.",
            f"Writing `{path}` failed: {error.strerror or error}.",
            "Free space or mend the permissions, or name another place with `--store DIR`.",
        ) from error
