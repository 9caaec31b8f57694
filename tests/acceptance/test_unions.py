"""Stores that are united by copying files, written by several versions, or by many processes at once."""

from __future__ import annotations

import multiprocessing
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.store.store_samples import KEY, fold_content, run_record

from bancada.exceptions import StoreError
from bancada.identity import digest
from bancada.judgement import current_board
from bancada.records import Estimate, FoldScore, RunRecord, Statement
from bancada.store import Index, Store, random_name

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = Path(__file__).parents[1] / "store" / "samples"
PARTS = ("folds", "runs", "objects", "schemas", "definitions")


def said(kind: str, day: int, **content: Any) -> Statement:
    return Statement(kind=kind, said=f"2026-02-{day:02d}T00:00:00+00:00", content=content)


def finished(store: Store, letter: str, value: float, *, scores: tuple[float, float] = (0.2, 0.8)) -> RunRecord:
    """Store a fold and a run of it."""
    content = fold_content(scores=scores)
    store.folds.put(content)
    record = run_record(
        letter, content=content.record.content, started=f"2026-01-01T00:00:{ord(letter) % 60:02d}+00:00"
    )
    score = msgspec.structs.replace(
        record.scores[0], estimate=Estimate(value=value), folds=(FoldScore(repeat=0, fold=0, value=value),)
    )
    record = msgspec.structs.replace(record, scores=(score,))
    store.runs.finish(record, durable=False)
    return record


def copied(source: Store, target: Store) -> None:
    """Copy one store over another, as people do."""
    for part in PARTS:
        if (source.root / part).exists():
            shutil.copytree(source.root / part, target.root / part, dirs_exist_ok=True)


def facts(store: Store) -> dict[str, bytes]:
    """Return every file of a store but its own name, by path."""
    paths = (path for part in PARTS for path in (store.root / part).rglob("*"))
    return {str(path.relative_to(store.root)): path.read_bytes() for path in paths if path.is_file()}


def board(store: Store, cache: Path) -> bytes:
    index = Index(store, cache)
    try:
        return msgspec.json.encode(current_board(index, "churn", every_claim=True, top=None))
    finally:
        index.close()


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Store, Store]:
    """Make two stores of one origin that went their own ways."""
    one, other = (Store.open(tmp_path / name, create=True) for name in ("one", "other"))
    origin = finished(one, "a", 0.8)
    finished(one, "b", 0.7)
    copied(one, other)
    finished(one, "c", 0.75)
    finished(other, "d", 0.85, scores=(0.3, 0.7))
    one.runs.say("churn", origin.run_id, said("note", 1, text="looks odd"))
    other.runs.say("churn", origin.run_id, said("note", 1, text="looks fine"))
    other.runs.say("churn", run_record("b").run_id, said("withdrawn", 2))
    late = msgspec.structs.replace(origin.scores[0], metric="late", metric_id="late")
    one.runs.say("churn", origin.run_id, said("score", 3, scores=msgspec.to_builtins((late,))))
    one.objects.put(b"one")
    other.objects.put(b"other")
    one.definitions.write("/project", {"problems": []}, "2026-01-01T00:00:00+00:00")
    other.definitions.write("/project", {"problems": [], "candidates": []}, "2026-01-02T00:00:00+00:00")
    one.remember_schema("churn", "1", {"a": "int64"})
    return one, other


def test_a_union_is_a_union_of_facts_in_either_order_and_twice(pair: tuple[Store, Store], tmp_path: Path) -> None:
    one, other = pair
    both = facts(one) | facts(other)
    before = board(one, tmp_path / "cache-one"), board(other, tmp_path / "cache-other")
    assert before[0] != before[1]
    for source, target in ((one, other), (other, one), (one, other), (other, one)):
        copied(source, target)
        assert facts(target) == both
    assert board(one, tmp_path / "cache-one") == board(other, tmp_path / "cache-other")
    assert board(one, tmp_path / "cache-one") == board(one, tmp_path / "cache-new")
    assert one.verify() == other.verify() == ()
    stored = one.runs.read("churn", run_record("a").run_id)
    assert stored is not None
    assert sorted(statement.kind for statement in stored.statements) == ["note", "note", "score"]
    assert len(stored.scored().scores) == 2
    gone = one.runs.read("churn", run_record("b").run_id)
    assert gone is not None
    assert gone.withdrawn
    assert one.definitions.current("/project") == {"problems": [], "candidates": []}


def test_folds_of_one_key_are_both_kept_where_they_differ_and_once_where_not(pair: tuple[Store, Store]) -> None:
    one, other = pair
    assert not one.folds.contradicted(KEY)
    copied(other, one)
    assert len(one.folds.entries(KEY)) == 2
    assert one.folds.contradicted(KEY)
    alike = fold_content(fit_s=99.0)
    assert not one.folds.put(alike)
    assert [entry.fit_s for entry in one.folds.entries(KEY)] == [0.1, 0.1], "what is there stays"
    assert one.verify() == ()


