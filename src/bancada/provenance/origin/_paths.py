"""Paths that a record gives: checked in one place, before anything is written."""

from __future__ import annotations

import os
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bancada.exceptions import StoreError, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["Caps", "checked_path", "write_tree"]

_LONGEST = 1_024
_LONGEST_PART = 255
_DEEPEST = 64
_SHOWN = 80
_RULE = "A path in a record leads to a place below the folder that it is about."
# Controls, formats (such as the marks that reverse what is read), surrogates, line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Caps:
    """How much of a record is written out at most.

    Attributes:
        files: Files.
        file_bytes: Bytes of one file.
        total_bytes: Bytes of all files together.
    """

    files: int = 20_000
    file_bytes: int = 200_000_000
    total_bytes: int = 4_000_000_000


def checked_path(name: str) -> PurePosixPath:
    r"""Return a path that a record gives, once it is sure to lead nowhere but below its folder.

    Refused are absolute paths, `..`, drives, backslashes, hidden characters, what no file system takes, and `.git`:
    git executes what its folder says.

    Args:
        name: The path, its parts joined by `/`.

    Raises:
        StoreError: It could lead out of its folder, or deceive who reads it.

    Examples:
        >>> checked_path("src/churn/models.py").parts
        ('src', 'churn', 'models.py')
        >>> checked_path("../../.ssh/authorized_keys")
        Traceback (most recent call last):
        ...
        bancada.exceptions.StoreError: A path in a record leads to a place below the folder that it is about. Found '../../.ssh/authorized_keys': it has a part '..'. Do not use this record; `bancada store verify` lists what else is wrong with it.
    """  # noqa: E501 - the last line of a traceback is one line
    wrong = _wrong(name)
    if wrong:
        shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
        raise StoreError(
            _RULE,
            f"Found {shown!a}: {wrong}.",
            "Do not use this record; `bancada store verify` lists what else is wrong with it.",
        )
    return PurePosixPath(name)


def write_tree(folder: Path, files: Mapping[str, str], get: Callable[[str], bytes], caps: Caps | None = None) -> None:
    """Write files of a record below a folder; every path is checked before the first is written.

    Args:
        folder: A folder that nobody else writes to; it must exist.
        files: Objects by path.
        get: Returns the content of an object.
        caps: How much is written at most.

    Raises:
        StoreError: A path leads elsewhere, two name one place, there is a link on the way, or it is too much.
    """
    caps = caps or Caps()
    if len(files) > caps.files:
        raise _too_much(f"{len(files):,} files", counted(caps.files, "file"))
    paths = {name: checked_path(name) for name in files}
    total = 0
    for name, path in sorted(paths.items()):
        data = get(files[name])
        total += len(data)
        if len(data) > caps.file_bytes:
            raise _too_much(f"{len(data):,} bytes for {name!a}", f"{caps.file_bytes:,} bytes a file")
        if total > caps.total_bytes:
            raise _too_much(f"more than {caps.total_bytes:,} bytes", f"{caps.total_bytes:,} bytes in all")
        _write(folder, path, data)


def _write(folder: Path, path: PurePosixPath, data: bytes) -> None:
    try:
        place = folder
        for part in path.parts[:-1]:
            place /= part
            if not os.path.lexists(place):
                place.mkdir()
            elif not stat.S_ISDIR(place.lstat().st_mode):
                raise _doubled(path, f"`{place.name}` is no folder")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(place / path.name, flags, 0o644), "wb") as stream:
            stream.write(data)
    except FileExistsError:
        raise _doubled(path, "its place is taken") from None
    except OSError as error:
        raise StoreError(
            "What a record holds is written below one folder.",
            f"Writing {str(path)!a} below `{folder}` failed: {error.strerror or error}.",
            "Free space or mend the permissions there, and do it again.",
        ) from error


def _wrong(name: str) -> str:
    """Return what is wrong with a path; nothing where it is right."""
    if not name:
        return "it is empty"
    if name.startswith("/") or name[1:2] == ":":
        return "it is absolute"
    if "\\" in name:
        return "it has a backslash"
    if any(unicodedata.category(character) in _HIDDEN for character in name):
        return "it has hidden characters"
    return _wrong_parts(name.split("/")) or ("" if len(name) <= _LONGEST else "it is too long")


def _wrong_parts(parts: list[str]) -> str:
    if len(parts) > _DEEPEST:
        return "it is too deep"
    for part in parts:
        if part in {"", ".", ".."}:
            return f"it has a part {part!r}"
        # Windows, and macOS for some characters, take these names for the same folder.
        if part.rstrip(". ").casefold() == ".git":
            return "it leads into a folder of git"
        if len(part.encode()) > _LONGEST_PART:
            return "it has a part that is too long"
    return ""


def _too_much(found: str, most: str) -> StoreError:
    return StoreError(
        f"Of one record at most {most} are written.",
        f"This one has {found}.",
        "Do not use it unless you know why it is so large.",
    )


def _doubled(path: PurePosixPath, why: str) -> StoreError:
    return StoreError(
        "Each file of a record has a place of its own, and no link leads there.",
        f"{str(path)!a} has none: {why}.",
        "Do not use this record on this file system.",
    )
