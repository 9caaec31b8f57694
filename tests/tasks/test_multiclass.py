"""The multiclass task: its laws, its reading of models, its refusals."""

from __future__ import annotations

import datetime as dt
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC

from bancada.contracts import Task
from bancada.exceptions import DataError, DefinitionError, PredictionError
from bancada.tasks import Multiclass

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = pa.table({"kind": ["b", "a", "c", "a"]})
EYE = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]


@pytest.fixture
def task() -> Task:
    return Multiclass().resolve(KINDS)


def column(values: Any) -> pa.Table:
    return pa.table({"kind": values})


@given(
    values=st.one_of(
        st.lists(st.text(max_size=3), min_size=2),
        st.lists(st.integers(-(2**40), 2**40), min_size=2),
        st.lists(st.booleans(), min_size=2),
        st.lists(st.dates(), min_size=2),
    ).filter(lambda drawn: len(set(drawn)) > 1)
)
def test_truth_keeps_rows_and_knows_all_classes(values: list[Any]) -> None:
    target = column(values)
    task = Multiclass().resolve(target)
    label = task.truth(target).column("label")
    assert label.to_pylist() == values
    assert label.chunk(0).dictionary.to_pylist() == sorted(set(values))
    assert task.truth(target).schema == task.truth_schema()
    assert task.resolve(target) == task


def test_classes_keep_the_type_of_the_target() -> None:
    for values, kind in (([1, 2], pa.int16()), (["a", "b"], pa.string()), ([True, False], pa.bool_())):
        task = Multiclass().resolve(column(pa.array(values, kind)))
        assert task.truth_schema().field("label").type == pa.dictionary(pa.int32(), kind)


def test_the_encoding_of_text_changes_nothing() -> None:
    plain = Multiclass().resolve(KINDS)
    for kind in (pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())):
        assert Multiclass().resolve(column(KINDS.column("kind").cast(kind))) == plain


def test_the_schema_has_a_probability_for_each_class() -> None:
    task = Multiclass().resolve(column([10, 2, 1]))
    assert task.schema().names == ["probability_1", "probability_2", "probability_10", "label"]


def test_classes_that_the_data_lack_may_be_listed() -> None:
    task = Multiclass(classes=("d", "a", np.str_("b"), "c")).resolve(KINDS)
    assert task.identity() == {"name": "multiclass", "classes": ["a", "b", "c", "d"]}
    assert "probability_d" in task.schema().names
    assert task.resolve(KINDS) == task


def test_the_identity_is_the_class_list(task: Task) -> None:
    assert task.identity() == {"name": "multiclass", "classes": ["a", "b", "c"]}
    assert Multiclass().identity() == {"name": "multiclass", "classes": None}
    days = Multiclass().resolve(column([dt.date(2024, 1, 2), dt.date(2024, 1, 1)]))
    assert days.identity()["classes"] == ["2024-01-01", "2024-01-02"]


