"""Rows of a holdout are read as a run has kept them, and missed quietly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from tests.store.store_samples import run_record

from bancada.engine.sealing import keep_rows, kept_rows
from bancada.records.looks import HoldoutRows
from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path


def test_what_was_kept_is_read_and_what_is_gone_is_none(tmp_path: Path) -> None:
    store = Store.open(tmp_path / ".bancada", create=True)
    rows = HoldoutRows.of("d", 3, [1 << 20, 2 << 20, 3 << 20])
    name = keep_rows(rows, store)
    assert keep_rows(None, store) is None
    bare = run_record("a")
    assert kept_rows(bare, store) is None
    for told, found in ((name, rows), ("0" * 64, None), (7, None)):
        assert kept_rows(msgspec.structs.replace(bare, provenance={"holdout": told}), store) == found
    other = store.objects.put(b"{}")
    assert kept_rows(msgspec.structs.replace(bare, provenance={"holdout": other}), store) is None
