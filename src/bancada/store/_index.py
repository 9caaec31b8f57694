"""The index: a disposable database over a store, kept in the user's cache folder.

It holds a copy of each finished run, so that views need not open thousands of files, and the last document of each
view. Whether it is fresh is seen from the times of the store's folders; deleting it costs time and nothing else. Where
it cannot be kept, or another process holds it for too long, the store itself is read into memory.
"""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from bancada.exceptions import StoreError
from bancada.records import RunRecord
from bancada.store._sight import Sight, look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bancada.store._store import Store

__all__ = ["Index", "IndexedRun"]

T = TypeVar("T")
LAYOUT = 2
# What says that the file is sound but cannot be used now; any other failure says that it is broken.
OCCUPIED = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOMEM,
}
LOCK_WAIT_S = 10.0
IN_MEMORY = ":memory:"
TABLES = """
create table if not exists runs (
    problem text not null, run_id text not null, claim_id text not null, candidate text not null,
    status text not null, started text not null, withdrawn integer not null,
    record blob not null, primary key (problem, run_id));
create index if not exists claims on runs (problem, claim_id);
create table if not exists unreadable (problem text not null, run_id text not null, reason text not null,
    primary key (problem, run_id));
create table if not exists sights (problem text primary key, sight blob not null);
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
        self._fresh: set[str] = set()

    def runs(self, problem: str) -> tuple[RunRecord, ...]:
        """Return every finished run that was not withdrawn, oldest first, with scores that were added later."""
        self.refresh(problem)
        return self._records(problem, "", ())

    def claim(self, problem: str, claim_id: str) -> tuple[RunRecord, ...]:
        """Return the finished runs of one claim that were not withdrawn, oldest first; `refresh` sees new ones."""
        return self._records(problem, "and claim_id = ?", (claim_id,))

    def listing(self, problem: str) -> tuple[IndexedRun, ...]:
        """Return what there is, oldest first, without decoding records; withdrawn runs are left out."""
        self.refresh(problem)
        query = (
            "select run_id, claim_id, candidate, status, started from runs "
            "where problem = ? and not withdrawn order by started, run_id"
        )
        return tuple(IndexedRun(*row) for row in self._rows(problem, query, (problem,)))

    def unreadable(self, problem: str) -> tuple[tuple[str, str], ...]:
        """Return (run id, reason) of the runs whose record cannot be read; `refresh` sees new ones."""
        query = "select run_id, reason from unreadable where problem = ? order by run_id"
        return tuple(self._rows(problem, query, (problem,)))

    def view(self, problem: str, name: str, stamp: str) -> bytes | None:
        """Return a view's document if it was computed from what `stamp` stands for; else None.

        Args:
            problem: Name of the problem.
            name: Name of the view.
            stamp: What `refresh` has returned.
        """

        def find(connection: sqlite3.Connection) -> bytes | None:
            query = "select document from views where problem = ? and name = ? and stamp = ?"
            row = connection.execute(query, (problem, name, stamp)).fetchone()
            return None if row is None else bytes(row[0])

        return self._do(find)

    def keep_view(self, problem: str, name: str, stamp: str, document: bytes) -> None:
        """Keep a view's document for as long as nothing is written to the problem.

        Args:
            problem: Name of the problem.
            name: Name of the view.
            stamp: What `refresh` returned before the runs were read: what came meanwhile has another.
            document: The view.
        """

        def keep(connection: sqlite3.Connection) -> None:
            with _writing(connection):
                connection.execute("insert or replace into views values (?, ?, ?, ?)", (problem, name, stamp, document))

        self._do(keep)

    def refresh(self, problem: str) -> str:
        """Bring the index up to date with the problem's folder.

        Returns:
            A stamp: equal while the finished runs and what was said about them are the same.

        Raises:
            StoreError: The folder cannot be read.
        """
        return self._do(lambda connection: self._bring_up(connection, problem))

    def rebuild(self) -> int:
        """Throw the index away and read the whole store again.

        Returns:
            Count of runs taken in.
        """
        self._discard()
        self._do(_clear)
        problems = self.store.runs.problems()
        count = "select count(*) from runs where problem = ?"
        return sum(int(self._rows(problem, count, (problem,))[0][0]) for problem in problems)

    def close(self) -> None:
        """Close the database; idempotent."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._fresh.clear()

    def _records(self, problem: str, condition: str, values: tuple[str, ...]) -> tuple[RunRecord, ...]:
        query = f"select record from runs where problem = ? {condition} and not withdrawn order by started, run_id"  # noqa: S608 - of two texts of this class

        def read(connection: sqlite3.Connection) -> tuple[RunRecord, ...]:
            self._ensure(connection, problem)
            rows = connection.execute(query, (problem, *values)).fetchall()
            return tuple(msgspec.msgpack.decode(row[0], type=RunRecord) for row in rows)

        return self._do(read)

    def _rows(self, problem: str, query: str, values: tuple[str, ...]) -> list[Any]:
        def read(connection: sqlite3.Connection) -> list[Any]:
            self._ensure(connection, problem)
            return connection.execute(query, values).fetchall()

        return self._do(read)

    def _ensure(self, connection: sqlite3.Connection, problem: str) -> None:
        """Bring a problem up to date unless that was done since the database was opened."""
        if problem not in self._fresh:
            self._bring_up(connection, problem)

    def _bring_up(self, connection: sqlite3.Connection, problem: str) -> str:
        before = _sight(connection, problem)
        now = self._look(connection, problem, before)
        if now is not before:
            with _writing(connection):
                # Another process may have brought it up to date meanwhile.
                before = _sight(connection, problem)
                now = self._look(connection, problem, before)
                for run_id in before.runs.keys() | now.runs.keys():
                    if _content(before, run_id) != _content(now, run_id):
                        self._take_in(connection, problem, run_id)
                sight = msgspec.msgpack.encode(now)
                connection.execute("insert or replace into sights values (?, ?)", (problem, sight))
        self._fresh.add(problem)
        return now.stamp

    def _look(self, connection: sqlite3.Connection, problem: str, before: Sight) -> Sight:
        doubtful = {row[0] for row in connection.execute("select run_id from unreadable where problem = ?", (problem,))}
        return look(self.store.runs.folder / problem, before, doubtful)

    def _take_in(self, connection: sqlite3.Connection, problem: str, run_id: str) -> None:
        """Put a run as it is now in the place of what was known of it."""
        for table in ("runs", "unreadable"):
            connection.execute(f"delete from {table} where problem = ? and run_id = ?", (problem, run_id))  # noqa: S608 - one of two names
        try:
            stored = self.store.runs.read(problem, run_id)
            if stored is None:
                return
            record = stored.scored()
            blob = msgspec.msgpack.encode(record)
        except (StoreError, OverflowError) as error:
            # A whole number beyond 64 bits overflows: one such record must not stop all others from being read.
            reason = error.found if isinstance(error, StoreError) else str(error)
            connection.execute("insert into unreadable values (?, ?, ?)", (problem, run_id, reason))
            return
        row = (problem, run_id, record.claim_id, record.candidate, record.status, record.started)
        connection.execute("insert into runs values (?, ?, ?, ?, ?, ?, ?, ?)", (*row, stored.withdrawn, blob))

    def _do(self, action: Callable[[sqlite3.Connection], T]) -> T:
        """Do something with the database: a broken one is made anew, one that cannot be used is done without."""
        for _ in range(2):
            try:
                return action(self._open())
            except (sqlite3.Error, msgspec.DecodeError) as error:
                if _occupied(error):
                    break
                self._discard()
            except OSError:
                break
        self.close()
        self._connection = _connect(IN_MEMORY)
        return action(self._connection)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = _connect(str(self.path))
        return self._connection

    def _discard(self) -> None:
        self.close()
        for suffix in ("-wal", "-shm", ""):
            with contextlib.suppress(OSError):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=LOCK_WAIT_S, isolation_level=None)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = off")
        connection.executescript(TABLES)
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    # `immediate` takes the write lock at once, so that two refreshing processes queue instead of failing half-way.
    connection.execute("begin immediate")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        # Some failures have ended the transaction already.
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def _clear(connection: sqlite3.Connection) -> None:
    with _writing(connection):
        for table in ("runs", "unreadable", "sights", "views"):
            connection.execute(f"delete from {table}")  # noqa: S608 - one of these names


def _sight(connection: sqlite3.Connection, problem: str) -> Sight:
    row = connection.execute("select sight from sights where problem = ?", (problem,)).fetchone()
    return msgspec.msgpack.decode(row[0], type=Sight) if row else Sight({}, "")


def _occupied(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in OCCUPIED


def _content(sight: Sight, run_id: str) -> str | None:
    seen = sight.runs.get(run_id)
    return None if seen is None else seen.content
