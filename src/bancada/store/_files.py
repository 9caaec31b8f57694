"""Writing so that a reader sees a file whole or not at all, and checking names that come from a store."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from typing import TYPE_CHECKING

from bancada.exceptions import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "check_name",
    "folder_aside",
    "publish_folder",
    "random_name",
    "remove_folder",
    "sync_folder",
    "write_once",
    "writing",
]

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def random_name(length: int = 26) -> str:
    """Return random base-32 characters (5 bits each)."""
    return "".join(ALPHABET[byte & 31] for byte in secrets.token_bytes(length))


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
    """Write a file aside and rename it into place; a file that is there already stays as it is.

    Args:
        path: Where the file shall be; its folder must exist.
        data: Its content.
        durable: True to have it on the disk before this returns (two fsyncs).

    Returns:
        True if this call put the file there.

    Raises:
        StoreError: The folder cannot be written.
    """
    if path.exists():
        return False
    aside = path.with_name(f".{path.name}.{random_name(8)}")
    with writing(path):
        try:
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            try:
                _write_all(descriptor, data)
                if durable:
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)
            aside.rename(path)
        except OSError:
            aside.unlink(missing_ok=True)
            raise
        if durable:
            sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Have a folder's entries on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def folder_aside(target: Path) -> Iterator[Path]:
    """Give a folder beside `target` to be filled; it is removed unless it was published.

    Raises:
        StoreError: The store cannot be written.
    """
    aside = target.parent / f".{target.name[:12]}.{random_name(8)}"
    with writing(target):
        try:
            aside.mkdir()
        except FileNotFoundError:
            aside.parent.mkdir(parents=True, exist_ok=True)
            aside.mkdir()
    try:
        with writing(target):
            yield aside
    finally:
        if aside.exists():
            remove_folder(aside)


def publish_folder(aside: Path, target: Path) -> bool:
    """Rename a filled folder into place; where the target exists, equal content has won already.

    Returns:
        True if this call put the folder there.
    """
    try:
        aside.rename(target)
    except OSError:
        if target.is_dir():
            return False
        raise
    return True


def remove_folder(folder: Path) -> None:
    """Remove a folder with what lies in it, without following links."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            remove_folder(folder / entry.name)
        else:
            (folder / entry.name).unlink()
    folder.rmdir()


def _write_all(descriptor: int, data: bytes) -> None:
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
