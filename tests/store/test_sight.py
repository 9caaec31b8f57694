"""Sight: what changed in a problem's folder is noticed, and only that is looked at closely."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from tests.store.store_samples import run_record

from bancada.exceptions import StoreError
from bancada.records import Statement
from bancada.store import _sight
from bancada.store._marks import leave_mark
from bancada.store._sight import Seen, Sight, look

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bancada.store import Store
    from bancada.store._sight import Known


class Memory:
    """What was seen, in a dictionary."""

    def __init__(self) -> None:
        self.runs: dict[str, Seen] = {}
        self.sight = Sight()
        self.suspects: list[str] = []

    def seen(self, run_id: str) -> Seen | None:
        return self.runs.get(run_id)

    def ids(self) -> set[str]:
        return set(self.runs)

    def marks(self, shelf: str) -> dict[str, int]:
        return {run_id: seen.marks for run_id, seen in self.runs.items() if run_id.startswith(shelf)}

    def doubtful(self) -> Iterable[str]:
        return [*self.suspects, *(run_id for run_id, seen in self.runs.items() if not seen.changed)]

    def unfinished(self) -> Iterable[tuple[str, int, int]]:
        return [(run_id, seen.changed, seen.said) for run_id, seen in self.runs.items() if not seen.finished]

    def turn(self, count: int | None) -> Iterable[tuple[str, int, int]]:
        return [(run_id, seen.changed, seen.said) for run_id, seen in self.runs.items()][:count]

    def look(self, folder: Path, *, thorough: bool = False) -> bool:
        """Look, remember, and tell whether there was news."""
        news = look(folder, self.sight, self, thorough=thorough)
        if news is None:
            return False
        self.sight = news.sight
        for run_id, seen in news.runs.items():
            self.runs.pop(run_id, None)
            if seen is not None:
                self.runs[run_id] = seen
        return True


def _known(memory: Memory) -> Known:
    return memory


def _aged(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, ns=(10**18, 10**18))


def test_what_did_not_change_needs_no_closer_look(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    record = run_record("a")
    store.runs.finish(record)
    store.runs.say("churn", record.run_id, Statement(kind="note", said="2026-01-01", content={}))
    folder = store.runs.folder / "churn"
    _aged(folder)
    memory = Memory()
    assert memory.look(folder)
    with monkeypatch.context() as patch:
        patch.setattr(_sight, "_closely", None)
        assert not memory.look(folder)
        assert not memory.look(folder, thorough=True)
    memory.suspects = [record.run_id]
    assert not memory.look(folder)


def test_a_young_folder_whose_names_are_the_same_is_not_compared_name_by_name(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for letter in "ab":
        store.runs.finish(run_record(letter))
    folder = store.runs.folder / "churn"
    memory = Memory()
    assert memory.look(folder)
    assert not memory.sight.folder
    with monkeypatch.context() as patch:
        patch.setattr(memory, "ids", None)
        memory.look(folder)
    store.runs.finish(run_record("d"))
    assert memory.look(folder)
    assert set(memory.runs) == {run_record(letter).run_id for letter in "abd"}


@pytest.mark.parametrize("kind", ["file", "gone"])
def test_what_was_listed_and_was_no_run_yet_is_seen_under_the_same_name(
    store: Store, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_sight, "IN_TURN", 0)
    folder = store.runs.folder / "churn"
    store.runs.finish(run_record("a"))
    record = run_record("b")
    memory = Memory()
    if kind == "file":
        (folder / record.run_id).write_text("")
        memory.look(folder)
        (folder / record.run_id).unlink()
    else:
        (folder / record.run_id).mkdir()
        with monkeypatch.context() as patch:
            # It goes between its listing and the closer look.
            patch.setattr(_sight, "_closely", lambda *_: None)
            memory.look(folder)
        (folder / record.run_id).rmdir()
    assert record.run_id not in memory.runs
    (folder / record.run_id).mkdir()
    (folder / record.run_id / "run.json").write_text("{}")
    assert memory.look(folder)
    assert memory.runs[record.run_id].finished


@pytest.mark.parametrize("marked", [True, False])
def test_changes_within_one_tick_of_the_clock_are_seen(store: Store, marked: bool) -> None:
    record = run_record("a")
    store.runs.finish(record)
    folder = store.runs.folder / "churn"
    place = folder / record.run_id
    (place / "after").mkdir()
    memory = Memory()
    stamps = set()
    for number in range(3):
        for name in (f"note-{number}.json", f"twin-{number}.json"):
            watched = [folder, place, place / "after", folder / "marks" / "a"]
            times = [(path, path.stat().st_mtime_ns) for path in watched]
            if marked:
                leave_mark(str(folder), record.run_id, name)
            (place / "after" / name).write_text("{}")
            if name.startswith("twin"):
                for path, time in times:
                    os.utime(path, ns=(time, time))
            assert memory.look(folder)
            stamps.add(memory.sight.stamp)
    assert len(stamps) == 6


def test_a_stamp_stands_for_content_and_not_for_times_or_order(store: Store) -> None:
    folder = store.runs.folder / "churn"
    slow, quick = Memory(), Memory()
    for letter in "abc":
        store.runs.finish(run_record(letter))
        slow.look(folder)
    quick.look(folder)
    assert quick.sight.stamp == slow.sight.stamp
    (folder / run_record("a").run_id / "journal-x.jsonl").write_text("")
    quick.look(folder)
    assert quick.sight.stamp == slow.sight.stamp
    shutil.rmtree(folder / run_record("b").run_id)
    quick.look(folder)
    assert quick.sight.stamp != slow.sight.stamp
    store.runs.finish(run_record("c".replace("c", "d")))
    slow.look(folder)
    quick.look(folder)
    assert quick.sight.stamp == slow.sight.stamp


def test_a_mark_whose_fact_is_still_to_come_is_looked_after(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_sight, "IN_TURN", 0)
    record = run_record("a")
    store.runs.finish(record)
    folder = store.runs.folder / "churn"
    (folder / record.run_id / "after").mkdir()
    leave_mark(str(folder), record.run_id, "note-late.json")
    _aged(folder)
    memory = Memory()
    memory.look(folder)
    assert memory.runs[record.run_id].marks == -1
    before = memory.sight.stamp
    (folder / record.run_id / "after" / "note-late.json").write_text("{}")
    _aged(folder)
    memory.look(folder)
    assert memory.sight.stamp != before
    assert memory.runs[record.run_id].marks == 2
    assert not memory.look(folder)


def test_marks_that_were_copied_before_their_runs_hide_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sight, "IN_TURN", 0)
    record = run_record("a")
    folder = store.runs.folder / "churn"
    place = folder / record.run_id
    memory = Memory()
    leave_mark(str(folder), record.run_id, "run.json")
    leave_mark(str(folder), record.run_id, "note-1.json")
    for made in (place, place / "after"):
        _aged(folder)
        memory.look(folder)
        assert memory.sight.stamp == "0" or not memory.runs[record.run_id].finished
        made.mkdir()
    (place / "run.json").write_text("{}")
    os.utime(folder, ns=(10**18 + 1, 10**18 + 1))
    memory.look(folder)
    assert memory.runs[record.run_id].finished
    assert memory.runs[record.run_id].marks == -1
    (place / "after" / "note-1.json").write_text("{}")
    memory.look(folder)
    assert memory.runs[record.run_id].marks == 2


def test_a_clock_that_was_put_back_costs_looks_and_hides_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    record = run_record("a")
    store.runs.finish(record)
    folder = store.runs.folder / "churn"
    memory = Memory()
    with monkeypatch.context() as patch:
        patch.setattr("bancada.store._sight.time.time_ns", lambda: 10**18)
        memory.look(folder)
        assert memory.runs[record.run_id].changed == 0, "written in what is the future now: it may change again"
        store.runs.say("churn", record.run_id, Statement(kind="note", said="2026-01-01", content={}))
        before = memory.sight.stamp
        assert memory.look(folder)
        assert memory.sight.stamp != before


def test_a_problem_without_a_folder_has_no_runs(tmp_path: Path) -> None:
    memory = Memory()
    memory.look(tmp_path / "none")
    assert memory.runs == {}


def test_what_cannot_be_seen_is_not_gone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.runs.finish(run_record("a"))
    folder = store.runs.folder / "churn"
    memory = Memory()
    memory.look(folder)

    def refused(path: str, **_: object) -> os.stat_result:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("bancada.store._sight.os.stat", refused)
    with pytest.raises(StoreError, match=r"must be readable.*Permission denied"):
        memory.look(folder)
    assert set(memory.runs) == {run_record("a").run_id}
