"""What a distribution consists of, said so that neither its place nor the program that installed it matters."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bancada.identity import canonical_json, digest_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bancada.environments._reading import Distribution, Row

__all__ = ["Part", "content_of", "normal_bytes", "parts_of"]

# What installers write on their own account, beside what the wheel held.
_OF_INSTALLERS = frozenset(
    {
        "INSTALLER",
        "RECORD",
        "RECORD.jws",
        "RECORD.p7s",
        "REQUESTED",
        "direct_url.json",
        "uv_build.json",
        "uv_cache.json",
    }
)
_VERSIONED = re.compile(r"-?\d(?:\.\d+)?(?:\.exe)?$")
_PYTHON = b"#!python\n"
# Where a path is too long for the kernel, installers let the shell start the interpreter, in three lines.
_BY_SHELL = b"#!/bin/sh\n'''exec' "


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a distribution.

    Attributes:
        key: Where it belongs: a path below the folder of packages, or `scripts/…` or `data/…` behind a colon.
        path: Where it is.
        row: What RECORD tells of it; None where it is of a source folder.
    """

    key: str
    path: Path
    row: Row | None = None

    @property
    def is_script(self) -> bool:
        """Whether installers may rewrite its first line."""
        return self.key.startswith(":scripts/")

    def is_as_installed(self, data: bytes, sha256: bytes) -> bool:
        """Tell whether bytes are those that RECORD names; where it names none, any are.

        Args:
            data: The bytes.
            sha256: Their SHA-256, by which nearly every installer names them.
        """
        if self.row is None or not self.row.digest:
            return True
        try:
            found = sha256 if self.row.algorithm == "sha256" else hashlib.new(self.row.algorithm, data).digest()
        except ValueError:
            return True
        return urlsafe_b64encode(found).rstrip(b"=").decode() == self.row.digest.rstrip("=")


def parts_of(distribution: Distribution) -> Iterator[Part]:
    """Yield the files that the RECORD of a distribution lists, less what installers add on their own.

    A file outside the environment is none of its parts: nothing installs it there again.
    """
    site = os.fspath(distribution.site)
    prefix = os.fspath(distribution.prefix)
    folder = distribution.folder.name
    programs = tuple(os.fspath(place) for place in distribution.script_folders)
    for row in distribution.rows or ():
        head, _, name = row.path.rpartition("/")
        if (head == folder and name in _OF_INSTALLERS) or _is_bytecode(row, head, name):
            continue
        if not row.path.startswith(("/", "..")) and "/../" not in row.path:
            yield Part(row.path, Path(f"{site}/{row.path}"), row)
            continue
        path = os.path.normpath(f"{site}/{row.path}" if row.path.startswith(".") else row.path)
        where, name = os.path.split(path)
        if where in programs:
            if not _is_entry(name, distribution.scripts):
                yield Part(f":scripts/{name}", Path(path), row)
        elif path.startswith(prefix + os.sep):
            yield Part(f":data/{path[len(prefix) + 1 :].replace(os.sep, '/')}", Path(path), row)


def _is_bytecode(row: Row, head: str, name: str) -> bool:
    """Tell whether a row is of bytecode, or is one of those without a digest that virtualenv adds to its pip."""
    if name.endswith(".pyc") and (head == "__pycache__" or head.endswith("/__pycache__")):
        return True
    return not row.digest and (name == "__pycache__" or name.endswith((".pyc", ".virtualenv")))


def _is_entry(name: str, scripts: frozenset[str]) -> bool:
    stem, suffix = posixpath.splitext(name)
    if name in scripts or (suffix in {".exe", ".py", ".manifest"} and stem.removesuffix("-script") in scripts):
        return True
    # Installers write pip also as `pip3.11` and `pip-3.11`, for the version that is theirs.
    return bool(_VERSIONED.sub("", name)) and _VERSIONED.sub("", name) in scripts


def normal_bytes(part: Part, data: bytes) -> bytes:
    """Return the bytes of a part as its wheel had them: with no place of an interpreter in the first line."""
    if not part.is_script:
        return data
    if data.startswith(_BY_SHELL):
        return _PYTHON + data.split(b"\n", 3)[-1]
    first, line, rest = data.partition(b"\n")
    if line and first.startswith(b"#!") and b"python" in first:
        return _PYTHON + rest
    return data


def content_of(digests: Iterable[tuple[str, str]]) -> str:
    """Return the digest of a distribution.

    Args:
        digests: The key of each part, and the SHA-256 of its bytes in normal form; in any order.
    """
    return digest_bytes(canonical_json(sorted([key, value] for key, value in digests)))
