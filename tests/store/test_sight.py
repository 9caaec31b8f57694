"""Sight: what changed in a problem's folder is noticed, and only that is looked at closely."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.store.store_samples import run_record

from bancada.records import Statement
from bancada.store import _sight
from bancada.store._sight import Sight, look

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from bancada.store import Store

NOTHING = Sight({}, "")


def _aged(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, ns=(10**18, 10**18))


def test_what_did_not_change_is_the_same_sight_without_a_closer_look(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = run_record("a")
    store.runs.finish(record)
    store.runs.say("churn", record.run_id, Statement(kind="note", said="2026-01-01", content={}))
    folder = store.runs.folder / "churn"
    _aged(folder)
    before = look(folder, NOTHING, ())
    with monkeypatch.context() as patch:
        patch.setattr(_sight, "_closely", None)
        assert look(folder, before, ()) is before
    assert look(folder, before, {record.run_id}) is before


def test_changes_within_one_tick_of_the_clock_are_seen(store: Store) -> None:
    record = run_record("a")
    store.runs.finish(record)
    folder = store.runs.folder / "churn"
    place = folder / record.run_id
    (place / "after").mkdir()
    stamps = set()
    for number in range(3):
        (place / "after" / f"note-{number}.json").write_text("{}")
        now = look(folder, NOTHING, ())
        times = [(path, path.stat().st_mtime_ns) for path in (place, place / "after")]
        (place / "after" / f"twin-{number}.json").write_text("{}")
        for path, time in times:
            os.utime(path, ns=(time, time))
        later = look(folder, now, ())
        stamps |= {now.stamp, later.stamp}
    assert len(stamps) == 6


def test_a_stamp_stands_for_content_and_not_for_times(store: Store) -> None:
    store.runs.finish(run_record("a"))
    folder = store.runs.folder / "churn"
    young = look(folder, NOTHING, ())
    (folder / run_record("a").run_id / "journal-x.jsonl").write_text("")
    assert look(folder, young, ()).stamp == young.stamp


def test_a_problem_without_a_folder_has_no_runs(tmp_path: Path) -> None:
    assert look(tmp_path / "none", NOTHING, ()).runs == {}
