"""What killed processes left half-written is told apart from damage, and removed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.store.store_samples import run_record

from bancada.records import Statement
from bancada.store._files import host_name, own_name

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.store import Store


@pytest.fixture(scope="module")
def gone() -> str:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return f"{host_name()}-{ended.pid}-aaaaaaaa"


def places(store: Store) -> list[Path]:
    """Return every folder in which something is written aside."""
    record = run_record("a")
    store.runs.finish(record)
    store.runs.say("churn", record.run_id, Statement(kind="note", said="2026-01-01", content={}))
    run = store.runs.place("churn", record.run_id)
    folders = [store.root, run, run / "after", *(store.root / name for name in ("objects", "definitions", "schemas"))]
    for folder in folders:
        folder.mkdir(exist_ok=True)
    return folders


def test_leftovers_are_no_damage_and_can_be_removed(store: Store, gone: str) -> None:
    folders = places(store)
    before = [finding.what for finding in store.verify()]
    left = [folder / f".file.json~{gone}" for folder in folders]
    for path in left:
        path.write_text("half")
    (store.root / "aside" / gone / "files").mkdir(parents=True)
    assert set(store.leftovers()) == {*left, store.root / "aside" / gone}
    assert [finding.what for finding in store.verify()] == before
    assert store.clean() == len(left) + 1
    assert store.leftovers() == ()
    assert [finding.what for finding in store.verify()] == before


def test_what_is_written_just_now_or_elsewhere_is_no_leftover(store: Store, gone: str) -> None:
    for folder in places(store):
        (folder / f".file.json~{own_name()}").write_text("half")
        (folder / f".file.json~elsewhere-{gone}").write_text("half")
    assert store.leftovers() == ()
    assert store.clean() == 0


def test_a_link_among_the_leftovers_is_removed_and_not_followed(store: Store, gone: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("")
    (store.root / "objects").mkdir()
    (store.root / "objects" / f".x~{gone}").symlink_to(kept)
    assert store.clean() == 1
    assert (kept / "file").exists()