def _newer(store: Store) -> list[str]:
    """Write what a later version may write; return the ids of the runs that this one cannot read."""
    record = finished(store, "e", 0.81)
    path = store.runs.place("churn", record.run_id) / "run.json"
    document = msgspec.json.decode(path.read_bytes())
    for part in (document, document["problem"], document["scores"][0], document["folds"][0], document["evidence"]):
        part["novel"] = {"deep": [1, 2]}
    path.write_bytes(msgspec.json.encode(document))
    after = path.parent / "after"
    after.mkdir()
    for name, statement in {
        "signed-1": {"schema": "store.statement/1", "kind": "signed", "said": "2026-03-01", "content": {"by": "x"}},
        "note-2": {"schema": "store.statement/1", "kind": "note", "said": "2026-03-01", "content": {}, "novel": 1},
        "score-3": {"schema": "store.statement/2", "said_at": 1},
    }.items():
        (after / f"{name}.json").write_bytes(msgspec.json.encode(statement))
    newest = store.runs.place("churn", "z" * 26)
    newest.mkdir()
    (newest / "run.json").write_text('{"schema": "store.run/2", "what": "ever"}')
    fold = next(store.folds.place(KEY).iterdir())
    other = store.folds.place(KEY, "f" * 64)
    shutil.copytree(fold, other)
    (other / "fold.json").write_text('{"schema": "store.fold/2"}')
    (store.root / "store.json").write_text(f'{{"schema": "store/1", "id": "{store.id}", "features": ["novel"]}}')
    (store.root / "attic").mkdir()
    (store.root / "attic" / "novel").write_text("")
    (store.root / "leases").mkdir()
    (store.root / "leases" / "elsewhere-1-aaaaaaaa").write_text('{"schema": "store.lease/2"}')
    (store.root / "definitions").mkdir(exist_ok=True)
    (store.root / "definitions" / "20300101T000000-0123456789ab.json").write_text('{"schema": "store.definitions/2"}')
    return ["z" * 26]


def test_what_a_newer_version_wrote_is_read_on_listed_and_left_as_it_is(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    finished(store, "a", 0.8)
    unreadable = _newer(store)
    before = facts(store)
    store = Store.open(store.root, create=True)
    index = Index(store, tmp_path / "cache")
    assert [run.candidate for run in index.runs("churn")] == ["candidate-a", "candidate-e"]
    assert [run_id for run_id, _ in index.unreadable("churn")] == unreadable
    assert len(current_board(index, "churn").rows) == 2
    assert len(store.folds.entries(KEY)) == 1
    store.definitions.write("/project", {"problems": []}, "2026-01-01T00:00:00+00:00")
    assert store.definitions.current("/project") == {"problems": []}
    store.runs.say("churn", run_record("e").run_id, said("note", 1))
    finished(store, "g", 0.82)
    assert len(index.runs("churn")) == 3
    index.close()
    findings = [finding.what for finding in store.verify()]
    assert any("store.run/2" in text for text in findings)
    assert any("score-3.json" in text for text in findings)
    assert not any("attic" in text or "lease" in text for text in findings)
    now = facts(store)
    assert {path: now[path] for path in before} == before


def test_a_store_of_a_newer_layout_is_refused_whole(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store", create=True)
    (store.root / "store.json").write_text(f'{{"schema": "store/2", "id": "{store.id}"}}')
    with pytest.raises(StoreError, match=r"reads stores of layout `store/1`.*`store/2`.*Upgrade bancada"):
        Store.open(store.root, create=True)


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.iterdir()))
def test_stores_of_older_versions_stay_readable(sample: str, tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / sample, tmp_path / "store")
    store = Store.open(tmp_path / "store", create=False)
    index = Index(store, tmp_path / "cache")
    shown = current_board(index, "churn")
    assert [(row.candidate, row.value) for row in shown.rows] == [("candidate-b", 0.9), ("candidate-a", 0.8)]
    assert store.verify() == ()
    assert store.folds.predictions(KEY, store.folds.entries(KEY)[0].content).num_rows == 2
    stored = store.runs.read("churn", run_record("a").run_id)
    assert stored is not None
    assert [statement.kind for statement in stored.statements] == ["note"]
    finished(store, "c", 0.95)
    assert len(current_board(index, "churn").rows) == 3
    index.close()


def _write(root: str, letter: str, count: int) -> None:
    store = Store.open(Path(root), create=True)
    record = run_record("a")
    for number in range(count):
        run_id = random_name()
        claim = {"seed": 0, "letter": letter, "number": number}
        store.folds.put(fold_content(scores=(0.2, 0.8)))
        content = fold_content().record.content
        folds = (msgspec.structs.replace(record.folds[0], content=content),)
        mine = msgspec.structs.replace(record, run_id=run_id, claim=claim, claim_id=digest(claim), folds=folds)
        store.runs.finish(mine, durable=False)
        store.runs.say("churn", run_id, said("note", 1, text=letter))
        store.objects.put(b"shared")
        store.objects.put(f"{letter}{number}".encode())


def test_sixteen_processes_write_one_store_at_once(tmp_path: Path) -> None:
    root = tmp_path / "store"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write, args=(str(root), f"w{number}", 12)) for number in range(16)]
    for writer in writers:
        writer.start()
    index = None
    while any(writer.is_alive() for writer in writers):
        # A reader looks on meanwhile, and never sees half of anything.
        if (root / "store.json").exists():
            index = index or Index(Store.open(root, create=False), tmp_path / "cache")
            assert index.unreadable("churn") == ()
            index.refresh("churn")
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    store = Store.open(root, create=False)
    found = Index(store, tmp_path / "cache")
    assert len(found.runs("churn")) == 16 * 12
    assert all(run is not None and len(run.statements) == 1 for run in map(_reader(store), store.runs.ids("churn")))
    assert store.verify() == ()
    assert store.leftovers() == ()
    found.close()
    if index is not None:
        index.close()


def _reader(store: Store) -> Callable[[str], Any]:
    return lambda run_id: store.runs.read("churn", run_id)
