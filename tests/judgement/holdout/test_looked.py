"""A board says how often its holdout was looked at, and is stopped by nothing that it only counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.engine.holdout.test_file import look
from tests.store.store_samples import run_record

from bancada.engine.holdout import add_looks
from bancada.engine.sealing import keep_rows
from bancada.judgement import current_board
from bancada.judgement.holdout import looked_at, with_looks
from bancada.records.looks import HoldoutRows
from bancada.store import Index, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = HoldoutRows.of("d" * 64, 4, [number << 20 for number in range(4)])


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    store = Store.open(tmp_path / ".bancada", create=True)
    provenance = {"n_sealed": 4, "holdout": keep_rows(ROWS, store)}
    store.runs.finish(msgspec.structs.replace(run_record("a"), provenance=provenance))
    found = Index(store, tmp_path / "cache")
    yield found
    found.close()


def test_the_board_counts_looks(index: Index, tmp_path: Path) -> None:
    board = current_board(index, "churn")
    assert board.looks is msgspec.UNSET
    assert with_looks(board, index, tmp_path).looks == 0
    add_looks(tmp_path, [msgspec.structs.replace(look(1), holdout=ROWS)])
    assert with_looks(board, index, tmp_path).looks == 1
    (tmp_path / "looks.toml").write_text("broken")
    told = with_looks(board, index, tmp_path)
    assert (told.looks, told.notes[-1]) == (0, "line 1 of `looks.toml` cannot be read")
    (tmp_path / "looks.toml").write_text('schema = "bancada.looks/9"')
    assert (
        "looks at the holdout are not counted, because of `looks.toml`: "
        in with_looks(board, index, tmp_path).notes[-1]
    )


def test_runs_that_kept_no_rows_have_no_count(index: Index, tmp_path: Path) -> None:
    assert looked_at(run_record("b"), index, tmp_path) is None
