"""`approvals.toml`: who approves how a problem is judged, in a file for the project's repository.

Each entry is one line, so that lines of two branches can stand one below the other after a merge.
"""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from typing import TYPE_CHECKING, Any

from bancada.exceptions import ConfigurationError
from bancada.judgement.approvals._entries import entry_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bancada.judgement.approvals._entries import Entry

__all__ = ["FILE_NAME", "read_approvals", "write_approvals"]

FILE_NAME = "approvals.toml"
_SCHEMA = "bancada.approvals/1"
_HEAD = "# Written by `bancada evaluation approve`; commit it. An entry a line: in a merge keep both sides.\n"
_MOST_BYTES = 4_000_000
_MOST_ENTRIES = 5_000
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def read_approvals(root: Path) -> tuple[Entry, ...]:
    """Return the entries of a project, in the order of the file; none where there is no file.

    Nothing of the file is executed, no link is followed, and its size is limited.

    Args:
        root: The project's root.

    Raises:
        ConfigurationError: It cannot be read, is no TOML, holds the marks of a merge, or is of a newer version.
    """
    text = _text(root / FILE_NAME)
    if text is None:
        return ()
    if mark := _CONFLICT.search(text):
        line = text.count("\n", 0, mark.start()) + 1
        raise _unread(
            f"Line {line} is {mark[0]!r}, which a merge has left.",
            "Keep the lines of both sides, and take out the marks.",
        )
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _unread(f"It is no TOML: {error}.", "Correct that line, or restore the file from git.") from error
    if told.get("schema") != _SCHEMA:
        raise ConfigurationError(
            f"This version of bancada reads `{FILE_NAME}` in the form `{_SCHEMA}`.",
            f"Found {told.get('schema')!r}.",
            "Upgrade bancada, or restore the file from git.",
        )
    found = told.get("approvals", [])
    if not isinstance(found, list) or len(found) > _MOST_ENTRIES:
        many = f"{len(found):,} entries" if isinstance(found, list) else repr(found)[:80]
        raise _unread(f"`approvals` is {many}.", f"It is a list of up to {_MOST_ENTRIES:,} entries.")
    return tuple(map(entry_of, found))


def write_approvals(root: Path, entries: Iterable[Entry]) -> None:
    """Write the entries of a project; a reader sees the file whole or as it was.

    Args:
        root: The project's root.
        entries: All of them; what nobody knows of one is kept.

    Raises:
        ConfigurationError: The file cannot be written.
    """
    lines = [f"  {_inline(entry.raw)},\n" for entry in sorted(entries, key=lambda entry: entry.place)]
    path = root / FILE_NAME
    more = "".join(f"{_key(key)} = {_inline(value)}\n" for key, value in _unknown(path).items())
    text = f'{_HEAD}schema = "{_SCHEMA}"\n{more}approvals = [\n{"".join(lines)}]\n'
    aside = path.with_name(f".{FILE_NAME}.{os.getpid()}")
    try:
        try:
            aside.write_text(text, encoding="utf-8", newline="\n")
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"`{FILE_NAME}` is written at the project's root.",
            f"`{path}` cannot be written: {error.strerror or error}.",
            "Mend the permissions, or free space.",
        ) from error


def _unknown(path: Path) -> dict[str, Any]:
    """Return what the file says beside schema and approvals; what nobody knows is kept, where it can be read."""
    try:
        told = tomllib.loads(_text(path) or "")
    except (ConfigurationError, tomllib.TOMLDecodeError, RecursionError):
        return {}
    return {key: value for key, value in told.items() if key not in {"schema", "approvals"}}


def _text(path: Path) -> str | None:
    try:
        descriptor = os.open(path, _FLAGS)
        with os.fdopen(descriptor, "rb") as stream:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode) or found.st_size > _MOST_BYTES:
                size = f"It has {found.st_size:,} bytes." if stat.S_ISREG(found.st_mode) else "It is no file."
                raise _unread(size, f"It is a file of up to {_MOST_BYTES:,} bytes; restore it from git.")
            return stream.read(_MOST_BYTES + 1).decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror or error if isinstance(error, OSError) else error
        raise _unread(f"It cannot be read: {why}.", "Restore it from git.") from error


def _unread(found: str, remedy: str) -> ConfigurationError:
    return ConfigurationError(f"`{FILE_NAME}` is what `bancada evaluation approve` wrote.", found, remedy)


def _inline(value: Any) -> str:
    """Return a value as TOML on one line."""
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{_key(key)} = {_inline(item)}" for key, item in value.items()) + " }" if value else "{}"
        )
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, str):
        # What JSON escapes TOML does too, but for one character.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower() if isinstance(value, bool) else _plainly(value)


def _plainly(value: Any) -> str:
    """Return a number, a date or a time; TOML writes them as Python does."""
    return repr(value) if isinstance(value, int | float) else value.isoformat()


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _inline(key)
