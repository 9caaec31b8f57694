"""What the index keeps of a run, for a board: everything but the lines that are shown is told from it."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from bancada.store._sight import Seen

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator

    from bancada.records import RunRecord, Score

__all__ = ["TABLES", "Entry", "IndexedRun", "SeenRuns", "delete_run", "entries", "insert_run", "key_digest"]

TABLES = """
create table if not exists runs (
    problem text not null, run_id text not null, claim_id text not null, claim_key blob not null,
    candidate text not null, baseline integer not null, status text not null, started text not null,
    withdrawn integer not null, problem_id text not null, evaluation_id text not null, shape blob not null,
    params blob not null, primary key (problem, run_id)) without rowid;
create index if not exists claims on runs (problem, claim_id);
create index if not exists ages on runs (problem, started, run_id);
create table if not exists scores (
    problem text not null, metric_id text not null, run_id text not null, value real, complete integer not null,
    scored integer not null, places blob not null, primary key (problem, metric_id, run_id)) without rowid;
create index if not exists scored on scores (problem, run_id);
create table if not exists looks (problem text not null, run_id text not null, look_id text not null,
    looked text not null, content blob not null, primary key (problem, run_id, look_id)) without rowid;
create table if not exists unreadable (problem text not null, run_id text not null, reason text not null,
    primary key (problem, run_id)) without rowid;
create table if not exists seen (problem text not null, run_id text not null, changed integer not null,
    said integer not null, content text not null, marks integer not null, finished integer not null,
    primary key (problem, run_id)) without rowid;
create index if not exists young on seen (problem) where changed = 0;
create index if not exists unfinished on seen (problem) where finished = 0;
create table if not exists sights (problem text primary key, sight blob not null);
create table if not exists views (problem text not null, name text not null, stamp text not null,
    document blob not null, primary key (problem, name));
