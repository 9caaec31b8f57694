"""Records are there at once, and on the disk when the sweep has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.store.store_samples import run_record

from bancada.engine._writing import RunWriter
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_every_record_is_written_at_once_and_synced_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store.open(tmp_path / "store", create=True)
    synced: list[str] = []
    monkeypatch.setattr(store.runs, "sync", lambda runs: synced.extend(run_id for _, run_id in runs))
    writer = RunWriter(store)
    records = [run_record(letter) for letter in "abc"]
    for record in records:
        writer.write(record)
        assert store.runs.read("churn", record.run_id) is not None
    assert synced == []
    writer.close()
    assert synced == [record.run_id for record in records]
    writer.close()
    assert len(synced) == 3
