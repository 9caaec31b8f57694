"""How far predictions may lie apart and still count as the same, for each built-in task."""

from __future__ import annotations

import math
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.contracts import TolerantTask
from bancada.tasks import Binary, Forecast, Multiclass, Multilabel, Quantile, Ranking, Regression, Text

NUMBERS = pa.table({"value": [0.0, 10.0]})
FEW = st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=5)


def _binary() -> tuple[Any, pa.Table, pa.Table]:
    task = Binary().resolve(pa.table({"y": [0, 1]}))
    return task, task.truth(pa.table({"y": [0, 1]})), pa.table({"score": [0.0, 4.0], "probability": [0.0, 1.0]})


def test_a_probability_may_be_off_by_a_millionth_and_a_score_by_one_of_its_spread() -> None:
    task, truth, predictions = _binary()
    assert isinstance(task, TolerantTask)
    assert task.tolerances(truth, predictions) == {"score": 2e-6, "probability": 1e-6}


def test_labels_are_exact() -> None:
    task, truth, predictions = _binary()
    told = task.tolerances(truth, predictions.append_column("label", pa.array([True, False])))
    assert "label" not in told


def test_classes_have_a_probability_each() -> None:
    target = pa.table({"y": ["a", "b", "c"]})
    task: Any = Multiclass().resolve(target)
    predictions = pa.table({"probability_a": [1.0], "label": pa.array(["a"]).dictionary_encode()})
    assert task.tolerances(task.truth(target), predictions) == {"probability_a": 1e-6}


def test_labels_of_a_row_have_a_probability_and_a_score_each() -> None:
    target = pa.table({"x": [True, False], "y": [False, True]})
    task: Any = Multilabel().resolve(target)
    predictions = pa.table({"probability_x": [0.1, 0.2], "score_y": [1.0, 3.0], "label_x": [True, True]})
    assert task.tolerances(task.truth(target), predictions) == {"probability_x": 1e-6, "score_y": 1e-6}


@pytest.mark.parametrize(
    ("task", "columns"),
    [(Regression(), ["value"]), (Forecast(), ["value"]), (Quantile((0.1, 0.9)), ["q_0.1", "q_0.9"])],
)
def test_a_number_may_be_off_by_a_millionth_of_the_truth_s_deviation(task: Any, columns: list[str]) -> None:
    assert task.tolerances(NUMBERS, NUMBERS) == pytest.approx(dict.fromkeys(columns, 5e-6))


def test_a_rank_may_be_off_by_a_millionth_of_the_scores_deviation() -> None:
    assert Ranking("query").tolerances(NUMBERS, pa.table({"score": [2.0, 4.0]})) == {"score": 1e-6}


def test_texts_are_exact() -> None:
    assert not isinstance(Text(), TolerantTask)


@given(truth=FEW, predicted=FEW)
def test_no_tolerance_is_negative_infinite_or_nan(truth: list[float], predicted: list[float]) -> None:
    told = Regression().tolerances(pa.table({"value": truth}), pa.table({"value": predicted}))
    told = {**told, **Ranking("q").tolerances(pa.table({"value": truth}), pa.table({"score": predicted}))}
    assert all(0 <= value < math.inf for value in told.values())
