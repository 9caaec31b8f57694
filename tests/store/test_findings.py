"""Verifying: a whole store has no finding, each kind of damage has one, and none is a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.store_samples import KEY, fold_content, run_record

from bancada.identity import digest
from bancada.records import Statement

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bancada.store import Store


def test_a_clean_store_verifies(store: Store) -> None:
    content = fold_content(key=KEY)
    store.folds.put(content)
    store.objects.put(b"x")
    store.runs.finish(run_record("a", content=content.record.content))
    assert store.verify() == ()


def test_every_alteration_is_found(store: Store) -> None:
    content = fold_content(key=KEY)
    store.folds.put(content)
    name = store.objects.put(b"x")
    record = run_record("a", content=content.record.content)
    store.runs.finish(record)
    (store.root / "objects" / name).write_bytes(b"y")
    other = fold_content(key=KEY, scores=(0.3, 0.4)).table
    path = store.folds.place(KEY, content.record.content) / "predictions.arrow"
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


def _statement(kind: str, content: dict[str, Any]) -> bytes:
    return msgspec.json.encode(Statement(kind=kind, said="2026-01-01", content=content))


def _write(path: Path, data: bytes = b"x") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


RUN = run_record("a").run_id
HARMS: list[tuple[str, Callable[[Path], object], str]] = [
    ("model", lambda run: _write(run / "after/fit-1.json", _statement("fit", {"object": "0" * 64})), "fitted on 2026"),
    ("scores", lambda run: _write(run / "after/score-1.json", _statement("score", {"scores": 1})), "cannot be read"),
    ("statement", lambda run: _write(run / "after/note-1.json"), "`after/note-1.json` cannot be read"),
    ("stray of a run", lambda run: _write(run / "copy.json"), f"runs/churn/{RUN}/copy.json: it is no part of a run"),
    ("stray after", lambda run: _write(run / "after/readme"), "after/readme: it is no part of a run"),
    ("stray run", lambda run: _write(run.parent / "readme"), "runs/churn/readme: it is no run"),
    ("stray problem", lambda run: _write(run.parents[1] / ".DS_Store"), "runs/.DS_Store: it is no problem's folder"),
    ("stray object", lambda run: _write(run.parents[2] / "objects/readme"), "objects/readme: it is no object"),
    ("stray shelf", lambda run: _write(run.parents[2] / "folds/readme"), "folds/readme: it is no fold"),
    ("stray content", lambda run: _write(run.parents[2] / "folds" / KEY[:2] / KEY / ".x" / "y"), ".x: it is no fold"),
    ("wrong shelf", lambda run: _write(run.parents[2] / "folds/zz/ab/cd/fold.json"), "folds/zz/ab: it is no fold"),
    ("stray snapshot", lambda run: _write(run.parents[2] / "definitions/readme"), "readme: it is no snapshot"),
    ("snapshot", lambda run: _write(run.parents[2] / "definitions/1.json"), "definitions/1.json: cannot be read"),
    ("deep record", lambda run: _write(run / "run.json", b"[" * 100_000), "run.json` is not"),
]


@pytest.mark.parametrize(("harm", "finding"), [item[1:] for item in HARMS], ids=[item[0] for item in HARMS])
def test_each_harm_is_the_one_finding(store: Store, harm: Callable[[Path], object], finding: str) -> None:
    content = fold_content()
    store.folds.put(content)
    record = run_record("a", content=content.record.content)
    store.runs.finish(record)
    assert store.verify() == ()
    harm(store.runs.place("churn", record.run_id))
    (found,) = store.verify()
    assert finding in found.what


@pytest.mark.parametrize(
    ("provenance", "finding"),
    [
        ({"environment": "0" * 64}, "its environment is missing"),
        ({"environment": None}, "its environment is missing"),
        ({"splits": {"0": "../store.json"}}, "the split of repeat 0 is missing"),
        ({"sources": {"churn.py": "0" * 64}}, "source `churn.py` is missing"),
    ],
)
def test_objects_that_a_run_names_are_there(store: Store, provenance: dict[str, Any], finding: str) -> None:
    store.runs.finish(msgspec.structs.replace(run_record("a"), provenance=provenance))
    assert [found.what for found in store.verify()] == [f"run r-a0000000: {finding}"]


def test_objects_that_are_there_are_no_finding(store: Store) -> None:
    name = store.objects.put(b"split")
    provenance = {"environment": name, "splits": {"0": name}, "sources": {"churn.py": name}}
    record = msgspec.structs.replace(run_record("a"), provenance=provenance)
    store.runs.finish(record)
    store.runs.say("churn", record.run_id, Statement(kind="fit", said="2026-01-01", content={"object": name}))
    assert store.verify() == ()


def test_what_an_environment_names_is_there(store: Store) -> None:
    kept = store.objects.put(b"wheel")
    fields = {"manager": "uv", "python": "3.11.7", "implementation": "CPython", "tag": "", "platform": ""}
    packages = [
        {"name": name, "version": "1", "origin": "kept", "kept": wheel}
        for name, wheel in (("there", kept), ("lost", "0" * 64))
    ]
    environment = {**fields, "packages": packages, "locks": {"uv.lock": "1" * 64, "pylock.toml": kept}}
    name = store.objects.put(msgspec.json.encode({**environment, "schema": "store.environment/1"}))
    store.runs.finish(msgspec.structs.replace(run_record("a"), provenance={"environment": name}))
    assert [found.what for found in store.verify()] == [
        "run r-a0000000: the wheel of `lost` in its environment is missing",
        "run r-a0000000: the lock `uv.lock` of its environment is missing",
    ]


def test_ingredients_give_the_key_and_the_evaluation(store: Store) -> None:
    content = fold_content(key=digest("other"))
    store.folds.put(content)
    record = run_record("a")
    evaluation = msgspec.structs.replace(record.evaluation, ingredients={"margin": 1})
    store.runs.finish(msgspec.structs.replace(record, evaluation=evaluation))
    findings = " | ".join(found.what for found in store.verify())
    assert "its ingredients were altered" in findings
    assert "its evaluation was altered" in findings


def test_a_fold_that_a_run_names_by_a_path_is_a_finding(store: Store) -> None:
    record = run_record("a", content="../../..")
    store.runs.finish(record)
    (found,) = store.verify()
    assert "repeat 0, fold 0: Found '../../..'" in found.what


def test_a_file_that_a_fold_lists_is_there(store: Store) -> None:
    content = fold_content()
    record = msgspec.structs.replace(content.record, files=("curve.txt",))
    store.folds.put(type(content)(record=record, table=content.table, train_scores={}))
    (found,) = store.verify()
    assert "its file 'curve.txt' is missing" in found.what


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_of_predictions_is_a_traceback(store: Store, data: st.DataObject) -> None:
    content = fold_content()
    store.folds.put(content)
    path = store.folds.place(KEY, content.record.content) / "predictions.arrow"
    whole = path.read_bytes()
    harmed = bytearray(whole)
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=4)):
        harmed[place] = data.draw(st.integers(0, 255))
    path.write_bytes(harmed[: data.draw(st.integers(0, len(whole)))])
    assert len(store.verify()) <= 1
