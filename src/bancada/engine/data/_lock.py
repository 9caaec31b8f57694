"""`data.lock`: what the data of a project are, in a file for its repository."""

from __future__ import annotations

import json
import os
import tomllib
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.exceptions import ConfigurationError
from bancada.identity import digest_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["LOCK_NAME", "LOCK_SCHEMA", "Lock", "LockedData", "named", "read_lock", "write_lock"]

LOCK_NAME = "data.lock"
LOCK_SCHEMA = "bancada.data.lock/1"
_HEAD = "# Written by `bancada data lock`; commit it. A run whose data differ from it stops.\n"


class LockedData(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one dataset, as it was locked.

    Attributes:
        name: Label of the dataset.
        version: Label of the version.
        id: Name of the id column; None where rows are numbered.
        data: Digest of the values.
        rows: Count of rows.
        files: SHA-256 of each file, by path relative to the root.
        dvc: MD5 that DVC says of a file, by path relative to the root.
        columns: Type of each column, in file order.
    """

    name: str
    version: str = ""
    id: str | None = None
    data: str
    rows: int
    files: dict[str, str] = {}
    dvc: dict[str, str] = {}
    columns: dict[str, str]


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """The content of `data.lock`.

    Attributes:
        schema: `bancada.data.lock/1`.
        dataset: Every dataset that is locked, by name and version.
    """

    schema: str = LOCK_SCHEMA
    dataset: tuple[LockedData, ...] = ()

    def of(self, name: str, version: str) -> LockedData | None:
        """Return what is locked under a name and version; None where nothing is."""
        return next((item for item in self.dataset if (item.name, item.version) == (name, version)), None)


def read_lock(root: Path) -> Lock | None:
    """Return the content of `data.lock`; None where there is none.

    Raises:
        ConfigurationError: It cannot be read, is of a newer version, or names a dataset twice.
    """
    path = root / LOCK_NAME
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unread(f"It cannot be read: {error}.") from error
    if told.get("schema") != LOCK_SCHEMA:
        raise ConfigurationError(
            f"This version of bancada reads `{LOCK_NAME}` in the form `{LOCK_SCHEMA}`.",
            f"Found {told.get('schema')!r}.",
            "Upgrade bancada to read it, or write it anew with `bancada data lock`.",
        )
    try:
        lock = msgspec.convert(told, Lock)
    except msgspec.ValidationError as error:
        raise _unread(f"{error}.") from error
    known = [(item.name, item.version) for item in lock.dataset]
    twice = next((item for item in known if known.count(item) > 1), None)
    if twice is not None:
        raise _unread(f"{named(*twice)} stands in it twice.")
    return lock


def named(name: str, version: str) -> str:
    """Return what a dataset is called, in words that may go on; its version where it has one."""
    return f"`{name}`, version {version!r}," if version else f"`{name}`"


def write_lock(root: Path, locked: Iterable[LockedData]) -> bool:
    """Write `data.lock`, and tell whether it changed; what does not change is not touched.

    Raises:
        ConfigurationError: The root cannot be written.
    """
    ordered = sorted(locked, key=lambda item: (item.name, item.version))
    text = _HEAD + f"schema = {_text(LOCK_SCHEMA)}\n" + "".join(map(_entry, ordered))
    path = root / LOCK_NAME
    aside = path.with_name(f".{LOCK_NAME}.{os.getpid()}")
    try:
        if path.is_file() and digest_bytes(path.read_bytes()) == digest_bytes(text.encode()):
            return False
        try:
            aside.write_text(text, encoding="utf-8", newline="\n")
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"`{LOCK_NAME}` is written at the project's root.",
            f"`{path}` cannot be written: {error.strerror or error}.",
            "Mend the permissions, or free space.",
        ) from error
    return True


def _unread(found: str) -> ConfigurationError:
    return ConfigurationError(
        f"`{LOCK_NAME}` is what `bancada data lock` wrote.",
        found,
        "Restore it from the repository, or write it anew with `bancada data lock`.",
    )


def _entry(item: LockedData) -> str:
    lines = ["", "[[dataset]]", f"name = {_text(item.name)}", f"version = {_text(item.version)}"]
    if item.id is not None:
        lines.append(f"id = {_text(item.id)}")
    lines += [f"data = {_text(item.data)}", f"rows = {item.rows}"]
    tables: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("files", dict(sorted(item.files.items()))),
        ("dvc", dict(sorted(item.dvc.items()))),
        ("columns", item.columns),
    )
    for name, told in tables:
        if told:
            lines += ["", f"[dataset.{name}]", *(f"{_text(key)} = {_text(value)}" for key, value in told.items())]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """Return a TOML text; what JSON escapes TOML does too, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
