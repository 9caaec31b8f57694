"""Collecting removes what no record names, and nothing else."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.store.store_samples import fold_content, run_record

from bancada.exceptions import StoreError
from bancada.identity import canonical_json, digest
from bancada.records import FoldUse, RunRecord, Statement

if TYPE_CHECKING:
    from bancada.store import Store
    from bancada.store._collecting import Collected

DAY_S = 86_400
NOW = "2026-01-02T00:00:00+00:00"


def collect(store: Store, *, delete: bool = True, older_s: float = -1.0) -> Collected:
    return store.collect(before_s=time.time() - older_s, delete=delete)


def put(store: Store, seed: int) -> FoldUse:
    """Keep a fold of a key of its own."""
    key = digest({"seed": seed})
    content = fold_content(key)
    record = msgspec.structs.replace(content.record, ingredients={"seed": seed})
    store.folds.put(replace(content, record=record))
    return FoldUse(repeat=0, fold=0, key=key, status="done", content=record.content)


def finish(store: Store, letter: str, use: FoldUse, **provenance: str) -> RunRecord:
    record = msgspec.structs.replace(run_record(letter), folds=(use,), provenance=dict(provenance))
    store.runs.finish(record)
    return record


def say(store: Store, record: RunRecord, kind: str, **content: str) -> None:
    store.runs.say(record.problem.name, record.run_id, Statement(kind=kind, said=NOW, content=dict(content)))


def test_what_a_record_names_stays_and_what_none_names_goes(store: Store) -> None:
    environment = store.objects.put(b"packages")
    run = finish(store, "a", put(store, 1), environment=environment)
    say(store, run, "fit", object=store.objects.put(b"model"))
    stray, lost = put(store, 2), store.objects.put(b"lost")
    found = collect(store)
    assert (found.folds, found.objects, found.young) == (1, 1, 0)
    assert found.size_bytes > len(b"lost")
    assert not store.folds.place(stray.key, stray.content).exists()
    assert not store.folds.place(stray.key).parent.exists()
    assert not store.objects.has(lost)
    assert store.verify() == ()
    assert collect(store).folds == 0


def test_counting_removes_nothing(store: Store) -> None:
    stray = put(store, 1)
    assert collect(store, delete=False).folds == 1
    assert store.folds.place(stray.key, stray.content).is_dir()


def test_what_is_young_stays(store: Store) -> None:
    stray = put(store, 1)
    store.objects.put(b"lost")
    found = collect(store, older_s=DAY_S)
    assert (found.folds, found.objects, found.young) == (0, 0, 2)
    place = store.folds.place(stray.key, stray.content)
    os.utime(place, (0, time.time() - 2 * DAY_S))
    assert collect(store, older_s=DAY_S).folds == 1
    assert not place.exists()


def test_folds_of_a_withdrawn_run_go_unless_another_run_has_them(store: Store) -> None:
    shared, own = put(store, 1), put(store, 2)
    finish(store, "a", shared)
    again = finish(store, "b", shared)
    alone = finish(store, "c", own)
    for run in (again, alone):
        say(store, run, "withdrawn")
    assert collect(store).folds == 1
    assert store.folds.place(shared.key, shared.content).is_dir()
    assert not store.folds.place(own.key, own.content).exists()
    assert store.verify() == ()


def test_a_run_that_was_withdrawn_a_moment_ago_keeps_its_folds(store: Store) -> None:
    use = put(store, 1)
    run = finish(store, "a", use)
    say(store, run, "withdrawn")
    os.utime(store.folds.place(use.key, use.content), (0, 0))
    assert collect(store, older_s=DAY_S).folds == 0


def test_a_run_that_is_back_keeps_its_folds(store: Store) -> None:
    use = put(store, 1)
    run = finish(store, "a", use)
    say(store, run, "withdrawn")
    statement = Statement(kind="restored", said="2026-01-03T00:00:00+00:00", content={})
    store.runs.say("churn", run.run_id, statement)
    assert collect(store).folds == 0


def test_a_killed_run_keeps_what_its_journal_acknowledges(store: Store) -> None:
    use = put(store, 1)
    journal = store.runs.journal("churn", "z" * 26, "driver")
    journal.append(msgspec.json.encode({"event": "fold", **msgspec.to_builtins(use)}))
    journal.close()
    assert collect(store).folds == 0


def test_what_a_named_document_names_stays(store: Store) -> None:
    inner = store.objects.put(b"source")
    outer = store.objects.put(canonical_json({"sources": {"a.py": inner}}))
    finish(store, "a", put(store, 1), code=outer)
    assert collect(store).objects == 0
    assert store.objects.has(inner)


def test_what_a_record_of_a_newer_version_names_stays(store: Store) -> None:
    use = put(store, 1)
    run = finish(store, "a", use)
    path = store.runs.place("churn", run.run_id) / "run.json"
    path.write_bytes(path.read_bytes().replace(b"store.run/1", b"store.run/2"))
    assert collect(store).folds == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="for root every file can be read")
def test_where_a_record_cannot_be_read_nothing_goes(store: Store) -> None:
    stray = put(store, 1)
    run = finish(store, "a", put(store, 2))
    path = store.runs.place("churn", run.run_id) / "run.json"
    path.chmod(0)
    with pytest.raises(StoreError, match="nothing was removed"):
        collect(store)
    assert store.folds.place(stray.key, stray.content).is_dir()


def test_where_a_record_is_a_folder_nothing_goes(store: Store) -> None:
    stray = put(store, 1)
    (store.runs.place("churn", "y" * 26) / "run.json").mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be read"):
        collect(store)
    assert store.folds.place(stray.key, stray.content).is_dir()
