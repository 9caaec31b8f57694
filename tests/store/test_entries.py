"""Entries: what the index keeps of a run is what its record says."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.store.store_samples import run_record

from bancada.records import Estimate, FoldScore, RunRecord
from bancada.store._entries import TABLES, SeenRuns, delete_run, entries, insert_run
from bancada.store._sight import Seen

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def base() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(TABLES)
        yield connection


def insert(base: sqlite3.Connection, record: RunRecord, *, withdrawn: bool = False) -> None:
    insert_run(base, "churn", record.run_id, record, withdrawn=withdrawn)


def test_entries_come_newest_first_and_tell_which_were_withdrawn(base: sqlite3.Connection) -> None:
    insert(base, run_record("a", started="2026-01-01"))
    insert(base, run_record("b", started="2026-01-03"))
    insert(base, run_record("c", started="2026-01-02"))
    insert(base, run_record("d"), withdrawn=True)
    found = [(entry.candidate, entry.status) for entry in entries(base, "churn", "m")]
    assert found[:2] == [("candidate-b", "done"), ("candidate-c", "done")]
    assert {*found[2:]} == {("candidate-a", "done"), ("candidate-d", "withdrawn")}


def test_a_run_without_the_metric_is_an_entry_without_a_score(base: sqlite3.Connection) -> None:
    insert(base, run_record("a"))
    (entry,) = entries(base, "churn", "another")
    assert (entry.value, entry.complete, entry.scored, entry.places) == (None, None, None, None)
    (entry,) = entries(base, "churn", "m")
    assert (entry.value, entry.complete, entry.scored) == (0.8, 1, 1)


def test_a_run_that_lacks_a_fold_is_not_complete(base: sqlite3.Connection) -> None:
    record = run_record("a")
    score = msgspec.structs.replace(record.scores[0], folds=(FoldScore(repeat=0, fold=0, value=None),))
    insert(base, msgspec.structs.replace(record, scores=(score,)))
    (entry,) = entries(base, "churn", "m")
    assert (entry.complete, entry.scored) == (0, 0)


def test_only_what_comparability_reads_changes_the_shape(base: sqlite3.Connection) -> None:
    record = run_record("a")
    replace = msgspec.structs.replace
    score = replace(record.scores[0], estimate=Estimate(value=0.1))
    alike = [replace(record, run_id="b" * 26, candidate="other", params={"C": 1}), replace(record, scores=(score,))]
    unlike = [
        replace(record, problem=replace(record.problem, digest="other")),
        replace(record, evaluation=replace(record.evaluation, primary="other")),
        replace(record, status="failed"),
        replace(record, scores=()),
        replace(record, folds=(replace(record.folds[0], n_test=3),)),
        replace(record, folds=(replace(record.folds[0], split="table"),)),
    ]
    for number, each in enumerate([record, *alike, *unlike]):
        insert(base, replace(each, run_id=f"{number}".ljust(26, "0")))
    shapes = [entry.shape for entry in sorted(entries(base, "churn", "m"))]
    assert shapes[0] == shapes[1] == shapes[2]
    assert len(set(shapes)) == 1 + len(unlike)


def test_a_run_that_is_deleted_leaves_nothing(base: sqlite3.Connection) -> None:
    insert(base, run_record("a"))
    delete_run(base, "churn", run_record("a").run_id)
    assert entries(base, "churn", "m") == []
    assert base.execute("select count(*) from scores").fetchone() == (0,)


def test_turns_go_around(base: sqlite3.Connection) -> None:
    known = SeenRuns(base, "churn", "c", empty=False)
    for letter in "abcd":
        known.remember(letter * 26, Seen(1, 0, "", 1))
    assert [row[0][0] for row in known.turn(3)] == ["c", "d", "a"]
    assert [row[0][0] for row in known.turn(None)] == ["c", "d", "a", "b"]
    assert known.marks("b") == {"b" * 26: 1}
    known.remember("a" * 26, None)
    assert known.ids() == {letter * 26 for letter in "bcd"}


def test_the_young_and_the_unreadable_are_in_doubt(base: sqlite3.Connection) -> None:
    known = SeenRuns(base, "churn", "", empty=False)
    known.remember("a" * 26, Seen(0, 0, ""))
    known.remember("b" * 26, Seen(1, 0, "", 0, finished=False))
    base.execute("insert into unreadable values ('churn', 'c', 'torn')")
    assert sorted(known.doubtful()) == ["a" * 26, "c"]
    assert known.unfinished() == [("b" * 26, 1, 0)]
    assert known.seen("b" * 26) == Seen(1, 0, "", 0, finished=False)
