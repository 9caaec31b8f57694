"""Tasks as records tell them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pytest

from bancada import tasks

if TYPE_CHECKING:
    from bancada.contracts import Task

CASES = [
    (tasks.Binary(), {"ill": [0, 1, 1]}),
    (tasks.Binary(), {"ill": [False, True]}),
    (tasks.Binary(positive="yes"), {"ill": ["yes", "no"]}),
    (tasks.Binary(positive=2), {"ill": [2, 3]}),
    (tasks.Multiclass(), {"kind": ["a", "b", "c"]}),
    (tasks.Multiclass(classes=[1, 2, 3]), {"kind": [1, 2]}),
    (tasks.Multiclass(), {"day": [dt.date(2024, 1, 1), dt.date(2024, 1, 2)]}),
    (tasks.Multilabel(), {"tags": [["a"], ["b", "a"]]}),
    (tasks.Regression(), {"price": [1.5, 2.0]}),
    (tasks.Quantile((0.1, 0.9)), {"price": [1.5, 2.0]}),
    (tasks.Ranking("query"), {"relevance": [0, 2], "query": ["a", "a"]}),
    (tasks.Forecast(season=7), {"sales": [1.0, 2.0]}),
    (tasks.Text(), {"answer": ["a", "b"]}),
    (tasks.Text(), {"answer": [["a"], ["b", "c"]]}),
]


@pytest.mark.parametrize(("task", "columns"), CASES)
def test_a_task_is_made_again_from_what_a_record_says(task: Task, columns: dict[str, list[Any]]) -> None:
    target = pa.table(columns)
    resolved = task.resolve(target)
    said = msgspec.json.decode(msgspec.json.encode(dict(resolved.identity())))
    found = tasks.recorded(said, target)
    assert found is not None
    assert found.identity() == resolved.identity()
    assert found.truth(target).equals(resolved.truth(target))
    assert set(columns) >= set(tasks.recorded_columns(said))


@pytest.mark.parametrize(
    "identity",
    [
        {"name": "own"},
        {"name": "binary", "positive": 1, "classes": [0, 1], "cost": 5},
        {"name": "binary", "positive": "x", "classes": ["x", "y"]},
        {"name": "ranking"},
        {"name": "quantile", "levels": ["a"]},
        {},
    ],
)
def test_what_is_not_a_task_of_bancada_on_these_data_is_none(identity: dict[str, Any]) -> None:
    assert tasks.recorded(identity, pa.table({"ill": [0, 1]})) is None
