"""The regression task: its laws, its reading of models, its refusals."""

from __future__ import annotations

import pickle
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.contracts import Task
from bancada.exceptions import DataError, PredictionError
from bancada.tasks import Regression

if TYPE_CHECKING:
    from collections.abc import Callable


@given(values=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_truth_keeps_the_values(values: list[float]) -> None:
    target = pa.table({"price": values})
    task = Regression().resolve(target)
    assert task.truth(target).column("value").to_pylist() == values
    assert task.truth(target).schema == task.truth_schema() == task.schema()
    assert task.resolve(target) == task


@pytest.mark.parametrize(
    "values", [pa.array([1, 2], pa.uint8()), pa.array([1.0, 2.0], pa.float32()), [Decimal("1.0"), Decimal("2.0")]]
)
def test_every_number_is_a_float(values: Any) -> None:
    assert Regression().truth(pa.table({"price": values})).column("value").to_pylist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["1", "2"], r"`price` is string\. Convert it to numbers"),
        ([True, False], r"`price` is bool"),
        ([1.0, float("nan")], r"`price` is null or NaN in 1 of 2 rows"),
        ([1, None], r"`price` is null or NaN in 1 of 2 rows"),
        ([1.0, float("inf"), 2.0], r"`price` is infinite in 1 of 3 rows"),
    ],
)
def test_a_target_of_another_kind_is_refused(values: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Regression().resolve(pa.table({"price": values}))


@pytest.mark.parametrize(
    "values",
    [
        [1, 2],
        np.array([[1.0], [2.0]]),
        np.array([1, 2], np.float32),
        np.array([1, 2.0], object),
        pd.Series([1.0, 2.0], index=[5, 4]),
        pl.Series([1, 2]),
        pa.array([1.0, 2.0]),
    ],
    ids=["list", "column", "float32", "objects", "pandas", "polars", "arrow"],
)
def test_values_are_read_from_any_library(values: Any, returning: Callable[..., Any]) -> None:
    read = Regression().read(returning(predict=values), None, 2)
    assert read.column("value").to_pylist() == [1.0, 2.0]
    assert read.schema == Regression().schema()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1.0], r"`predict` returned 1 for 2 rows"),
        ([[1.0, 2.0], [1.0, 2.0]], r"It returned the shape \(2, 2\)"),
        ([1.0, float("nan")], r"`predict` returned NaN or infinity 1 time"),
        ([1.0, float("-inf")], r"`predict` returned NaN or infinity 1 time"),
        (["a", "b"], r"`predict` must return numbers\. It returned values such as 'a'"),
        ([1.0, None], r"NaN or infinity 1 time"),
        ([1j, 2j], r"It returned values such as 1j"),
    ],
)
def test_what_breaks_a_rule_is_refused(values: Any, message: str, returning: Callable[..., Any]) -> None:
    with pytest.raises(PredictionError, match=message):
        Regression().read(returning(predict=values), None, 2)


def test_check_refuses_what_is_no_prediction() -> None:
    with pytest.raises(PredictionError, match="There is a column `score`"):
        Regression().check(pa.table({"score": [1.0]}), 1)
    with pytest.raises(PredictionError, match="`value` is null, NaN or infinite in 1 of 1 rows"):
        Regression().check(pa.table({"value": pa.array([None], pa.float64())}), 1)


def test_the_baseline_predicts_the_mean_of_its_training_part() -> None:
    X = np.zeros((4, 1))
    model = Regression().baseline()
    model.fit(X, [1.0, 2.0, 3.0, 6.0])
    assert Regression().read(model, X, 4).column("value").to_pylist() == [3.0] * 4
    assert Regression().flags(model) == ()


def test_a_task_is_a_value_that_crosses_processes() -> None:
    task = Regression()
    assert isinstance(task, Task)
    assert pickle.loads(pickle.dumps(task)) == task  # noqa: S301 - bytes that this very line has pickled
    assert (task.name, task.has_classes, task.metrics) == ("regression", False, ("rmse", "mae", "r2"))
    assert task.identity() == {"name": "regression"}
