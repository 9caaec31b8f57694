"""Content-addressed bytes: sources, splits, definitions, environments, models."""

from __future__ import annotations

import errno
import hashlib
import re
from typing import TYPE_CHECKING

from bancada.exceptions import StoreError
from bancada.identity import digest_bytes
from bancada.store._files import in_work, own_name, sync_file, sync_folder, write_all, write_once, writing
from bancada.store._reading import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Objects"]

DIGEST = re.compile(r"[0-9a-f]{64}")
_PIECE_BYTES = 1 << 22


class Objects:
    """The folder `objects/`: a file per content, named by its SHA-256."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Keep bytes and return their digest; keeping them again does nothing."""
        name = digest_bytes(data)
        path = self.folder / name
        size = _size(path)
        if size == len(data):
            return name
        with writing(path):
            self.folder.mkdir(parents=True, exist_ok=True)
            if size is not None:
                # A power cut tore it: a file of another length cannot have this digest.
                path.unlink(missing_ok=True)
        write_once(path, data)
        return name

    def put_file(self, source: Path) -> str:
        """Keep the bytes of a file, however large, and return their digest; keeping them again does nothing.

        Args:
            source: The file; where it changes meanwhile, what was read of it is kept.

        Raises:
            OSError: The file cannot be read.
            StoreError: The store cannot be written; nothing is left behind.
        """
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        aside = self.folder / f".snapshot~{own_name()}"
        hasher = hashlib.sha256()
        with source.open("rb", buffering=0) as stream:
            try:
                with writing(aside), aside.open("xb", buffering=0) as sink:
                    while data := stream.read(_PIECE_BYTES):
                        hasher.update(data)
                        write_all(sink.fileno(), data)
                path = self.folder / hasher.hexdigest()
                if _size(path) != aside.stat().st_size:
                    with writing(path):
                        sync_file(aside)
                        aside.replace(path)
                        sync_folder(self.folder)
            finally:
                aside.unlink(missing_ok=True)
        return path.name

    def get(self, name: str, most_bytes: int | None = None) -> bytes:
        """Return the bytes of a digest.

        Args:
            name: The digest.
            most_bytes: What it may have at most, for objects that a record of others names; None for no limit.

        Raises:
            StoreError: There is no such object, it has more bytes than that, or its content does not have that digest.
        """
        try:
            data = read_file(self.path(name), most_bytes)
        except OSError as error:
            if error.errno in {errno.EFBIG, errno.ENOMEM}:
                raise _too_large(name, most_bytes) from error
            raise StoreError(
                "What a record names must be in the store.",
                f"Object `{name[:12]}…` is missing.",
                "Copy it from where the record came from, or run `bancada store verify` for the whole list.",
            ) from error
        if digest_bytes(data) != name:
            raise _altered(name)
        return data

    def path(self, name: str) -> Path:
        """Return where an object lies.

        Raises:
            StoreError: The name is no digest.
        """
        if not _is_digest(name):
            raise StoreError(
                "An object is named by 64 hexadecimal digits.",
                f"Found {name!r}.",
                "The record that names it was altered: run `bancada store verify`.",
            )
        return self.folder / name

    def has(self, name: str) -> bool:
        """Return True where the object is there; what is no digest names none."""
        return _is_digest(name) and (self.folder / name).is_file()

    def walk(self) -> Iterator[Path]:
        """Yield the file of every object, by name."""
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if DIGEST.fullmatch(path.name) and path.is_file():
                yield path

    def broken(self) -> Iterator[str]:
        """Yield a finding for every object whose content does not have the digest that names it, and for strays."""
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if not DIGEST.fullmatch(path.name):
                if in_work(path.name):
                    continue
                yield f"objects/{path.name}: it is no object"
                continue
            if path.is_symlink() or not path.is_file():
                yield f"object {path.name[:12]}…: it is no file"
                continue
            try:
                with path.open("rb") as stream:
                    whole = hashlib.file_digest(stream, "sha256").hexdigest() == path.name
            except OSError as error:
                yield f"object {path.name[:12]}…: it cannot be read: {error.strerror or error}"
                continue
            if not whole:
                yield f"object {path.name[:12]}…: its content was altered"


def _is_digest(name: object) -> bool:
    """Tell whether a name is a digest; a record that somebody else wrote may give anything for one."""
    return isinstance(name, str) and DIGEST.fullmatch(name) is not None


def _size(path: Path) -> int | None:
    """Return a file's size; None where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return None


def _too_large(name: str, most_bytes: int | None) -> StoreError:
    return StoreError(
        "An object that a record names is of a size that can be taken.",
        f"Object `{name[:12]}…` has more than {'memory' if most_bytes is None else f'{most_bytes:,} bytes'}.",
        "Do not use this record unless you know why it is so large.",
    )


def _altered(name: str) -> StoreError:
    return StoreError(
        "An object's content must have the digest that names it.",
        f"Object `{name[:12]}…` was altered.",
        "Restore it from a copy of the store; `bancada store verify` lists all that is broken.",
    )
