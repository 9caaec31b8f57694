"""What came out, held against what was recorded: scores that answer one question, and all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.store.store_samples import run_record

from bancada.engine.runner import Result, ResultScore
from bancada.reproduction._judging import _scores

if TYPE_CHECKING:
    from bancada.records import RunRecord, Score


def _known(value: float, slice_id: str | None) -> RunRecord:
    run = run_record("a")
    (score,) = run.scores
    estimate = msgspec.structs.replace(score.estimate, value=value)
    sliced: Score = msgspec.structs.replace(score, slice="big", slice_id=slice_id, estimate=estimate, folds=())
    return msgspec.structs.replace(run, scores=(score, sliced))


def _found(value: float, slice_id: str | None) -> Result:
    folds = ((0, 0, 0.8),)
    return Result(
        run_id="a",
        scores=(
            ResultScore(metric="auc", metric_id="m", slice=None, value=0.8, folds=folds),
            ResultScore(metric="auc", metric_id="m", slice="big", slice_id=slice_id, value=value),
        ),
    )


@pytest.mark.parametrize(
    ("recorded", "found", "names"),
    [
        ("one", "one", ["big"]),
        # It was given other rows since, and the run was scored again.
        ("other", "one", []),
        # A run, or a runner, of before the rows of a slice were noted.
        (None, "one", ["big"]),
        ("one", None, ["big"]),
    ],
)
def test_a_score_on_a_slice_is_compared_while_it_means_the_same_rows(
    recorded: str | None, found: str | None, names: list[str]
) -> None:
    run, result = _known(0.7, recorded), _found(0.6, found)
    assert [score.slice for score in _scores(run, result)] == names
    assert _scores(_known(0.6, recorded), result) == ()


def test_a_fold_that_scores_otherwise_is_a_difference_under_an_equal_mean() -> None:
    (score,) = _found(0.6, None).scores[:1]
    told = msgspec.structs.replace(score, folds=((0, 0, 0.7),))
    (different,) = _scores(run_record("a"), Result(run_id="a", scores=(told,)))
    assert (different.metric, different.recorded, different.found) == ("auc", 0.8, 0.8)
