"""Snapshots of definitions: written when they change; a lost one stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bancada.store import Store


def test_a_snapshot_is_written_when_it_changed(store: Store) -> None:
    for second, snapshot in enumerate(({"n": 1}, {"n": 1}, {"n": 2})):
        store.definitions.write("/root", snapshot, f"2026-01-01T00:00:0{second}+00:00")
    assert store.definitions.current("/root") == {"n": 2}
    assert store.definitions.current("/elsewhere") is None
    assert len(list((store.root / "definitions").iterdir())) == 2


def test_a_snapshot_that_was_lost_or_damaged_is_none(store: Store) -> None:
    store.definitions.write("/root", {"n": 1}, "2026-01-01T00:00:00+00:00")
    (path,) = (store.root / "objects").iterdir()
    for harm in (lambda: path.write_bytes(b"{}"), path.unlink):
        harm()
        assert store.definitions.current("/root") is None
    assert store.verify()[0].what.endswith("its snapshot is missing")
    store.definitions.write("/root", {"n": 1}, "2026-01-01T00:00:01+00:00")
    assert store.definitions.current("/root") == {"n": 1}
