"""Boards and counts are kept for as long as nothing is written, and as the code that made them stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bancada.judgement import _references as references
from bancada.judgement import current_board, tried_beside
from bancada.store import Index, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bancada.records import RunRecord

    MakeRun = Callable[..., RunRecord]


@pytest.fixture
def index(tmp_path: Path, run_of: MakeRun) -> Iterator[Index]:
    store = Store.open(tmp_path / "store", create=True)
    for candidate in ("logistic", "forest"):
        store.runs.finish(run_of(candidate), durable=False)
    made = Index(store, tmp_path / "cache")
    yield made
    made.close()


def _forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "_standings", None)


def test_what_is_kept_is_not_computed_again(index: Index, run_of: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of("logistic")
    board, tried = current_board(index, "churn"), tried_beside(run, index)
    with monkeypatch.context() as patch:
        _forbid(patch)
        assert (current_board(index, "churn"), tried_beside(run, index)) == (board, tried)
    index.store.runs.finish(run_of("third"), durable=False)
    assert len(current_board(index, "churn").rows) == 3
    assert tried_beside(run, index) == tried + 1


def test_an_upgraded_bancada_makes_its_boards_anew(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    current_board(index, "churn")
    monkeypatch.setattr(references, "_code", lambda: [["_leaderboard.py", 1, 2]])
    _forbid(monkeypatch)
    with pytest.raises(TypeError, match="not callable"):
        current_board(index, "churn")


def test_the_code_is_told_by_its_files() -> None:
    names = {name for name, _, _ in references._code()}
    assert {"_leaderboard.py", "_standings.py", "_pairs.py", "_optimism.py", "_drift.py"} <= names
