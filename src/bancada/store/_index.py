"""The index: a disposable database over a store, kept in the user's cache folder.

It holds a copy of each finished run, so that views need not open thousands of files, and the last document of each
view. Whether it is fresh is seen from the times of the store's folders; deleting it costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.exceptions import StoreError
from bancada.records import RunRecord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bancada.store._store import Store

__all__ = ["Index", "IndexedRun"]

LAYOUT = 1
TABLES = """
create table if not exists runs (
    problem text not null, run_id text not null, claim_id text not null, candidate text not null,
    status text not null, started text not null, withdrawn integer not null, said integer not null,
    record blob not null, primary key (problem, run_id));
create index if not exists claims on runs (problem, claim_id);
create table if not exists unreadable (problem text not null, run_id text not null, reason text not null,
    primary key (problem, run_id));
create table if not exists stamps (problem text primary key, stamp text not null);
create table if not exists views (problem text not null, name text not null, stamp text not null,
    document blob not null, primary key (problem, name));
"""


@dataclass(frozen=True, slots=True)
class IndexedRun:
    """What the index knows of a run without decoding its record."""

    run_id: str
    claim_id: str
    candidate: str
    status: str
    started: str


class Index:
    """A database over one store, in `<cache>/index/<store id>.sqlite3`."""

    def __init__(self, store: Store, cache: Path) -> None:
        self.store = store
        self.path = cache / "index" / f"{store.id}-{LAYOUT}.sqlite3"
        self._connection: sqlite3.Connection | None = None

    def runs(self, problem: str) -> tuple[RunRecord, ...]:
        """Return every finished run that was not withdrawn, oldest first, with scores that were added later."""
        self.refresh(problem)
        rows = self._rows(
            "select record from runs where problem = ? and not withdrawn order by started, run_id", problem
        )
        return tuple(msgspec.msgpack.decode(row[0], type=RunRecord) for row in rows)

    def claim(self, problem: str, claim_id: str) -> tuple[RunRecord, ...]:
        """Return the finished runs of one claim that were not withdrawn, oldest first."""
        query = "select record from runs where problem = ? and claim_id = ? and not withdrawn order by started, run_id"
        return tuple(msgspec.msgpack.decode(row[0], type=RunRecord) for row in self._rows(query, problem, claim_id))

    def listing(self, problem: str) -> tuple[IndexedRun, ...]:
        """Return what there is, oldest first, without decoding records; withdrawn runs are left out."""
        self.refresh(problem)
        query = (
            "select run_id, claim_id, candidate, status, started from runs "
            "where problem = ? and not withdrawn order by started, run_id"
        )
        return tuple(IndexedRun(*row) for row in self._rows(query, problem))

    def unreadable(self, problem: str) -> tuple[tuple[str, str], ...]:
        """Return (run id, reason) of the runs whose record cannot be read."""
        return tuple(self._rows("select run_id, reason from unreadable where problem = ?", problem))

    def view(self, problem: str, name: str) -> bytes | None:
        """Return the last document of a view if nothing was written to the problem since; else None."""
        stamp = self._stamp(problem)
        rows = self._rows(
            "select document from views where problem = ? and name = ? and stamp = ?", problem, name, stamp
        )
        return next((bytes(row[0]) for row in rows), None)

    def keep_view(self, problem: str, name: str, document: bytes) -> None:
        """Keep a view's document for as long as nothing is written to the problem."""
        stamp = self._stamp(problem)
        with self._writing() as connection:
            connection.execute("insert or replace into views values (?, ?, ?, ?)", (problem, name, stamp, document))

    def refresh(self, problem: str, *, everything: bool = False) -> None:
        """Bring the index up to date with the problem's folder.

        Args:
            problem: Name of the problem.
            everything: True to read all runs again.
        """
        stamp = self._stamp(problem)
        if not everything and self._rows("select 1 from stamps where problem = ? and stamp = ?", problem, stamp):
            return
        known: dict[str, int] = (
            {} if everything else dict(self._rows("select run_id, said from runs where problem = ?", problem))
        )
        present = self.store.runs.ids(problem)
        with self._writing() as connection:
            if everything:
                connection.execute("delete from runs where problem = ?", (problem,))
            gone = known.keys() - set(present)
            connection.executemany(
                "delete from runs where problem = ? and run_id = ?", [(problem, run) for run in gone]
            )
            connection.execute("delete from unreadable where problem = ?", (problem,))
            for run_id in present:
                said = _said(self.store.runs.place(problem, run_id))
                if known.get(run_id) != said:
                    self._take_in(connection, problem, run_id, said)
            connection.execute("insert or replace into stamps values (?, ?)", (problem, stamp))

    def rebuild(self) -> int:
        """Throw the index away and read the whole store again.

        Returns:
            Count of runs taken in.
        """
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        for problem in self.store.runs.problems():
            self.refresh(problem, everything=True)
        return int(self._rows("select count(*) from runs")[0][0])

    def close(self) -> None:
        """Close the database; idempotent."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _take_in(self, connection: sqlite3.Connection, problem: str, run_id: str, said: int) -> None:
        try:
            stored = self.store.runs.read(problem, run_id)
        except StoreError as error:
            connection.execute("insert or replace into unreadable values (?, ?, ?)", (problem, run_id, error.found))
            return
        if stored is None:
            return
        record = stored.scored()
        row = (problem, run_id, record.claim_id, record.candidate, record.status, record.started)
        try:
            blob = msgspec.msgpack.encode(record)
        except OverflowError as error:
            # A whole number beyond 64 bits: one such record must not stop all others from being read.
            connection.execute("insert or replace into unreadable values (?, ?, ?)", (problem, run_id, f"{error}"))
            return
        connection.execute(
            "insert or replace into runs values (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, stored.withdrawn, said, blob)
        )

    def _stamp(self, problem: str) -> str:
        try:
            return str((self.store.runs.folder / problem).stat().st_mtime_ns)
        except OSError:
            return "absent"

    def _rows(self, query: str, *values: object) -> list[Any]:
        try:
            return self._open().execute(query, values).fetchall()
        except sqlite3.DatabaseError:
            self._discard()
            return self._open().execute(query, values).fetchall()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        connection = self._open()
        # `immediate` takes the write lock at once, so that two refreshing processes queue instead of failing half-way.
        connection.execute("begin immediate")
        try:
            yield connection
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("commit")

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                self._connection = _connect(str(self.path), self.path.parent)
            except (OSError, sqlite3.DatabaseError):
                # A cache that cannot be kept is done without: this process reads the store itself.
                self._connection = _connect(":memory:", None)
        return self._connection

    def _discard(self) -> None:
        self.close()
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


def _connect(path: str, folder: Path | None) -> sqlite3.Connection:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = off")
    connection.executescript(TABLES)
    return connection


def _said(place: Path) -> int:
    """Count of statements about a run."""
    try:
        return sum(1 for _ in os.scandir(place / "after"))
    except OSError:
        return 0
