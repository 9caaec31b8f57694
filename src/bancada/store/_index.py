"""The index: a disposable database over a store, kept in the user's cache folder.

It holds of each finished run what a board must know, so that views need not open thousands of files, and the last
document of each view. Whether it is fresh is seen from the marks and times of the store's folders; deleting it costs
time and nothing else. Where it cannot be kept, or another process holds it for too long, the store itself is read into
memory.
"""

from __future__ import annotations

import contextlib
import sqlite3
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from bancada.exceptions import StoreError
from bancada.records.looks import Look
from bancada.store._entries import TABLES, Entry, IndexedRun, SeenRuns, delete_run, entries, insert_run, key_digest
from bancada.store._files import random_name
from bancada.store._looked import insert_looks
from bancada.store._sight import Sight, look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from bancada.records import RunRecord
    from bancada.store._sight import News
    from bancada.store._store import Store

__all__ = ["Index", "IndexedRun"]

T = TypeVar("T")
LAYOUT = 4
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

    def of_problem(self, problem: str, problem_id: str) -> tuple[RunRecord, ...]:
        """Return the newest run of each evaluation by which runs of this very problem were judged, newest first.

        Those that were only explored come after all others; `refresh` sees new ones.
        """
        query = (
            "select run_id, max((status != 'explored') || started || run_id) as age from runs "
            "where problem = ? and problem_id = ? "
            "and not withdrawn group by evaluation_id order by age desc"
        )
        return self.records(problem, [row[0] for row in self._rows(problem, query, (problem, problem_id))])

    def newest(self, problem: str) -> RunRecord | None:
        """Return the newest finished run that was not withdrawn, an explored one where there are no others.

        `refresh` sees new ones.
        """
        query = (
            "select run_id from runs where problem = ? and not withdrawn "
            "order by status = 'explored', started desc, run_id desc limit 1"
        )
        found = self.records(problem, [row[0] for row in self._rows(problem, query, (problem,))])
        return found[0] if found else None

    def judged_otherwise(self, problem: str, problem_id: str, evaluation_id: str) -> tuple[RunRecord, ...]:
        """Return the runs of this very problem, oldest first, that were judged by another evaluation.

        Interrupted ones are left out; `refresh` sees new ones.
        """
        condition = "and problem_id = ? and evaluation_id != ? and status != 'interrupted'"
        return self._records(problem, condition, (problem_id, evaluation_id))

    def has_baseline(self, problem: str, problem_id: str) -> bool:
        """Tell whether this very problem has a baseline that is done; `refresh` sees new ones."""
        query = (
            "select 1 from runs where problem = ? and problem_id = ? and baseline and status = 'done' "
            "and not withdrawn limit 1"
        )
        return bool(self._rows(problem, query, (problem, problem_id)))

    def entries(self, problem: str, metric_id: str) -> list[Entry]:
        """Return what a board must know of each run, newest first; `refresh` sees new ones."""

        def read(connection: sqlite3.Connection) -> list[Entry]:
            self._ensure(connection, problem)
            return entries(connection, problem, metric_id)

        return self._do(read)

    def counts(self, problem: str, claim_key: bytes, metric_id: str) -> bool:
        """Tell whether a claim counts among those tried by a metric, whatever its seed; `refresh` sees new ones.

        What was explored or withdrawn counts: what was seen cannot be unseen.

        Args:
            problem: Name of the problem.
            claim_key: What the claim shares with those that differ in nothing but the seed.
            metric_id: Identity of the metric.
        """
        query = (
            "select 1 from runs r join scores s on s.problem = r.problem and s.run_id = r.run_id "
            "where r.problem = ? and r.claim_key = ? and r.status != 'failed' and not r.baseline "
            "and s.metric_id = ? and s.scored limit 1"
        )
        return bool(self._rows(problem, query, (problem, key_digest(claim_key), metric_id)))

    def records(self, problem: str, run_ids: Iterable[str]) -> tuple[RunRecord, ...]:
        """Return the records of these runs, in their order, with scores that were added later.

        One that has become unreadable since the index saw it is left out, and listed as such from now on.
        """
        records = []
        for run_id in run_ids:
            try:
                stored = self.store.runs.read(problem, run_id)
            except StoreError:
                self._do(partial(self._reread, problem=problem, run_id=run_id))
                continue
            if stored is not None:
                records.append(stored.scored())
        return tuple(records)

    def listing(self, problem: str) -> tuple[IndexedRun, ...]:
        """Return what there is, oldest first, without decoding records."""
        self.refresh(problem)
        query = (
            "select run_id, claim_id, candidate, case when withdrawn then 'withdrawn' else status end, started "
            "from runs where problem = ? order by started, run_id"
        )
        return tuple(IndexedRun(*row) for row in self._rows(problem, query, (problem,)))

    def looks(self, problem: str) -> tuple[Look, ...]:
        """Return every look at a holdout that was taken with a run of the problem, oldest first.

        What was withdrawn counts: what was seen cannot be unseen. `refresh` sees new ones.
        """
        query = "select content from looks where problem = ? order by looked, look_id"
        return tuple(msgspec.json.decode(row[0], type=Look) for row in self._rows(problem, query, (problem,)))

    def spoken(self, problem: str, most: int) -> tuple[str, ...]:
        """Return the runs about which something was said most recently; `refresh` sees new ones.

        Args:
            problem: Name of the problem.
            most: How many of them, at most.
        """
        # A folder that changed just now has no time yet; there are few of them.
        query = (
            "select run_id from seen where problem = ? and finished and (said > 0 or changed = 0) "
            "order by changed = 0 desc, said desc limit cast(? as integer)"
        )
        return tuple(row[0] for row in self._rows(problem, query, (problem, str(most))))

    def shapes(self, problem: str) -> tuple[tuple[str, int], ...]:
        """Return, for each identity of the problem, one of its runs, and how many have scores; `refresh` sees new ones.

        What was explored or withdrawn counts: what was seen cannot be unseen.
        """
        query = (
            "select min(run_id), count(*) from runs r where problem = ? and exists "
            "(select 1 from scores s where s.problem = r.problem and s.run_id = r.run_id and s.scored) "
            "group by problem_id"
        )
        return tuple((str(name), int(count)) for name, count in self._rows(problem, query, (problem,)))

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

    def refresh(self, problem: str, *, thorough: bool = False) -> str:
        """Bring the index up to date with the problem's folder.

        Args:
            problem: Name of the problem.
            thorough: True to look for all that came without a mark at once, instead of by and by.

        Returns:
            A stamp: equal while the finished runs and what was said about them are the same.

        Raises:
            StoreError: The folder cannot be read.
        """
        return self._do(lambda connection: self._bring_up(connection, problem, thorough=thorough))

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
        query = f"select run_id from runs where problem = ? {condition} and not withdrawn order by started, run_id"  # noqa: S608 - of texts of this class
        return self.records(problem, [row[0] for row in self._rows(problem, query, (problem, *values))])

    def _rows(self, problem: str, query: str, values: tuple[str | bytes, ...]) -> list[Any]:
        def read(connection: sqlite3.Connection) -> list[Any]:
            self._ensure(connection, problem)
            return connection.execute(query, values).fetchall()

        return self._do(read)

    def _ensure(self, connection: sqlite3.Connection, problem: str) -> None:
        """Bring a problem up to date unless that was done since the database was opened."""
        if problem not in self._fresh:
            self._bring_up(connection, problem)

    def _bring_up(self, connection: sqlite3.Connection, problem: str, *, thorough: bool = False) -> str:
        before = _sight(connection, problem)
        news = self._look(connection, problem, before, thorough=thorough)
        if news is not None:
            with _writing(connection):
                now = _sight(connection, problem)
                if now != before:
                    # Another process has brought it up to date meanwhile.
                    before, news = now, self._look(connection, problem, now, thorough=thorough)
                if news is not None:
                    self._take_in(connection, problem, before, news)
        self._fresh.add(problem)
        return before.stamp if news is None else news.sight.stamp

    def _look(self, connection: sqlite3.Connection, problem: str, before: Sight, *, thorough: bool) -> News | None:
        known = SeenRuns(connection, problem, random_name(2), empty=before == Sight())
        return look(self.store.runs.folder / problem, before, known, thorough=thorough)

    def _take_in(self, connection: sqlite3.Connection, problem: str, before: Sight, news: News) -> None:
        """Put the runs as they are now in the place of what was known of them."""
        known = SeenRuns(connection, problem, "", empty=before == Sight())
        for run_id, seen in news.runs.items():
            old = known.seen(run_id)
            if (old and old.content) != (seen and seen.content):
                self._read(connection, problem, run_id)
            known.remember(run_id, seen)
        sight = msgspec.msgpack.encode(news.sight)
        connection.execute("insert or replace into sights values (?, ?)", (problem, sight))

    def _reread(self, connection: sqlite3.Connection, problem: str, run_id: str) -> None:
        with _writing(connection):
            self._read(connection, problem, run_id)

    def _read(self, connection: sqlite3.Connection, problem: str, run_id: str) -> None:
        delete_run(connection, problem, run_id)
        try:
            stored = self.store.runs.read(problem, run_id)
            if stored is not None:
                insert_run(connection, problem, run_id, stored.scored(), withdrawn=stored.withdrawn)
                insert_looks(connection, problem, run_id, stored.statements)
        except (StoreError, OverflowError) as error:
            # A whole number beyond 64 bits overflows: one such record must not stop all others from being read.
            reason = error.found if isinstance(error, StoreError) else str(error)
            delete_run(connection, problem, run_id)
            connection.execute("insert into unreadable values (?, ?, ?)", (problem, run_id, reason))

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
        for table in ("runs", "scores", "looks", "seen", "unreadable", "sights", "views"):
            connection.execute(f"delete from {table}")  # noqa: S608 - one of these names


def _sight(connection: sqlite3.Connection, problem: str) -> Sight:
    row = connection.execute("select sight from sights where problem = ?", (problem,)).fetchone()
    return msgspec.msgpack.decode(row[0], type=Sight) if row else Sight()


def _occupied(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in OCCUPIED
