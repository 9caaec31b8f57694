"""The index: always what the store says, whoever wrote it, and disposable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.store.store_samples import run_record

from bancada.records import Statement
from bancada.store import Index, Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store", create=True)


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
    index.refresh("churn")
    index.keep_view("churn", "board", b"document")
    assert index.view("churn", "board") == b"document"
    assert index.view("churn", "other") is None
    store.runs.finish(run_record("b"))
    assert index.view("churn", "board") is None


def test_a_broken_index_is_made_anew(index: Index, store: Store) -> None:
    store.runs.finish(run_record("a"))
    assert names(index) == ["candidate-a"]
    index.close()
    index.path.write_bytes(b"this is no database" * 100)
    assert names(index) == ["candidate-a"]


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
