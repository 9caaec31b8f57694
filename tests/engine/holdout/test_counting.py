"""Looks are counted by the rows: of every problem of a store, withdrawn or not, and of every line of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.engine.holdout.test_file import look
from tests.store.store_samples import run_record

from bancada.engine.holdout import add_looks, looks_at
from bancada.records import Statement
from bancada.records.looks import HoldoutRows, Look
from bancada.store import Index, Store

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.records import RunRecord

HERE = HoldoutRows.of("d" * 64, 40, [number << 20 for number in range(40)])
ELSEWHERE = HoldoutRows.of("e" * 64, 40, [number << 20 for number in range(100, 140)])


def of_rows(number: int, rows: HoldoutRows = HERE) -> Look:
    return msgspec.structs.replace(look(number), holdout=rows)


def say(store: Store, run: RunRecord, kind: str, content: dict[str, object]) -> None:
    store.runs.say(run.problem.name, run.run_id, Statement(kind=kind, said="2026-11-23T10:00:00", content=content))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    found = Store.open(tmp_path / ".bancada", create=True)
    for letter, name in (("a", "churn"), ("b", "other")):
        run = run_record(letter)
        problem = msgspec.structs.replace(run.problem, name=name)
        found.runs.finish(msgspec.structs.replace(run, problem=problem))
    return found


def runs(store: Store) -> tuple[RunRecord, RunRecord]:
    found = [store.runs.read(*where) for where in store.runs.walk()]
    first, second = sorted((item.record for item in found if item is not None), key=lambda run: run.problem.name)
    return first, second


def test_looks_of_all_problems_and_of_the_file_are_united(store: Store, tmp_path: Path) -> None:
    one, other = runs(store)
    with_scores = msgspec.structs.replace(of_rows(1), flags=("of the store",))
    say(store, one, "look", msgspec.to_builtins(with_scores))
    say(store, other, "look", msgspec.to_builtins(of_rows(2)))
    say(store, other, "look", msgspec.to_builtins(of_rows(3, ELSEWHERE)))
    add_looks(tmp_path, [of_rows(1), of_rows(4)])
    index = Index(store, tmp_path / "cache")
    found = looks_at(HERE, index, tmp_path)
    assert [item.number for item in found.looks] == [1, 2, 4]
    # What the store tells of a look is more than its line does.
    assert found.looks[0] == with_scores
    assert [item.number for item in found.unlisted] == [2]
    assert found.warnings == ("1 look of the store not in `looks.toml`; the next look adds what is missing",)
    assert found.next_number == 5
    index.close()


def test_what_was_withdrawn_counts_and_what_cannot_be_read_does_not(store: Store, tmp_path: Path) -> None:
    one, _ = runs(store)
    say(store, one, "look", msgspec.to_builtins(of_rows(1)))
    say(store, one, "look", {"number": "seven"})
    say(store, one, "withdrawn", {})
    index = Index(store, tmp_path / "cache")
    assert [item.number for item in looks_at(HERE, index, tmp_path).looks] == [1]
    assert index.rebuild() == 2
    assert [item.number for item in looks_at(HERE, index, tmp_path).looks] == [1]
    index.close()


def test_numbers_that_two_branches_gave_alike_are_both_counted(store: Store, tmp_path: Path) -> None:
    add_looks(tmp_path, [of_rows(1), msgspec.structs.replace(of_rows(2), number=1)])
    index = Index(store, tmp_path / "cache")
    found = looks_at(HERE, index, tmp_path)
    assert (len(found.looks), found.next_number) == (2, 3)
    index.close()
