"""What is remembered of an environment from one process to the next, as long as its files are the same."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

import msgspec

from bancada.environments._stamps import Watched
from bancada.records.environments import Package

__all__ = ["Memory", "Told", "Was"]

_FORMAT = 2
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Was(msgspec.Struct, frozen=True):
    """What a distribution was when it was read."""

    stamp: str
    watched: Watched
    package: Package


class Told(msgspec.Struct, frozen=True):
    """What the manager told when it was asked, and what its locks came to."""

    stamp: str
    locks: dict[str, str]
    gives: frozenset[str]
    rewritten: frozenset[str]
    hashes: dict[str, tuple[str, ...]]
    details: bytes
    notes: tuple[str, ...]
    missing: tuple[str, ...]
    brings: frozenset[str] = frozenset()


class _Kept(msgspec.Struct):
    """The file that holds both."""

    packages: dict[str, Was]
    told: Told | None = None


class Memory:
    """A folder of the user's cache for one environment; losing it costs time only.

    Args:
        cache: The folder of bancada's caches.
        prefix: The environment.
    """

    def __init__(self, cache: Path, prefix: Path) -> None:
        name = sha256(f"{_FORMAT}:{prefix}:{sys.version}".encode()).hexdigest()[:12]
        self.folder = cache / f"environment-{name}"
        self._file = self.folder / "known.msgpack"
        self._known = self._load()
        self.packages = self._known.packages
        self.told = self._known.told

    def _load(self) -> _Kept:
        try:
            return msgspec.msgpack.decode(self._file.read_bytes(), type=_Kept)
        except (OSError, msgspec.MsgspecError):
            return _Kept({})

    def wheel(self, digest: str) -> Path:
        """Return where a packed wheel lies, if it does."""
        return self.folder / f"{digest}.whl"

    def keep_wheel(self, wheel: bytes) -> str:
        """Keep a packed wheel; returns its digest."""
        digest = sha256(wheel).hexdigest()
        self._write(self.wheel(digest), wheel)
        return digest

    def keep(self, packages: dict[str, Was], told: Told | None) -> None:
        """Remember these and nothing else, if they are not what is remembered already.

        Args:
            packages: By metadata folder; those without a stamp are left out.
            told: What the manager told; left out without a stamp.
        """
        stamped = {path: was for path, was in packages.items() if was.stamp}
        kept = _Kept(stamped, told if told is not None and told.stamp else None)
        if kept.packages == self._known.packages and kept.told == self._known.told:
            return
        self._write(self._file, msgspec.msgpack.encode(kept))
        self._drop_wheels({was.package.kept for was in packages.values()})
        self._known = kept

    def _drop_wheels(self, used: set[str]) -> None:
        with contextlib.suppress(OSError):
            for path in self.folder.glob("*.whl"):
                if _DIGEST.fullmatch(path.stem) and path.stem not in used:
                    path.unlink(missing_ok=True)

    def _write(self, path: Path, data: bytes) -> None:
        """Write aside and rename; a cache that cannot be written is none."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self.folder)
            try:
                with os.fdopen(handle, "wb") as aside:
                    aside.write(data)
                Path(name).replace(path)
            finally:
                Path(name).unlink(missing_ok=True)
