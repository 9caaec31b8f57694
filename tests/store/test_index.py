"""The index: always what the store says, whoever wrote it, and disposable."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.store.store_samples import run_record

from bancada.records import Statement
from bancada.store import Index, Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def index(store: Store, tmp_path: Path) -> Index:
    return Index(store, tmp_path / "cache")


def names(index: Index) -> list[str]:
    return [run.candidate for run in index.runs("churn")]


def test_the_index_is_outside_the_store(index: Index, store: Store, tmp_path: Path) -> None:
    store.runs.finish(run_record("a"))
    assert names(index) == ["candidate-a"]
    assert list((tmp_path / "cache" / "index").iterdir())
    assert not list(store.root.rglob("*.sqlite3"))


def test_runs_come_oldest_first(index: Index, store: Store) -> None:
    store.runs.finish(run_record("b", started="2026-01-02T00:00:00+00:00"))
    store.runs.finish(run_record("a", started="2026-01-03T00:00:00+00:00"))
    assert names(index) == ["candidate-b", "candidate-a"]


def test_a_run_that_another_process_finished_is_seen(index: Index, store: Store, tmp_path: Path) -> None:
    store.runs.finish(run_record("a"))
    assert names(index) == ["candidate-a"]
    Store.open(store.root, create=False).runs.finish(run_record("b"))
    assert names(index) == ["candidate-a", "candidate-b"]


def test_what_was_said_later_is_seen(index: Index, store: Store) -> None:
    record = run_record("a")
    store.runs.finish(record)
    assert names(index) == ["candidate-a"]
    late = msgspec.structs.replace(record.scores[0], metric_id="late")
    said = Statement(kind="score", said="2026-01-01T00:00:00+00:00", content={"scores": msgspec.to_builtins((late,))})
    store.runs.say("churn", record.run_id, said)
    assert len(index.runs("churn")[0].scores) == 2
    store.runs.say("churn", record.run_id, Statement(kind="withdrawn", said="2026-01-02T00:00:00+00:00", content={}))
    assert names(index) == []


def test_a_claim_finds_its_runs(index: Index, store: Store) -> None:
    record = run_record("a")
    store.runs.finish(record)
    index.refresh("churn")
    assert [run.run_id for run in index.claim("churn", record.claim_id)] == [record.run_id]
    assert index.claim("churn", "other") == ()


def test_a_view_is_kept_until_something_is_written(index: Index, store: Store) -> None:
    store.runs.finish(run_record("a"))
    stamp = index.refresh("churn")
    index.keep_view("churn", "board", stamp, b"document")
    assert index.view("churn", "board", index.refresh("churn")) == b"document"
    assert index.view("churn", "other", stamp) is None
    store.runs.finish(run_record("b"))
    assert index.view("churn", "board", index.refresh("churn")) is None


def test_a_view_of_runs_that_were_read_before_another_came_is_not_shown_with_it(index: Index, store: Store) -> None:
    store.runs.finish(run_record("a"))
    stamp = index.refresh("churn")
    store.runs.finish(run_record("b"))
    index.runs("churn")
    index.keep_view("churn", "board", stamp, b"without b")
    assert index.view("churn", "board", index.refresh("churn")) is None


def _aged(folder: Path) -> None:
    """Make a store look as if it had been written long ago, as a stamp sees it."""
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, ns=(10**18, 10**18))


def test_a_union_by_copy_is_seen(index: Index, store: Store, tmp_path: Path) -> None:
    record = run_record("a")
    store.runs.finish(record)
    store.runs.finish(run_record("b"))
    store.runs.say("churn", record.run_id, Statement(kind="note", said="2026-01-01", content={}))
    other = Store(tmp_path / "other", store.id)
    shutil.copytree(store.root, other.root)
    _aged(store.root)
    assert len(names(index)) == 2
    assert index.refresh("churn") == index.refresh("churn")
    other.runs.say("churn", record.run_id, Statement(kind="withdrawn", said="2026-01-02", content={}))
    subprocess.run(["cp", "-r", f"{other.root}/.", str(store.root)], check=True)
    assert names(index) == ["candidate-b"]
    _aged(store.root)
    assert names(index) == ["candidate-b"]
    other.runs.say("churn", run_record("b").run_id, Statement(kind="withdrawn", said="2026-01-02", content={}))
    subprocess.run(["cp", "-r", f"{other.root}/.", str(store.root)], check=True)
    assert names(index) == []


def test_a_run_that_is_finished_by_copy_is_seen(index: Index, store: Store, tmp_path: Path) -> None:
    record = run_record("a")
    store.runs.finish(record)
    path = store.runs.place("churn", record.run_id) / "run.json"
    path.rename(tmp_path / "run.json")
    _aged(store.root)
    assert names(index) == []
    shutil.copy(tmp_path / "run.json", path)
    assert names(index) == ["candidate-a"]


def test_scores_that_cannot_be_read_stop_no_verb(index: Index, store: Store) -> None:
    record = run_record("a")
    store.runs.finish(record)
    said = Statement(kind="score", said="2026-01-01", content={"scores": [{"metric": 1}]})
    store.runs.say("churn", record.run_id, said)
    assert names(index) == ["candidate-a"]
    assert index.unreadable("churn") == ()


def test_a_run_that_became_readable_is_listed(index: Index, store: Store) -> None:
    record = run_record("a")
    store.runs.finish(record)
    path = store.runs.place("churn", record.run_id) / "run.json"
    data = path.read_bytes()
    path.write_bytes(b"{")
    _aged(store.root)
    assert names(index) == []
    assert [run_id for run_id, _ in index.unreadable("churn")] == [record.run_id]
    path.write_bytes(data)
    os.utime(path, ns=(10**18, 10**18))
    assert names(index) == ["candidate-a"]
    assert index.unreadable("churn") == ()


def test_a_run_that_became_unreadable_since_it_was_seen_is_left_out_and_listed(index: Index, store: Store) -> None:
    for letter in "ab":
        store.runs.finish(run_record(letter))
    _aged(store.root)
    assert len(names(index)) == 2
    (store.runs.place("churn", run_record("a").run_id) / "run.json").write_bytes(b"{")
    assert names(index) == ["candidate-b"]
    assert [run_id for run_id, _ in index.unreadable("churn")] == [run_record("a").run_id]


def test_a_run_without_a_mark_is_seen_at_once(index: Index, store: Store, tmp_path: Path) -> None:
    store.runs.finish(run_record("a"))
    other = Store.open(tmp_path / "other", create=True)
    other.runs.finish(run_record("b"))
    _aged(store.root)
    assert names(index) == ["candidate-a"]
    shutil.copytree(
        other.runs.place("churn", run_record("b").run_id), store.runs.place("churn", run_record("b").run_id)
    )
    assert names(index) == ["candidate-a", "candidate-b"]


def test_a_run_that_ends_without_a_mark_is_seen_at_once(index: Index, store: Store) -> None:
    record = run_record("a")
    place = store.runs.place("churn", record.run_id)
    place.mkdir(parents=True)
    _aged(store.root)
    assert names(index) == []
    (place / "run.json").write_bytes(msgspec.json.encode(record))
    assert names(index) == ["candidate-a"]


def test_a_thorough_look_sees_what_was_said_without_a_mark(
    index: Index, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bancada.store._sight.IN_TURN", 0)
    record = run_record("a")
    store.runs.finish(record)
    _aged(store.root)
    assert names(index) == ["candidate-a"]
    after = store.runs.place("churn", record.run_id) / "after"
    after.mkdir()
    said = Statement(kind="withdrawn", said="2026-01-02T00:00:00+00:00", content={})
    (after / "withdrawn-1.json").write_bytes(msgspec.json.encode(said))
    assert names(index) == ["candidate-a"], "nothing announced it, and its turn has not come"
    index.refresh("churn", thorough=True)
    assert names(index) == []


def test_what_was_said_without_a_mark_is_seen_when_its_turn_comes(
    index: Index, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bancada.store._sight.IN_TURN", 1)
    for letter in "abc":
        store.runs.finish(run_record(letter))
    _aged(store.root)
    assert len(names(index)) == 3
    after = store.runs.place("churn", run_record("b").run_id) / "after"
    after.mkdir()
    said = Statement(kind="withdrawn", said="2026-01-02T00:00:00+00:00", content={})
    (after / "withdrawn-1.json").write_bytes(msgspec.json.encode(said))
    assert any(len(names(index)) == 2 for _ in range(2_000))


def test_the_runs_that_another_evaluation_judged(index: Index, store: Store) -> None:
    record = run_record("a")
    store.runs.finish(record)
    store.runs.finish(msgspec.structs.replace(run_record("b"), status="interrupted"))
    index.refresh("churn")
    asked = ("churn", record.problem.digest)
    assert index.judged_otherwise(*asked, record.evaluation.digest) == ()
    assert [run.run_id for run in index.judged_otherwise(*asked, "new")] == [record.run_id]
    assert index.judged_otherwise("churn", "other", "new") == ()


def test_a_baseline_that_is_done_is_known(index: Index, store: Store) -> None:
    record = run_record("a")
    store.runs.finish(msgspec.structs.replace(record, baseline=True, status="failed"))
    assert not index.has_baseline("churn", record.problem.digest)
    store.runs.finish(msgspec.structs.replace(run_record("b"), baseline=True))
    index.refresh("churn")
    assert index.has_baseline("churn", record.problem.digest)
    assert not index.has_baseline("churn", "other")


def test_a_broken_index_is_made_anew(index: Index, store: Store) -> None:
    store.runs.finish(run_record("a"))
    assert names(index) == ["candidate-a"]
    index.close()
    index.path.write_bytes(b"this is no database" * 100)
    assert names(index) == ["candidate-a"]


def test_an_index_that_is_broken_when_it_is_opened_is_made_anew_and_kept(store: Store, tmp_path: Path) -> None:
    store.runs.finish(run_record("a"))
    path = Index(store, tmp_path).path
    path.parent.mkdir(parents=True)
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).write_bytes(b"this is no database" * 100)
    index = Index(store, tmp_path)
    assert names(index) == ["candidate-a"]
    index.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("select candidate from runs").fetchall() == [("candidate-a",)]


def test_an_index_whose_content_is_of_another_form_is_made_anew(index: Index, store: Store) -> None:
    store.runs.finish(run_record("a"))
    assert names(index) == ["candidate-a"]
    for harm in ("drop table seen", "update sights set sight = x'00'", "drop table runs"):
        with contextlib.closing(sqlite3.connect(index.path)) as connection:
            connection.execute(harm)
            connection.commit()
        assert names(index) == ["candidate-a"]


def test_an_index_that_another_process_holds_is_done_without_and_stays(
    index: Index, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bancada.store._index.LOCK_WAIT_S", 0.05)
    store.runs.finish(run_record("a"))
    assert names(index) == ["candidate-a"]
    index.close()
    with contextlib.closing(sqlite3.connect(index.path, isolation_level=None)) as other:
        other.execute("begin exclusive")
        store.runs.finish(run_record("b"))
        stamp = index.refresh("churn")
        index.keep_view("churn", "board", stamp, b"document")
        assert names(index) == ["candidate-a", "candidate-b"]
        other.execute("rollback")
        assert other.execute("select candidate from runs").fetchall() == [("candidate-a",)]


def test_without_a_place_for_it_the_store_is_read(store: Store, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    store.runs.finish(run_record("a"))
    assert names(Index(store, blocked)) == ["candidate-a"]


def test_rebuilding_counts_every_run(index: Index, store: Store) -> None:
    for letter in "abc":
        store.runs.finish(run_record(letter))
    assert index.rebuild() == 3
    assert names(index) == ["candidate-a", "candidate-b", "candidate-c"]


def test_a_run_that_was_removed_is_gone(index: Index, store: Store) -> None:
    store.runs.finish(run_record("a"))
    store.runs.finish(run_record("b"))
    assert len(names(index)) == 2
    place = store.runs.place("churn", run_record("a").run_id)
    (place / "run.json").unlink()
    place.rmdir()
    assert names(index) == ["candidate-b"]


def test_a_record_of_a_newer_version_stops_nothing(index: Index, store: Store) -> None:
    store.runs.finish(run_record("a"))
    place = store.runs.place("churn", "b" * 26)
    place.mkdir()
    (place / "run.json").write_text('{"schema": "store.run/2"}')
    assert [run.run_id for run in index.runs("churn")] == [run_record("a").run_id]
    assert index.unreadable("churn") == (("b" * 26, f"`{place / 'run.json'}` is of `store.run/2`."),)


def test_a_claim_counts_whatever_its_seed_and_once_withdrawn_too(index: Index, store: Store) -> None:
    record = run_record("a")
    seeded = msgspec.structs.replace(record, claim={"spec": "x", "seed": 1})
    other_seed = msgspec.structs.replace(seeded, claim={"spec": "x", "seed": 2})
    failed = msgspec.structs.replace(run_record("b"), claim={"spec": "y", "seed": 1}, status="failed")
    assert not index.counts("churn", seeded.claim_key, "m")
    for each in (seeded, failed):
        store.runs.finish(each)
    index.refresh("churn")
    assert index.counts("churn", other_seed.claim_key, "m")
    assert not index.counts("churn", failed.claim_key, "m")
    assert not index.counts("churn", other_seed.claim_key, "another metric")
    store.runs.say("churn", record.run_id, Statement(kind="withdrawn", said="2026-01-02T00:00:00+00:00", content={}))
    index.refresh("churn")
    assert index.counts("churn", other_seed.claim_key, "m")


def test_what_was_seen_on_a_problem_is_every_run_with_a_score(index: Index, store: Store) -> None:
    record, other = run_record("a"), run_record("b")
    problem = msgspec.structs.replace(other.problem, digest="another split")
    silent = msgspec.structs.replace(run_record("c"), scores=())
    for each in (record, msgspec.structs.replace(other, problem=problem), silent, run_record("d")):
        store.runs.finish(each)
    store.runs.say("churn", record.run_id, Statement(kind="withdrawn", said="2026-01-02T00:00:00+00:00", content={}))
    index.refresh("churn")
    assert sorted(index.shapes("churn")) == [(record.run_id, 2), (other.run_id, 1)]


def test_the_runs_that_something_was_said_about_come_newest_first(index: Index, store: Store) -> None:
    records = [run_record(letter) for letter in "abc"]
    for record in records:
        store.runs.finish(record)
    for number, record in enumerate(records[:2]):
        store.runs.say("churn", record.run_id, Statement(kind="note", said=f"2026-01-0{number + 1}", content={}))
        for folder in (store.runs.place("churn", record.run_id), store.runs.place("churn", record.run_id) / "after"):
            os.utime(folder, (1_000_000 + number, 1_000_000 + number))
    os.utime(store.runs.place("churn", records[2].run_id), (1_000_000, 1_000_000))
    index.refresh("churn")
    assert index.spoken("churn", 10) == (records[1].run_id, records[0].run_id)
    assert index.spoken("churn", 1) == (records[1].run_id,)
