"""Forgetting cuts rows out of all that is stored, and says so."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
import pytest
from tests.store.store_samples import KEY, fold_content, run_record

from bancada.exceptions import StoreError
from bancada.records import DatasetIdentity, FoldUse, Statement

if TYPE_CHECKING:
    from bancada.store import Forgotten, Store

NOW = "2026-01-02T00:00:00+00:00"


def forget(store: Store, *ids: str, dry: bool = False) -> Forgotten:
    return store.forget(ids, NOW, dry=dry)


def nothing(_: str) -> None:
    """Know no file."""


def table(*ids: int | str) -> bytes:
    """Return a split table of these ids, as objects hold them."""
    sink = io.BytesIO()
    found = pa.table({"id": ids, "fold": [0] * len(ids)})
    with pa.ipc.new_stream(sink, found.schema) as writer:
        writer.write_table(found)
    return sink.getvalue()


@pytest.fixture
def kept(store: Store) -> FoldUse:
    content = fold_content()
    store.folds.put(content)
    use = FoldUse(repeat=0, fold=0, key=KEY, status="done", content=content.record.content)
    split = store.objects.put(table(1, 2))
    record = msgspec.structs.replace(run_record("a"), folds=(use,), provenance={"splits": {"0": split}})
    store.runs.finish(record)
    return use


def test_predictions_and_split_tables_lose_the_rows_and_all_digests_hold(store: Store, kept: FoldUse) -> None:
    found = forget(store, "2", "7")
    assert (found.ids, found.found, found.folds, found.rows, len(found.objects)) == (2, 1, 1, 1, 1)
    assert store.folds.predictions(kept.key, kept.content or "").column("id").to_pylist() == [1]
    assert not store.objects.has(found.objects[0])
    assert store.verify() == ()
    for path in store.root.rglob("*.arrow"):
        assert b"\x02\x00\x00\x00\x00\x00\x00\x00" not in path.read_bytes()


def test_a_fold_that_lost_rows_answers_no_lookup_and_is_computed_anew(store: Store, kept: FoldUse) -> None:
    assert store.folds.lookup(kept.key, nothing) is not None
    forget(store, "2")
    assert store.folds.lookup(kept.key, nothing) is None
    assert store.folds.put(fold_content())
    assert store.folds.lookup(kept.key, nothing) is not None


def test_forgetting_again_does_no_harm(store: Store, kept: FoldUse) -> None:
    forget(store, "2")
    again = forget(store, "2")
    assert (again.found, again.folds, again.objects) == (0, 0, ())
    assert forget(store, "1").rows == 1
    assert store.folds.predictions(kept.key, kept.content or "").num_rows == 0
    assert store.verify() == ()


def test_counting_changes_nothing(store: Store, kept: FoldUse) -> None:
    before = {path: path.read_bytes() for path in store.root.rglob("*") if path.is_file()}
    found = forget(store, "2", dry=True)
    assert (found.rows, len(found.objects)) == (1, 1)
    assert {path: path.read_bytes() for path in store.root.rglob("*") if path.is_file()} == before
    assert kept.content is not None


def test_what_was_forgotten_is_kept_as_counts_and_names_nobody(store: Store, kept: FoldUse) -> None:
    content = fold_content("ab" * 32)
    named = pa.table({"id": ["ana@example.org", "rui"], "repeat": [0, 0], "fold": [0, 0], "score": [0.1, 0.2]})
    store.folds.put(replace(content, table=named))
    forget(store, "ana@example.org")
    for path in store.root.rglob("*"):
        assert not path.is_file() or b"ana@example" not in path.read_bytes()
    (said,) = (store.root / "forgotten").iterdir()
    assert msgspec.json.decode(said.read_bytes())["schema"] == "store.forgotten/1"
    assert kept.content is not None


def test_logs_files_and_models_are_counted_for_they_are_not_looked_into(store: Store, kept: FoldUse) -> None:
    model = store.objects.put(b"model")
    store.runs.say("churn", run_record("a").run_id, Statement(kind="fit", said=NOW, content={"object": model}))
    found = forget(store, "2")
    assert (found.artifacts, found.models) == (1, 1)  # the log that `fold_content` brings, and the model
    assert kept.content is not None


def test_killed_between_the_two_files_the_fold_is_healed_by_forgetting_again(
    store: Store, kept: FoldUse, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if target.name == "predictions.arrow":
            raise KeyboardInterrupt(target.name)
        return replaced(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt, match=r"predictions\.arrow"):
            forget(store, "2")
    assert store.folds.lookup(kept.key, nothing) is None
    assert len(store.verify()) == 1
    assert forget(store, "2").rows == 1
    assert store.verify() == ()


def test_a_damaged_fold_is_named_for_nobody_knows_whom_it_holds(store: Store, kept: FoldUse) -> None:
    path = store.folds.place(kept.key, kept.content) / "predictions.arrow"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(StoreError, match="Rows can be cut out of folds that can be read"):
        forget(store, "2")


def test_objects_that_are_no_tables_of_ids_stay(store: Store) -> None:
    sink = io.BytesIO()
    other = pa.table({"name": ["2"]})
    with pa.ipc.new_stream(sink, other.schema) as writer:
        writer.write_table(other)
    objects = [store.objects.put(data) for data in (sink.getvalue(), b"\xff\xff\xff\xffbroken", b"2\n")]
    assert forget(store, "2").objects == ()
    assert all(map(store.objects.has, objects))


IDENTITY = DatasetIdentity(name="churn", version="1", table="d" * 64, n_rows=2, columns=(), id="customer")


def snapshot(store: Store, folder: Path, **columns: list[int] | list[str]) -> str:
    """Keep a table as a snapshot, as `bancada data lock --snapshot` does."""
    found = pa.table(columns)
    with pa.ipc.new_file(str(folder / "t.arrow"), found.schema) as writer:
        writer.write_table(found)
    return store.objects.put_file(folder / "t.arrow")


def test_snapshots_and_digests_of_rows_that_hold_an_id_are_removed_and_excused(store: Store, tmp_path: Path) -> None:
    sink = io.BytesIO()
    digests = pa.table({"id": ["a", "b"], "digest": [1, 2]}).replace_schema_metadata({"bancada.rows": "{}"})
    with pa.ipc.new_stream(sink, digests.schema) as writer:
        writer.write_table(digests)
    rows, recipe = store.objects.put(sink.getvalue()), store.objects.put(b"{}")
    kept = snapshot(store, tmp_path, customer=["a", "b"], spend=[1, 2])
    store.data.say(IDENTITY, NOW, recipe=recipe, rows=rows, snapshot=kept)
    other = snapshot(store, tmp_path, customer=["c"], spend=[1])
    store.data.say(msgspec.structs.replace(IDENTITY, table="e" * 64), NOW, recipe=recipe, rows=None, snapshot=other)
    away = "s3://bucket/x.arrow"
    store.data.say(msgspec.structs.replace(IDENTITY, table="f" * 64), NOW, recipe=recipe, rows=None, snapshot=away)
    dry = forget(store, "a", dry=True)
    assert store.objects.has(rows)
    assert store.objects.has(kept)
    found = forget(store, "a")
    assert (found.row_tables, found.snapshots, found.elsewhere, found.found) == (1, 1, 1, 1)
    assert set(dry.objects) == set(found.objects) == {rows, kept}
    assert not store.objects.has(rows)
    assert not store.objects.has(kept)
    assert store.objects.has(other)
    assert store.verify() == ()


def test_a_snapshot_of_numbered_rows_is_known_by_its_numbers(store: Store, tmp_path: Path) -> None:
    kept = snapshot(store, tmp_path, spend=[1, 2])
    numbered = msgspec.structs.replace(IDENTITY, id=None)
    store.data.say(numbered, NOW, recipe=store.objects.put(b"{}"), rows=None, snapshot=kept)
    assert forget(store, "2").snapshots == 0
    assert forget(store, "1").snapshots == 1
