"""Leases: which folds each driver computes just now, so that two of them do not compute the same.

A driver has one file in `leases/`, called after its host and process, that lists the folds that it has handed out. It
is written again when these change and every few seconds as a sign of life. Leases are advice: nothing is wrong where
they are ignored, deleted, torn or cannot be written, a fold is then computed twice at worst, and equal content is kept
once.

No clock of another machine is believed. A lease counts until its file has not changed for `STALE_S` on this process's
own monotonic clock; at once not where its process, on this host, is gone, or where the file system says that it is
`STALE_S` older than this driver's own lease.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bancada.store._files import OWNED, host_name, own_name, remove_file
from bancada.store._reading import read_file

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FOLDER", "STALE_S", "Leases", "drivers_at_work"]

FOLDER = "leases"
SCHEMA = "store.lease/1"
STALE_S = 120.0
# A change is written at most so often, and a sign of life at least so often.
SETTLE_S = 1.0
BEAT_S = 15.0
# Leases of others are read at most so often.
LOOK_S = 1.0
LARGEST_BYTES = 1_000_000


class _Lease(msgspec.Struct, frozen=True, kw_only=True):
    """The file of a driver.

    Attributes:
        host: Its host, with the space in which its pid counts.
        pid: Its process.
        process: What tells the process from a later one of the same pid; empty where the system does not say.
        started: UTC time at which the lease began, for people.
        beat: How often it was written.
        folds: Keys of the folds that it computes.
        schema: `store.lease/1`.
    """

    host: str
    pid: int
    process: str
    started: str
    beat: int
    folds: tuple[str, ...]
    schema: str = SCHEMA


class _Other(msgspec.Struct):
    """Another driver's lease as this one has seen it."""

    content: bytes
    since: float
    changed_ns: int
    lease: _Lease | None


class Leases:
    """The leases of a store, as one driver holds and reads them.

    Args:
        root: The store's folder.
        clock: Seconds that only grow.
    """

    def __init__(self, root: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.folder = root / FOLDER
        self._clock = clock
        self._name = own_name()
        self._started = dt.datetime.now(dt.UTC).isoformat()
        self._process = _process(os.getpid())
        self._folds: dict[str, None] = {}
        self._beat = 0
        self._written: tuple[float, tuple[str, ...]] | None = None
        self._own_ns = 0
        self._others: dict[str, _Other] = {}
        self._looked: float | None = None

    def take(self, key: str) -> None:
        """Say that this driver computes a fold from now on."""
        self._folds[key] = None
        self.beat()

    def drop(self, key: str) -> None:
        """Say that it does so no more."""
        self._folds.pop(key, None)

    def beat(self) -> None:
        """Give a sign of life, where it is time for one; to be called every second or so while folds run."""
        folds = tuple(self._folds)
        if self._written is not None:
            when, told = self._written
            if self._clock() - when < (SETTLE_S if folds != told else BEAT_S):
                return
        elif not folds:
            return
        self._written = (self._clock(), folds)
        self._beat += 1
        with contextlib.suppress(OSError):
            self._write(folds)

    def held(self, key: str) -> bool:
        """Tell whether another driver that is alive computes a fold."""
        self._look()
        return any(
            other.lease is not None and key in other.lease.folds and self._alive(other)
            for other in self._others.values()
        )

    @property
    def alone(self) -> bool:
        """True where no other driver has been seen."""
        self._look()
        return not self._others

    def close(self) -> None:
        """Take the lease back; idempotent."""
        self._folds.clear()
        if self._written is not None:
            self._written = None
            remove_file(self.folder / self._name)

    def _write(self, folds: tuple[str, ...]) -> None:
        lease = _Lease(
            host=host_name(),
            pid=os.getpid(),
            process=self._process,
            started=self._started,
            beat=self._beat,
            folds=folds,
        )
        self.folder.mkdir(exist_ok=True)
        aside = self.folder / f".{self._name}~{self._name}"
        try:
            aside.write_bytes(msgspec.json.encode(lease))
            # Alone among a store's files this one is replaced: it says what is, not what was.
            aside.replace(self.folder / self._name)
        finally:
            remove_file(aside)
        self._own_ns = (self.folder / self._name).stat().st_mtime_ns

    def _look(self) -> None:
        now = self._clock()
        if self._looked is not None and now - self._looked < LOOK_S:
            return
        self._looked = now
        try:
            names = {name for name in os.listdir(self.folder) if OWNED.fullmatch(name)} - {self._name}  # noqa: PTH208 - names only
        except OSError:
            names = set()
        self._others = {
            name: other for name in names if (other := self._read(name, self._others.get(name), now)) is not None
        }

    def _read(self, name: str, before: _Other | None, now: float) -> _Other | None:
        path = self.folder / name
        try:
            status = path.stat()
            content = read_file(path) if status.st_size <= LARGEST_BYTES else b""
        except OSError:
            return None
        if before is not None and before.content == content:
            return before
        return _Other(content, now, status.st_mtime_ns, _decoded(content))

    def _alive(self, other: _Other) -> bool:
        lease = other.lease
        if lease is None or self._clock() - other.since >= STALE_S:
            return False
        if self._own_ns and self._own_ns - other.changed_ns >= (STALE_S + BEAT_S) * 1e9:
            return False
        return lease.host != host_name() or _runs(lease.pid, lease.process)


def drivers_at_work(root: Path) -> tuple[str, ...]:
    """Return the hosts and processes that compute folds for a store just now, as far as their leases tell.

    A lease of this host counts while its process is there; one of another host while its file is young.

    Args:
        root: The store's folder.
    """
    folder = root / FOLDER
    found = []
    for name in sorted(os.listdir(folder)) if folder.is_dir() else ():  # noqa: PTH208 - names only
        if not OWNED.fullmatch(name):
            continue
        try:
            lease = _decoded(read_file(folder / name, LARGEST_BYTES))
            age_s = time.time() - (folder / name).stat().st_mtime
        except OSError:
            continue
        if lease is None or lease.pid == os.getpid():
            continue
        if _runs(lease.pid, lease.process) if lease.host == host_name() else abs(age_s) < STALE_S:
            found.append(f"{lease.host} process {lease.pid}")
    return tuple(found)


def _decoded(content: bytes) -> _Lease | None:
    """Return a lease; None where it is torn, or of a version that says something else."""
    try:
        lease = msgspec.json.decode(content, type=_Lease)
    except (msgspec.DecodeError, RecursionError):
        return None
    return lease if lease.schema == SCHEMA else None


def _runs(pid: int, process: str) -> bool:
    """Tell whether a process of this host is there still, and is the one that was meant."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        # It is somebody else's, and there.
        pass
    present = _process(pid)
    return not (process and present) or process == present


def _process(pid: int) -> str:
    """Return what tells a process from another of the same number: the boot, and its start in ticks since then."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        # The second field is the program's name, which may hold blanks and brackets.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return f"{boot}:{fields[19]}"
    except (OSError, IndexError):
        return ""
