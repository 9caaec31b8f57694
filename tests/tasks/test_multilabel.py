"""The multilabel task: its laws, both forms of its target, its refusals."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.contracts import Task, TeachingTask
from bancada.exceptions import DataError, DefinitionError, PredictionError
from bancada.tasks import Multilabel

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS = pa.table({"b": [1, 0, 1], "a": [False, True, True]})
LISTS = pa.table({"tags": [["b"], ["a"], ["a", "b"]]})


@pytest.mark.parametrize("target", [COLUMNS, LISTS], ids=["columns", "lists"])
def test_both_forms_of_a_target_are_one_truth(target: pa.Table) -> None:
    task = Multilabel().resolve(target)
    assert isinstance(task, Task)
    assert isinstance(task, TeachingTask)
    truth = task.truth(target)
    assert truth.schema == task.truth_schema()
    assert truth.column("label_a").to_pylist() == [False, True, True]
    assert truth.column("label_b").to_pylist() == [True, False, True]
    taught = task.taught(target)
    assert taught.column("a").to_pylist() == [0, 1, 1]
    assert task.resolve(target) == task
    assert pickle.loads(pickle.dumps(task)) == task  # noqa: S301 - bytes that this very line has pickled


@given(
    rows=st.lists(st.lists(st.integers(0, 5), max_size=4), min_size=1).filter(
        lambda r: len({v for row in r for v in row}) > 1
    )
)
def test_truth_is_membership(rows: list[list[int]]) -> None:
    target = pa.table({"tags": pa.array(rows, pa.list_(pa.int64()))})
    task = Multilabel().resolve(target)
    for label in task.identity()["labels"]:
        assert task.truth(target).column(f"label_{label}").to_pylist() == [label in row for row in rows]


def test_columns_keep_their_order_and_listed_labels_ascend() -> None:
    assert Multilabel().resolve(COLUMNS).identity() == {"name": "multilabel", "labels": ["b", "a"]}
    assert Multilabel().resolve(LISTS).identity()["labels"] == ["a", "b"]
    assert Multilabel(labels=["c", "b", "a"]).resolve(LISTS).identity()["labels"] == ["c", "b", "a"]
    assert Multilabel().identity()["labels"] is None


@pytest.mark.parametrize(
    ("target", "labels", "message"),
    [
        (pa.table({"a": [0, 1]}), None, "`a` is int64"),
        (pa.table({"a": [0, 1], "b": [0, 2]}), None, "`b` holds 0, 2"),
        (pa.table({"a": [0, 1], "b": ["x", "y"]}), None, "`b` is string"),
        (pa.table({"a": [0, 1], "b": [0, None]}), None, "`b` is null or NaN in 1 of 2 rows"),
        (pa.table({"tags": [["a"], None]}), None, "`tags` is null or NaN in 1 of 2 rows"),
        (pa.table({"tags": [["a"], ["b", None]]}), None, "A list of `tags` holds null"),
        (pa.table({"tags": [["a"], []]}), None, r"It has 'a'\. For a single label use `Binary"),
        (LISTS, ["a", "c"], "`tags` holds 'b', which it lacks"),
        (COLUMNS, ["a", "c"], "`labels` are 'a', 'c'; the columns are 'b', 'a'"),
    ],
    ids=range(9),
)
def test_another_target_is_refused(target: pa.Table, labels: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Multilabel(labels=labels).resolve(target)


def test_a_later_target_holds_no_other_label() -> None:
    task = Multilabel().resolve(LISTS)
    with pytest.raises(DataError, match="`tags` holds 'z'; the labels are 'a', 'b'"):
        task.truth(pa.table({"tags": [["z"]]}))


def test_what_a_model_can_tell_is_read(returning: Callable[..., Any]) -> None:
    task = Multilabel().resolve(COLUMNS)
    share = np.array([[0.1, 0.9], [0.2, 0.8], [0.7, 0.3]])
    model = returning(predict_proba=share, predict=(share > 0.5).astype(int), decision_function=share - 0.5)
    read = task.read(model, None, 3)
    assert read.schema == task.schema()
    assert read.column("probability_b").to_pylist() == [0.1, 0.2, 0.7]
    assert read.column("label_a").to_pylist() == [True, True, False]
    assert task.read(model, None, 3, ["label_a"]).column_names == ["label_b", "label_a"]
    assert task.read(returning(predict=[["a"], [], ["b"]]), None, 3).column("label_a").to_pylist() == [1, 0, 0]


def test_flags_name_labels_that_training_lacked(returning: Callable[..., Any]) -> None:
    task = Multilabel().resolve(COLUMNS)
    model = returning(classes=[np.array([0]), np.array([0, 1])])
    assert task.flags(model) == ("label 'b' was absent in training",)
    assert task.flags(returning(classes=[np.array([0, 1]), np.array([1])])) == (
        "label 'a' was on every row in training",
    )


def test_a_kind_is_given_for_every_label_or_for_none() -> None:
    task = Multilabel().resolve(COLUMNS)
    with pytest.raises(PredictionError, match="There is no `probability_a`"):
        task.check(pa.table({"probability_b": [0.5]}), 1)
    with pytest.raises(PredictionError, match="goes from 0 to 2"):
        task.check(pa.table({"probability_b": [0.0, 2.0], "probability_a": [0.0, 1.0]}), 2)


def test_the_baseline_predicts_the_shares() -> None:
    task = Multilabel().resolve(COLUMNS)
    model = task.baseline()
    model.fit(np.zeros((3, 1)), np.array([[1, 0], [0, 1], [1, 1]]))
    read = task.read(model, np.zeros((2, 1)), 2)
    assert read.column("probability_b").to_pylist() == pytest.approx([2 / 3, 2 / 3])
    assert task.flags(model) == ()


def test_an_unresolved_task_reads_nothing() -> None:
    for task in (Multilabel(), Multilabel(labels=["a", "b"])):
        with pytest.raises(DefinitionError, match=r"Multilabel\(.*\) is not"):
            task.schema()
