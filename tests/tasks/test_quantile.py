"""The quantile task: its laws, its reading of models, its refusals."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.contracts import RemarkingTask, Task
from bancada.exceptions import DataError, DefinitionError, PredictionError
from bancada.tasks import Quantile

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Any]

ROWS = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]


def test_a_task_is_a_value_that_crosses_processes() -> None:
    task = Quantile(levels=[0.1, 0.9])
    assert isinstance(task, Task)
    assert isinstance(task, RemarkingTask)
    assert pickle.loads(pickle.dumps(task)) == task == Quantile(np.array([0.1, 0.9]))  # type: ignore[arg-type] # noqa: S301 - an array will do; bytes of this line
    assert (task.name, task.has_classes) == ("quantile", False)
    assert task.metrics == ("pinball", "interval_score", "coverage_error", "interval_width")
    assert Quantile((0.5,)).metrics == ("pinball",)
    assert task.identity() == {"name": "quantile", "levels": [0.1, 0.9]}
    assert task.schema().names == ["q_0.1", "q_0.9"]
    assert hash(task) == hash(Quantile((0.1, 0.9)))


@pytest.mark.parametrize(
    ("levels", "remedy"),
    [
        ((0.9, 0.1), r"Say `levels=\(0\.1, 0\.9\)`"),
        ((0.5, 0.5), r"Say `levels=\(0\.5,\)`"),
        ((), "Say"),
        ((0.0, 0.5), "Say"),
        ((5, 50, 95), "Say"),
        (0.5, "Say"),
        ("half", "Say"),
        ((True,), "Say"),
        ((float("nan"),), "Say"),
    ],
)
def test_levels_are_shares_in_ascending_order(levels: Any, remedy: str) -> None:
    with pytest.raises(DefinitionError, match=rf"between 0 and 1, strictly ascending\. Found .*{remedy}"):
        Quantile(levels)


def test_truth_is_that_of_a_regression() -> None:
    task = Quantile().resolve(pa.table({"price": [1, 2]}))
    assert task.truth(pa.table({"price": [3]})).column("value").to_pylist() == [3.0]
    with pytest.raises(DataError, match="`price` is string"):
        Quantile().resolve(pa.table({"price": ["a"]}))


@pytest.mark.parametrize(
    "values",
    [
        np.array(ROWS),
        ROWS,
        pd.DataFrame(ROWS),
        pd.DataFrame(ROWS, columns=["q_0.05", "q_0.5", "q_0.95"]),
        pd.DataFrame(ROWS, columns=[0.05, 0.5, 0.95])[[0.95, 0.05, 0.5]],
        {"q_0.95": [3.0, 6.0], "q_0.05": [1.0, 4.0], "q_0.5": np.array([2.0, 5.0])},
        {0.95: [3.0, 6.0], 0.05: [1.0, 4.0], 0.5: [2, 5]},
        pl.DataFrame({"q_0.5": [2.0, 5.0], "q_0.05": [1.0, 4.0], "q_0.95": [3.0, 6.0]}),
        pa.table({"q_0.5": [2.0, 5.0], "q_0.05": [1.0, 4.0], "q_0.95": [3.0, 6.0]}),
    ],
    ids=["array", "lists", "numbered", "named", "by level", "mapping", "floats", "polars", "arrow"],
)
def test_columns_are_read_from_any_library(values: Any, returning: Make) -> None:
    read = Quantile().read(returning(predict=values), None, 2)
    assert read.to_pydict() == {"q_0.05": [1.0, 4.0], "q_0.5": [2.0, 5.0], "q_0.95": [3.0, 6.0]}
    assert read.schema == Quantile().schema()


def test_one_level_may_come_without_a_second_axis(returning: Make) -> None:
    assert Quantile((0.5,)).read(returning(predict=[1.0, 2.0]), None, 2).to_pydict() == {"q_0.5": [1.0, 2.0]}


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ([1.0, 2.0], r"shape \(2,\) for 3 levels\. Return \(n_rows, 3\), or bind .*`bc\.models\.QuantileBundle"),
        (np.array(ROWS).T, r"It returned the shape \(3, 2\) for 3 levels"),
        (np.ones((3, 3)), r"`predict` returned 3 for 2 rows"),
        ([[1.0, 2.0, float("nan")], [1.0, 2.0, 3.0]], r"NaN or infinity 1 time"),
        ([["a", "b", "c"]] * 2, r"must return numbers"),
        ([[1.0], [2.0, 3.0]], r"which is no array"),
        ({"q_0.05": [1, 2], "q_0.5": [1, 2]}, r"There is no `q_0\.95`\."),
        ({"q_0.05": [1, 2], "q_0.5": [1, 2], "q_95": [1, 2]}, r"no `q_0\.95`\. Did you mean `q_95`\?"),
        ({"q_0.05": [1, 2], "q_0.5": [1, 2], "q_0.95": [1, 2], "mean": [1, 2]}, r"There is a column `mean`"),
        ({"q_0.05": [1], "q_0.5": [1, 2], "q_0.95": [1, 2]}, r"`predict` returned 1 for 2 rows"),
    ],
)
def test_what_breaks_a_rule_is_refused(values: Any, match: str, returning: Make) -> None:
    with pytest.raises(PredictionError, match=match):
        Quantile().read(returning(predict=values), None, 2)


def test_check_wants_every_level() -> None:
    with pytest.raises(PredictionError, match=r"There is no `q_0\.5`"):
        Quantile().check(pa.table({"q_0.05": [1.0], "q_0.95": [1.0]}), 1)


def test_crossing_is_told_and_not_mended(returning: Make) -> None:
    read = Quantile().read(returning(predict=[[1.0, 2.0, 3.0], [2.0, 1.0, 3.0], [1.0, 1.0, 0.0]]), None, 3)
    assert read.column("q_0.05").to_pylist() == [1.0, 2.0, 1.0]
    assert Quantile().remarks(read) == ("quantiles cross in 2 of 3 rows",)
    assert Quantile().remarks(read.slice(0, 1)) == ()


@given(st.lists(st.tuples(st.floats(-50, 50), st.integers(1, 5)), min_size=1, max_size=30))
def test_the_baseline_has_the_level_of_its_training_rows_below_it(drawn: list[tuple[float, int]]) -> None:
    values, weights = (np.array(column, dtype=np.float64) for column in zip(*drawn, strict=True))
    repeated = np.repeat(values, weights.astype(int))
    for fitted in (
        Quantile().baseline().fit(np.zeros((len(values), 1)), values, sample_weight=weights),  # type: ignore[call-arg] # the baseline takes weights
        Quantile().baseline().fit(np.zeros((len(repeated), 1)), repeated),
    ):
        found = Quantile().read(fitted, np.zeros((2, 1)), 2)
        assert found.num_rows == 2
        for name, level in zip(found.column_names, (0.05, 0.5, 0.95), strict=True):
            value = found.column(name)[0].as_py()
            assert np.mean(repeated <= value) >= level - 1e-9
            assert np.mean(repeated < value) <= level + 1e-9
        assert Quantile().remarks(found) == ()
        assert Quantile().flags(fitted) == ()
