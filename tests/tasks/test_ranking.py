"""The ranking task: its laws, its reading of models, its refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from sklearn.linear_model import LinearRegression

from bancada.contracts import RowTask, Task
from bancada.exceptions import DataError, DefinitionError, PredictionError
from bancada.tasks import Ranking

if TYPE_CHECKING:
    from collections.abc import Callable

TARGET = pa.table({"grade": [0, 1, 2], "q": ["x", "x", "y"]})


def test_truth_is_query_and_relevance() -> None:
    task = Ranking(query="q").resolve(TARGET)
    assert isinstance(task, Task)
    assert isinstance(task, RowTask)
    assert (task.columns, task.together) == (("q",), "q")
    truth = task.truth(TARGET)
    assert truth.schema == task.truth_schema()
    assert truth.to_pydict() == {"query": ["x", "x", "y"], "relevance": [0.0, 1.0, 2.0]}
    assert task.resolve(TARGET) == task
    assert task.identity() == Ranking(query="q").identity() == {"name": "ranking", "query": "q"}


def test_the_storage_of_queries_changes_nothing() -> None:
    for kind in (pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())):
        stored = TARGET.set_column(1, "q", TARGET.column("q").cast(kind))
        assert Ranking(query="q").resolve(stored).truth(stored) == Ranking(query="q").resolve(TARGET).truth(TARGET)


@pytest.mark.parametrize(
    ("grade", "query", "message"),
    [
        ([0, -1], ["x", "y"], "`grade` is negative or infinite in 1 of 2 rows"),
        ([0.0, float("inf")], ["x", "y"], "`grade` is negative or infinite in 1 of 2 rows"),
        (["a", "b"], ["x", "y"], "`grade` is string"),
        ([0, None], ["x", "y"], "`grade` is null or NaN in 1 of 2 rows"),
        ([0, 0], ["x", "y"], "`grade` is 0 in every row"),
        ([0, 1], ["x", None], "`q` is null or NaN in 1 of 2 rows"),
        ([0, 1], [1.0, float("nan")], "`q` is null or NaN in 1 of 2 rows"),
    ],
    ids=range(7),
)
def test_another_target_is_refused(grade: Any, query: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Ranking(query="q").resolve(pa.table({"grade": grade, "q": query}))


@pytest.mark.parametrize("query", ["", None, 3])
def test_the_query_is_the_name_of_a_column(query: Any) -> None:
    with pytest.raises(DefinitionError, match=r'Write its name: `Ranking\(query="query_id"\)`'):
        Ranking(query=query)


def test_a_model_gives_a_score_for_each_row(returning: Callable[..., Any]) -> None:
    task = Ranking(query="q").resolve(TARGET)
    X = [[0.0], [1.0], [2.0]]
    assert task.read(LinearRegression().fit(X, [0, 1, 2]), X, 3).schema == task.schema()
    with pytest.raises(PredictionError, match="returned NaN or infinity 1 time"):
        task.read(returning(predict=[0.0, 1.0, float("nan")]), None, 3)
    with pytest.raises(PredictionError, match="returned 2 for 3 rows"):
        task.read(returning(predict=[0.0, 1.0]), None, 3)


def test_the_baseline_scores_all_rows_alike() -> None:
    task = Ranking(query="q").resolve(TARGET)
    model = task.baseline()
    model.fit([[0]], [1])
    assert task.read(model, [[0]] * 3, 3).column("score").to_pylist() == [0.0] * 3
    assert task.flags(model) == ()


def test_an_unresolved_task_has_no_truth_schema() -> None:
    with pytest.raises(DefinitionError, match=r"Ranking\(.*\) is not"):
        Ranking(query="q").truth_schema()
