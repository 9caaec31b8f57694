"""Runs: written once, and what is said later joins them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import msgspec
import pytest
from tests.store.store_samples import run_record

from bancada.exceptions import NotFoundError, StoreError
from bancada.records import Statement
from bancada.store import Store


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
    with pytest.raises(NotFoundError, match=r"'r-ab' is of problem `churn`, not of `fraud`"):
        store.runs.resolve("r-ab", "fraud")


def test_unknown_fields_of_a_record_are_no_obstacle(store: Store) -> None:
    record = run_record("a")
    place = store.runs.place("churn", record.run_id)
    place.mkdir(parents=True)
    fields = msgspec.to_builtins(record) | {"later": {"version": 1}}
    (place / "run.json").write_bytes(msgspec.json.encode(fields))
    stored = store.runs.read("churn", record.run_id)
    assert stored is not None
    assert stored.record == record


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as two users")
def test_a_second_user_of_a_shared_store_can_finish_a_run_and_speak() -> None:
    record = run_record("a")
    with tempfile.TemporaryDirectory() as shared:
        root = Path(shared) / "store"
        store = Store.open(root, create=True)
        store.runs.finish(record)
        place = store.runs.place("churn", record.run_id)
        for folder in (root.parent, root, place.parent, place):
            folder.chmod(0o777)
        pid = os.fork()
        if pid == 0:
            try:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
                store.runs.finish(run_record("b"))
                store.runs.say("churn", record.run_id, Statement(kind="note", said="2026-01-01T00:00:00", content={}))
            except BaseException as error:  # noqa: BLE001 - told to the parent
                (root / "error").write_text(repr(error))
            os._exit(0)
        os.waitpid(pid, 0)
        assert not (root / "error").exists(), (root / "error").read_text()
        assert len(store.runs.ids("churn")) == 2
        assert len(list((place / "after").iterdir())) == 1


def test_speaking_of_a_run_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match=r"The store must be writable.*No such file"):
        store.runs.say("churn", "a" * 26, Statement(kind="note", said="2026-01-01T00:00:00", content={}))


@pytest.mark.parametrize("scores", [[{"metric": 1}], "none", {"a": 1}])
def test_scores_that_cannot_be_read_are_passed_over(store: Store, scores: object) -> None:
    record = run_record("a")
    store.runs.finish(record)
    said = Statement(kind="score", said="2026-01-01T00:00:00+00:00", content={"scores": scores})
    store.runs.say("churn", record.run_id, said)
    stored = store.runs.read("churn", record.run_id)
    assert stored is not None
    assert stored.scored() == record


def test_a_statement_that_cannot_be_read_is_passed_over(store: Store) -> None:
    record = run_record("a")
    store.runs.finish(record)
    after = store.runs.place("churn", record.run_id) / "after"
    after.mkdir()
    (after / "note-1.json").write_bytes(b"\xff")
    (after / "note-2.json").mkdir()
    stored = store.runs.read("churn", record.run_id)
    assert stored is not None
    assert stored.statements == ()


def test_a_record_that_is_no_file_is_told(store: Store) -> None:
    place = store.runs.place("churn", "a" * 26)
    (place / "run.json").mkdir(parents=True)
    with pytest.raises(StoreError, match=r"`.*run\.json` cannot be read: Is a directory"):
        store.runs.read("churn", "a" * 26)


def test_what_no_store_names_is_no_problem_and_no_run(store: Store) -> None:
    store.runs.finish(run_record("a"))
    (store.runs.folder / "my folder").mkdir()
    (store.runs.folder / "churn" / ("b" * 26)).write_text("")
    assert list(store.runs.walk()) == [("churn", run_record("a").run_id)]


@pytest.mark.parametrize(
    ("said", "grade"),
    [
        ([{"verdict": "identical"}], "reproduced"),
        ([{"verdict": "within-tolerance"}], "reproduced"),
        ([{"verdict": "diverged"}], "incomplete"),
        ([{"verdict": "impossible"}], "complete"),
        ([{"verdict": "identical"}, {"verdict": "diverged"}], "incomplete"),
        ([{"verdict": "diverged"}, {"verdict": "identical"}], "reproduced"),
        ([{"verdict": "identical"}, {"verdict": "impossible"}], "reproduced"),
        ([{"verdict": "identical", "current": ["code"]}], "complete"),
        ([{"verdict": "diverged", "current": ["environment"]}], "complete"),
        ([{"verdict": "identical"}, {"verdict": 3}], "reproduced"),
        ([{"verdict": "identical"}, {"verdict": "of a later version"}], "reproduced"),
    ],
)
def test_the_last_verdict_on_what_was_recorded_is_the_grade(
    store: Store, said: list[dict[str, object]], grade: str
) -> None:
    record = run_record("a")
    store.runs.finish(record)
    for second, content in enumerate(said):
        statement = Statement(kind="verdict", said=f"2026-01-01T00:00:0{second}+00:00", content=content)
        store.runs.say("churn", record.run_id, statement)
    stored = store.runs.read("churn", record.run_id)
    assert stored is not None
    evidence = stored.scored().evidence
    assert evidence.grade == grade
    assert ("it diverged when it was reproduced on 2026-01-01" in evidence.missing) == (grade == "incomplete")
