"""An optimism is shown by the board that it is about, and by no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest

from bancada.judgement import current_board
from bancada.judgement._documents import ChoosingOptimism
from bancada.judgement.optimism import corrected, keep
from bancada.store import Index, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bancada.judgement import Leaderboard
    from bancada.records import RunRecord

    MakeRun = Callable[..., RunRecord]


@pytest.fixture
def index(tmp_path: Path, run_of: MakeRun) -> Iterator[Index]:
    store = Store.open(tmp_path / "store", create=True)
    for place, candidate in enumerate(("logistic", "forest")):
        store.runs.finish(run_of(candidate, np.linspace(0.7, 0.8, 15) + place / 100), durable=False)
    made = Index(store, tmp_path / "cache")
    yield made
    made.close()


def about(board: Leaderboard, **changes: Any) -> ChoosingOptimism:
    leader = board.rows[0]
    assert leader.value is not None
    found = ChoosingOptimism(
        run_id=leader.run_id,
        value=leader.value,
        optimism=0.01,
        corrected=leader.value - 0.01,
        compared=2,
        tried=board.tried,
        resamples=500,
        problem_id=board.problem_id,
        metric_id="m",
    )
    return msgspec.structs.replace(found, **changes)


def test_what_is_kept_is_shown_by_a_fresh_board_and_by_a_kept_one(index: Index) -> None:
    board = current_board(index, "churn")
    assert board.optimism is msgspec.UNSET
    found = about(board)
    keep(found, index, "churn")
    assert current_board(index, "churn").optimism == found
    assert current_board(index, "churn", every_claim=True).optimism == found
    assert current_board(index, "churn", every_claim=True).optimism == found


@pytest.mark.parametrize("changes", [{"run_id": "other"}, {"tried": 3}, {"value": 0.1}, {"problem_id": "other"}])
def test_another_leader_another_count_or_other_data_have_none(index: Index, changes: dict[str, Any]) -> None:
    board = current_board(index, "churn")
    keep(about(board, **changes), index, "churn")
    assert current_board(index, "churn").optimism is msgspec.UNSET


def test_a_board_by_another_metric_has_none(index: Index) -> None:
    board = current_board(index, "churn")
    keep(about(board), index, "churn")
    assert corrected(msgspec.structs.replace(board, primary=False), index).optimism is msgspec.UNSET


def test_one_more_claim_makes_it_stale(index: Index, run_of: MakeRun) -> None:
    keep(about(current_board(index, "churn")), index, "churn")
    index.store.runs.finish(run_of("third", np.linspace(0.5, 0.6, 15)), durable=False)
    assert current_board(index, "churn").optimism is msgspec.UNSET
