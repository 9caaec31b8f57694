"""The user's own key: made once, readable by nobody else."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["KEY_FILE", "Key", "NoKey", "find_key"]

KEY_FILE = "origin.key"
_BYTES = 32
_HEX = re.compile(rb"[0-9a-f]{64}\n?")
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Key:
    """A key.

    Attributes:
        secret: Its bytes; they are shown nowhere.
    """

    secret: bytes = field(repr=False)

    @property
    def name(self) -> str:
        """What tells it from other keys, and does not give it away."""
        return hashlib.sha256(b"bancada.origin.name\0" + self.secret).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class NoKey:
    """There is no key that could be used.

    Attributes:
        reason: Why, and what to do: a phrase.
    """

    reason: str


def find_key(folder: Path, *, make: bool) -> Key | NoKey:
    """Return the user's own key.

    Args:
        folder: The folder of the personal configuration.
        make: True to make a key where there is none; of several processes at once one makes it, and all get that one.

    Returns:
        The key; where there is none, or it cannot be trusted, why.
    """
    path = folder / KEY_FILE
    try:
        if make and not os.path.lexists(path):
            _make(path)
        return _read(path)
    except FileNotFoundError:
        return NoKey(f"there is no key at `{path}`")
    except OSError as error:
        return NoKey(f"the key `{error.filename or path}` cannot be used: {error.strerror or error}")


def _read(path: Path) -> Key | NoKey:
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(stream.fileno())
        wrong = _wrong(found)
        if wrong:
            return NoKey(f"the key `{path}` {wrong}")
        text = stream.read(2 * _BYTES + 2)
    if not _HEX.fullmatch(text):
        return NoKey(f"the key `{path}` is damaged: restore it from a copy, or move it away and a new one is made")
    return Key(bytes.fromhex(text.decode().strip()))


def _wrong(found: os.stat_result) -> str:
    """Return why a file may be known to others; nothing where it is not."""
    if not stat.S_ISREG(found.st_mode):
        return "is no file"
    if os.name == "nt":  # modes mean nothing there: the home folder's access list protects it
        return ""
    if found.st_uid != os.geteuid():
        return "belongs to another user"
    if found.st_mode & _OTHERS:
        return f"can be read by others (mode {stat.S_IMODE(found.st_mode):04o}): run `chmod 600` on it"
    return ""


def _make(path: Path) -> None:
    """Write a new key aside and link it into place: whoever reads it reads a whole one, and the first to link wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}~{os.getpid()}-{secrets.token_hex(8)}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(secrets.token_hex(_BYTES).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        _link(aside, path)
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)


def _link(aside: Path, path: Path) -> None:
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        return
    except OSError:
        # Some file systems have no links: there, of two at the same instant, the later key stays.
        if not path.exists():
            aside.rename(path)
