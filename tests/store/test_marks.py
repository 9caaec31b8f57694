"""Marks: they announce facts, and nothing but speed depends on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.store.store_samples import run_record

from bancada.records import Statement
from bancada.store._marks import leave_mark, mark_times, marked

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.store import Store


def test_every_fact_is_announced_under_the_first_character_of_its_run(store: Store) -> None:
    record = run_record("a")
    store.runs.finish(record)
    store.runs.say("churn", record.run_id, Statement(kind="note", said="2026-01-01", content={}))
    problem = str(store.runs.folder / "churn")
    assert set(mark_times(problem)) == {"a"}
    facts = marked(problem, "a")[record.run_id]
    (statement,) = store.runs.place("churn", record.run_id).joinpath("after").iterdir()
    assert sorted(facts) == sorted(["run.json", statement.name])


def test_a_mark_comes_before_its_fact(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt("killed")

    record = run_record("a")
    monkeypatch.setattr("bancada.store._runs.write_once", killed)
    with pytest.raises(KeyboardInterrupt, match="killed"):
        store.runs.finish(record)
    assert marked(str(store.runs.folder / "churn"), "a") == {record.run_id: ["run.json"]}


def test_marks_are_not_runs_and_no_damage(store: Store) -> None:
    store.runs.finish(run_record("a"))
    assert store.runs.ids("churn") == (run_record("a").run_id,)
    assert [finding.what for finding in store.verify() if "marks" in finding.what] == []


def test_where_marks_cannot_be_left_facts_are_written_all_the_same(store: Store) -> None:
    (store.runs.folder / "churn").mkdir(parents=True)
    (store.runs.folder / "churn" / "marks").write_text("no folder")
    record = run_record("a")
    store.runs.finish(record)
    stored = store.runs.read("churn", record.run_id)
    assert stored is not None
    assert stored.record == record


def test_names_that_no_run_has_are_passed_over(tmp_path: Path) -> None:
    leave_mark(str(tmp_path), "a" * 26, "run.json")
    shelf = tmp_path / "marks" / "a"
    for name in ("short", "a" * 26, "b" * 26 + ".run.json", ".hidden"):
        (shelf / name).touch()
    assert marked(str(tmp_path), "a") == {"a" * 26: ["run.json"]}
    assert marked(str(tmp_path), "z") == {}
    assert mark_times(str(tmp_path / "none")) == {}