@pytest.mark.parametrize(
    ("target", "classes", "message"),
    [
        (["a", "a"], None, r"`kind` holds 'a' only"),
        (["a", None], None, r"`kind` is null or NaN in 1 of 2 rows"),
        ([1.0, float("nan")], None, r"`kind` is null or NaN in 1 of 2 rows"),
        ([[1], [2]], None, r"`kind` holds list<"),
        (["a", "b"], ("a", "c"), r"`kind` holds 'b', which 'a', 'c' lacks"),
        ([1, 2], (1, 2, "x"), r"`kind` is int64; `classes` are 1, 2, 'x'"),
    ],
)
def test_a_target_of_another_kind_is_refused(target: Any, classes: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Multiclass(classes=classes).resolve(column(target))


def test_a_later_target_may_lack_a_class_but_hold_no_other(task: Task) -> None:
    assert task.truth(column(["c"])).column("label").chunk(0).dictionary.to_pylist() == ["a", "b", "c"]
    with pytest.raises(DataError, match=r"`kind` holds 'z'; the classes are 'a', 'b', 'c'"):
        task.truth(column(["c", "z"]))


def test_an_unresolved_task_has_no_schema() -> None:
    for task in (Multiclass(), Multiclass(classes=("a", "b"))):
        with pytest.raises(DefinitionError, match=r"Multiclass\(.*\) is not"):
            task.schema()


def test_a_classifier_of_scikit_learn_is_read(task: Task) -> None:
    X = np.array([[0.0], [1.0], [2.0], [1.1], [0.1], [2.1]])
    model = GaussianNB().fit(X, ["b", "a", "c", "a", "b", "c"])
    read = task.read(model, X, 6)
    assert read.schema == task.schema()
    found = np.column_stack([read.column(f"probability_{name}").to_numpy() for name in "abc"])
    assert np.array_equal(found, model.predict_proba(X))
    assert read.column("label").to_pylist() == model.predict(X).tolist()


def test_a_model_without_probabilities_gives_labels(task: Task) -> None:
    X = np.array([[0.0], [1.0], [2.0]])
    assert task.read(LinearSVC().fit(X, ["a", "b", "c"]), X, 3).column_names == ["label"]


def test_columns_are_aligned_by_the_classes_of_the_model(task: Task, returning: Callable[..., Any]) -> None:
    read = task.read(returning(["c", "a", "b"], predict_proba=EYE), None, 2)
    assert read.column("probability_c").to_pylist() == [1.0, 0.0]
    assert read.column("probability_a").to_pylist() == [0.0, 1.0]
    plain = task.read(returning(predict_proba=EYE), None, 2)
    assert plain.column("probability_a").to_pylist() == [1.0, 0.0]


def test_a_class_that_training_lacked_gets_zero_and_a_flag(task: Task, returning: Callable[..., Any]) -> None:
    model = returning(["a", "c"], predict_proba=[[0.25, 0.75]], predict=["c"])
    assert task.read(model, None, 1).column("probability_b").to_pylist() == [0.0]
    assert task.flags(model) == ("class 'b' was absent in training",)
    assert task.flags(returning(["a", "b", "c"])) == ()


def test_labels_of_numbers_are_read_where_they_are_equal(returning: Callable[..., Any]) -> None:
    task = Multiclass().resolve(column([1, 2, 3]))
    read = task.read(returning(predict=np.array([[3.0], [1.0]])), None, 2)
    assert read.column("label").to_pylist() == [3, 1]


@pytest.mark.parametrize(
    ("classes", "answers", "message"),
    [
        (None, {"predict": ["a"]}, r"`predict` returned 1 for 2 rows"),
        (None, {"predict": ["a", "z"]}, r"It returned 'z'; the classes are 'a', 'b', 'c'"),
        (None, {"predict": [0, 1]}, r"It returned 0, 1; the classes are 'a', 'b', 'c'"),
        (None, {"predict_proba": [0.5, 0.5]}, r"It returned the shape \(2,\) for 3 classes"),
        (None, {"predict_proba": [[0.5, 0.5]] * 2}, r"It returned the shape \(2, 2\) for 3 classes"),
        (None, {"predict_proba": [[0.5, 0.4, 0.2]] * 2}, r"a row that misses it by 0\.1"),
        (None, {"predict_proba": [[0.5, 0.5, float("nan")]] * 2}, r"returned NaN or infinity 2 times"),
        (["a", "b", "z"], {"predict_proba": EYE}, r"Its `classes_` are 'a', 'b', 'z'"),
    ],
)
def test_what_breaks_a_rule_is_refused(
    classes: Any, answers: dict[str, Any], message: str, task: Task, returning: Callable[..., Any]
) -> None:
    with pytest.raises(PredictionError, match=message):
        task.read(returning(classes, **answers), None, 2)


def labels(classes: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int32()), pa.array(classes))


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"label": ["a", "b"]}, r"`label` is string\. Make it dictionary"),
        ({"label": labels(["b", "a", "c"])}, r"It is 'b', 'a', 'c'\. Use 'a', 'b', 'c'"),
        ({"probability_a": [1.0, 1.0]}, r"There is no `probability_b`, `probability_c`"),
        ({"probability_z": [1.0, 1.0]}, r"There is a column `probability_z`"),
        ({f"probability_{name}": [0.4, 0.4] for name in "abc"}, r"A row misses it by 0\.2"),
        (
            {"probability_a": [1.5, 0.0], "probability_b": [-0.5, 0.0], "probability_c": [0.0, 1.0]},
            r"goes from 0 to 1\.5",
        ),
    ],
)
def test_check_refuses_what_is_no_prediction(columns: dict[str, Any], message: str, task: Task) -> None:
    with pytest.raises(PredictionError, match=message):
        task.check(pa.table(columns), 2)


def test_check_accepts_predictions_in_several_chunks(task: Task, returning: Callable[..., Any]) -> None:
    read = task.read(returning(predict_proba=EYE, predict=["a", "b"]), None, 2)
    task.check(pa.concat_tables([read, read.slice(0, 1)]), 3)
    task.check(read.slice(0, 0), 0)


def test_the_baseline_predicts_the_shares_of_its_training_part(task: Task) -> None:
    X = np.zeros((4, 1))
    model = task.baseline()
    model.fit(X, ["a", "a", "b", "c"])
    assert task.read(model, X, 4).column("probability_a").to_pylist() == [0.5] * 4


def test_a_task_is_a_value_that_crosses_processes(task: Task) -> None:
    assert isinstance(task, Task)
    assert pickle.loads(pickle.dumps(task)) == task  # noqa: S301 - bytes that this very line has pickled
    assert (task.name, task.has_classes, task.metrics[0]) == ("multiclass", True, "accuracy")