"""


class IndexedRun(NamedTuple):
    """What the index knows of a run without decoding its record; its status is `withdrawn` where it was withdrawn."""

    run_id: str
    claim_id: str
    candidate: str
    status: str
    started: str


class Entry(NamedTuple):
    """A run as a board sees it before records are read.

    Attributes:
        run_id: Its id.
        claim_id: Digest of the claim.
        claim_key: What claims share that differ in nothing but the seed, digested.
        candidate: Its candidate.
        baseline: 1 for the automatic baseline.
        status: That of the run; `withdrawn` where it was withdrawn.
        shape: Equal for runs that are comparable with the same runs: of one problem, judged alike, on equal folds.
        params: Parameters, as MessagePack.
        value: Score on all rows; None where there is none.
        complete: 1 where every fold that was asked for has a score.
        scored: 1 where a fold has a score.
        places: Digest of the folds' places; empty where repeats have unequal counts of folds.
    """

    run_id: str
    claim_id: str
    claim_key: bytes
    candidate: str
    baseline: int
    status: str
    shape: bytes
    params: bytes
    value: float | None
    complete: int | None
    scored: int | None
    places: bytes | None


def entries(connection: sqlite3.Connection, problem: str, metric_id: str) -> list[Entry]:
    """Return the runs of a problem, newest first, with their scores by a metric."""
    query = (
        "select r.run_id, r.claim_id, r.claim_key, r.candidate, r.baseline, "
        "case when r.withdrawn then 'withdrawn' else r.status end, r.shape, r.params, "
        "s.value, s.complete, s.scored, s.places from runs r "
        "left join scores s on s.problem = r.problem and s.metric_id = ? and s.run_id = r.run_id "
        "where r.problem = ? order by r.started desc, r.run_id desc"
    )
    return list(map(Entry._make, connection.execute(query, (metric_id, problem))))


def delete_run(connection: sqlite3.Connection, problem: str, run_id: str) -> None:
    """Forget what was told of a run."""
    for table in ("runs", "scores", "looks", "unreadable"):
        connection.execute(f"delete from {table} where problem = ? and run_id = ?", (problem, run_id))  # noqa: S608 - one of these names


def insert_run(
    connection: sqlite3.Connection, problem: str, run_id: str, record: RunRecord, *, withdrawn: bool
) -> None:
    """Keep what a board must know of a run."""
    row = (
        problem,
        run_id,
        record.claim_id,
        key_digest(record.claim_key),
        record.candidate,
        record.baseline,
        record.status,
        record.started,
        withdrawn,
        record.problem.digest,
        record.evaluation.digest,
        _shape(record),
        msgspec.msgpack.encode(record.params),
    )
    connection.execute("insert into runs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    for score in {score.metric_id: score for score in record.scores if score.slice is None}.values():
        scored = any(fold.value is not None for fold in score.folds)
        told = (score.estimate.value, record.completed_by(score), scored, _places(record, score))
        named = (problem, score.metric_id, run_id)
        connection.execute("insert into scores values (?, ?, ?, ?, ?, ?, ?)", (*named, *told))


class SeenRuns:
    """What the index remembers of each run of a problem, for `look`.

    Args:
        connection: The database.
        problem: Name of the problem.
        start: From which id on runs have their turn.
        empty: True where nothing is remembered yet.
    """

    def __init__(self, connection: sqlite3.Connection, problem: str, start: str, *, empty: bool) -> None:
        self._connection = connection
        self._problem = problem
        self._start = start
        self._empty = empty
        self._known: dict[str, Seen | None] = {}

    def seen(self, run_id: str) -> Seen | None:
        """Return a run as it was seen."""
        if self._empty:
            return None
        if run_id not in self._known:
            query = "select changed, said, content, marks, finished from seen where problem = ? and run_id = ?"
            row = self._connection.execute(query, (self._problem, run_id)).fetchone()
            self._known[run_id] = None if row is None else Seen(row[0], row[1], row[2], row[3], bool(row[4]))
        return self._known[run_id]

    def ids(self) -> set[str]:
        """Return all runs that were seen."""
        return {row[0] for row in self._rows("select run_id from seen where problem = ?")}

    def marks(self, shelf: str) -> dict[str, int]:
        """Return the counts of marks of the runs whose ids begin with a character."""
        query = "select run_id, marks from seen where problem = ? and run_id >= ? and run_id < ?"
        return dict(self._rows(query, shelf, chr(ord(shelf) + 1)))

    def doubtful(self) -> Iterator[str]:
        """Yield the runs that are too young, or unreadable."""
        yield from (row[0] for row in self._rows("select run_id from seen where problem = ? and changed = 0"))
        yield from (row[0] for row in self._rows("select run_id from unreadable where problem = ?"))

    def unfinished(self) -> list[tuple[str, int, int]]:
        """Return (id, changed, said) of the runs that had no `run.json`."""
        return self._rows("select run_id, changed, said from seen where problem = ? and finished = 0")

    def turn(self, count: int | None) -> list[tuple[str, int, int]]:
        """Return (id, changed, said) of so many runs from the start on, and from the first again; or of all."""
        query = "select run_id, changed, said from seen where problem = ? and run_id {} ? order by run_id limit ?"
        limit = -1 if count is None else count
        rows = self._rows(query.format(">="), self._start, limit)
        if count is None or len(rows) < count:
            rows += self._rows(query.format("<"), self._start, limit if count is None else count - len(rows))
        return rows

    def remember(self, run_id: str, seen: Seen | None) -> None:
        """Keep a run as it is seen now; None where it is gone."""
        if seen is None:
            query = "delete from seen where problem = ? and run_id = ?"
            self._connection.execute(query, (self._problem, run_id))
            return
        row = (self._problem, run_id, seen.changed, seen.said, seen.content, seen.marks, seen.finished)
        self._connection.execute("insert or replace into seen values (?, ?, ?, ?, ?, ?, ?)", row)

    def _rows(self, query: str, *values: str | int) -> list[Any]:
        return self._connection.execute(query, (self._problem, *values)).fetchall()


def _shape(record: RunRecord) -> bytes:
    """Digest what decides with which runs a run may be compared, and by which metrics."""
    content = (
        record.problem.digest,
        record.evaluation,
        record.status == "done",
        record.row_limit,
        sorted({score.metric_id for score in record.scores}),
        [(*use.place, use.n_train, use.n_test) for use in record.folds],
    )
    return _digest(msgspec.msgpack.encode(content))


def _places(record: RunRecord, score: Score) -> bytes:
    places = sorted(place for place, fold in record.placed(score).items() if fold.value is not None)
    return _digest(repr(places).encode()) if _equal(Counter(place[:2] for place in places).values()) else b""


def _equal(counts: Collection[int]) -> bool:
    return len(set(counts)) <= 1


def key_digest(claim_key: bytes) -> bytes:
    """Return a claim's key as the index keeps it."""
    return _digest(claim_key)


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:16]
