"""The store: what is acknowledged is kept, equal content is kept once, and every change is seen."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
import pytest
from tests.store.store_samples import fold_content, run_record

from bancada.exceptions import NotFoundError, StoreError
from bancada.records import Observed, Statement
from bancada.store import Index, Store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store", create=True)


def test_a_store_that_does_not_exist_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"Reading needs a store\. There is none at"):
        Store.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_a_store_keeps_its_id(store: Store) -> None:
    assert Store.open(store.root, create=True).id == store.id


def test_a_store_of_another_layout_is_refused(store: Store) -> None:
    (store.root / "store.json").write_text('{"schema": "store/9", "id": "x"}')
    with pytest.raises(StoreError, match=r"reads stores of layout `store/1`.*store/9"):
        Store.open(store.root, create=False)


def test_an_object_is_kept_once_under_its_digest(store: Store) -> None:
    name = store.objects.put(b"split")
    assert store.objects.put(b"split") == name
    assert store.objects.get(name) == b"split"
    assert len(list((store.root / "objects").iterdir())) == 1


def test_a_name_that_leads_out_of_the_store_is_refused(store: Store) -> None:
    for name in ("../store.json", "/etc/passwd", "a" * 63):
        with pytest.raises(StoreError, match="named by 64 hexadecimal digits"):
            store.objects.get(name)
    with pytest.raises(StoreError, match="Names in a store are letters"):
        store.runs.ids("../other")


def test_a_fold_is_found_while_its_observed_files_are_as_they_were(store: Store) -> None:
    content = fold_content(key="ab" * 32, observed=(Observed("lookup.csv", "1"),))
    assert store.folds.put(content)
    now = {"lookup.csv": "1"}
    found = store.folds.lookup("ab" * 32, now.get)
    assert found is not None
    assert found.content == content.record.content
    assert store.folds.lookup("cd" * 32, now.get) is None
    now = {"lookup.csv": "2"}
    assert store.folds.lookup("ab" * 32, now.get) is None
    now = {}
    assert store.folds.lookup("ab" * 32, now.get) is None


def test_equal_content_is_kept_once_and_other_content_beside_it(store: Store) -> None:
    assert store.folds.put(fold_content(key="ab" * 32))
    assert not store.folds.put(fold_content(key="ab" * 32, fit_s=9.0))
    assert store.folds.put(fold_content(key="ab" * 32, scores=(0.1, 0.9)))
    assert len(store.folds.entries("ab" * 32)) == 2


def test_stored_predictions_come_back_as_they_were(store: Store) -> None:
    content = fold_content(key="ab" * 32)
    store.folds.put(content)
    assert store.folds.predictions("ab" * 32, content.record.content).equals(content.table)
    assert store.folds.train_scores("ab" * 32, content.record.content) == {"m": 0.9}
    assert store.folds.log("ab" * 32, content.record.content) == ({"loss": 0.5},)


def test_a_fold_that_is_missing_is_said_to_be(store: Store) -> None:
    with pytest.raises(StoreError, match="The predictions of fold `abababababab…` cannot be read"):
        store.folds.predictions("ab" * 32, "0" * 64)


def test_a_finished_run_is_never_modified(store: Store) -> None:
    record = run_record("a")
    store.runs.finish(record)
    with pytest.raises(StoreError, match=r"A finished run is never modified\."):
        store.runs.finish(msgspec.structs.replace(record, seconds=9.0))
    stored = store.runs.read("churn", record.run_id)
    assert stored is not None
    assert stored.record == record


def test_a_run_without_result_is_not_finished(store: Store) -> None:
    journal = store.runs.journal("churn", "a" * 26, "driver")
    journal.append(b'{"event":"begin","candidate":"boosting"}')
    journal.close()
    assert store.runs.read("churn", "a" * 26) is None
    assert store.runs.ids("churn") == ("a" * 26,)
    assert store.runs.header("churn", "a" * 26)["candidate"] == "boosting"


def test_statements_are_read_in_the_order_in_which_they_were_said(store: Store) -> None:
    record = run_record("a")
    store.runs.finish(record)
    for second, kind in ((2, "withdrawn"), (1, "note")):
        said = f"2026-01-01T00:00:0{second}+00:00"
        store.runs.say("churn", record.run_id, Statement(kind=kind, said=said, content={"text": kind}))
    stored = store.runs.read("churn", record.run_id)
    assert stored is not None
    assert [statement.kind for statement in stored.statements] == ["note", "withdrawn"]
    assert stored.withdrawn


def test_scores_that_were_added_later_join_those_of_the_run(store: Store) -> None:
    record = run_record("a")
    store.runs.finish(record)
    late = msgspec.structs.replace(record.scores[0], metric="log_loss", metric_id="late")
    content = {"scores": msgspec.to_builtins((late,))}
    store.runs.say("churn", record.run_id, Statement(kind="score", said="2026-01-01T00:00:00+00:00", content=content))
    stored = store.runs.read("churn", record.run_id)
    assert stored is not None
    assert stored.scored().scores == (*record.scores, late)


def test_a_run_is_meant_by_a_unique_prefix(store: Store) -> None:
    for letter in ("ab", "ac"):
        store.runs.finish(run_record(letter))
    assert store.runs.resolve("r-ab") == ("churn", run_record("ab").run_id)
    with pytest.raises(NotFoundError, match=r"2 runs begin with 'r-a'\. Type more"):
        store.runs.resolve("r-a")
    with pytest.raises(NotFoundError, match=r"No run begins with 'r-zz'"):
        store.runs.resolve("r-zz")


def test_a_record_of_a_newer_version_stops_nothing(store: Store, tmp_path: Path) -> None:
    store.runs.finish(run_record("a"))
    place = store.runs.place("churn", "b" * 26)
    place.mkdir()
    (place / "run.json").write_text('{"schema": "store.run/2"}')
    index = Index(store, tmp_path / "cache")
    assert [run.run_id for run in index.runs("churn")] == [run_record("a").run_id]
    assert index.unreadable("churn") == (("b" * 26, f"`{place / 'run.json'}` is of `store.run/2`."),)


def test_unknown_fields_of_a_record_are_no_obstacle(store: Store) -> None:
    record = run_record("a")
    place = store.runs.place("churn", record.run_id)
    place.mkdir(parents=True)
    fields = msgspec.to_builtins(record) | {"later": {"version": 1}}
    (place / "run.json").write_bytes(msgspec.json.encode(fields))
    stored = store.runs.read("churn", record.run_id)
    assert stored is not None
    assert stored.record == record


def test_a_clean_store_verifies(store: Store) -> None:
    content = fold_content(key="ab" * 32)
    store.folds.put(content)
    store.objects.put(b"x")
    store.runs.finish(run_record("a", content=content.record.content))
    assert store.verify() == ()


def test_every_alteration_is_found(store: Store) -> None:
    content = fold_content(key="ab" * 32)
    store.folds.put(content)
    name = store.objects.put(b"x")
    record = run_record("a", content=content.record.content)
    store.runs.finish(record)
    (store.root / "objects" / name).write_bytes(b"y")
    other = fold_content(key="ab" * 32, scores=(0.3, 0.4)).table
    path = store.folds.place("ab" * 32, content.record.content) / "predictions.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, other.schema) as writer:
        writer.write_table(other)
    run = store.runs.place("churn", record.run_id) / "run.json"
    run.write_bytes(msgspec.json.encode(msgspec.structs.replace(record, claim={"seed": 9})))
    findings = " | ".join(finding.what for finding in store.verify())
    assert "its content was altered" in findings
    assert "predictions or observed files were altered" in findings
    assert "its claim was altered" in findings


def test_a_missing_fold_of_a_run_is_found(store: Store) -> None:
    store.runs.finish(run_record("a", content="0" * 64))
    assert [finding.what for finding in store.verify()] == ["run r-a0000000: repeat 0, fold 0 is missing"]


def test_two_stores_are_united_by_copying(store: Store, tmp_path: Path) -> None:
    other = Store.open(tmp_path / "other", create=True)
    for where, letter in ((store, "a"), (other, "b")):
        where.folds.put(fold_content(key="ab" * 32))
        where.runs.finish(run_record(letter, content=fold_content(key="ab" * 32).record.content))
    for part in ("folds", "runs"):
        shutil.copytree(other.root / part, store.root / part, dirs_exist_ok=True)
    assert len(store.runs.ids("churn")) == 2
    assert store.verify() == ()


def test_a_schema_is_remembered_once_for_each_name_and_version(store: Store) -> None:
    store.remember_schema("churn", "1", {"age": "int64"})
    store.remember_schema("churn", "1", {"age": "string"})
    assert store.schema_of("churn", "1") == {"age": "int64"}
    assert store.schema_of("churn", "2") is None


def test_a_snapshot_is_written_when_it_changed(store: Store) -> None:
    for second, snapshot in enumerate(({"n": 1}, {"n": 1}, {"n": 2})):
        store.definitions.write("/root", snapshot, f"2026-01-01T00:00:0{second}+00:00")
    assert store.definitions.current("/root") == {"n": 2}
    assert store.definitions.current("/elsewhere") is None
    assert len(list((store.root / "definitions").iterdir())) == 2


def test_a_store_that_cannot_be_written_says_so(store: Store) -> None:
    (store.root / "objects").write_text("a file where a folder must be")
    with pytest.raises(StoreError, match=r"The store must be writable.*Not a directory|File exists"):
        store.objects.put(b"x")
