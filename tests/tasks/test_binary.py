"""The binary task: its laws, its reading of models, its refusals."""

from __future__ import annotations

import datetime as dt
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import IsolationForest
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier

from bancada.contracts import Task
from bancada.exceptions import DataError, DefinitionError, PredictionError
from bancada.identity import canonical_json
from bancada.tasks import Binary

if TYPE_CHECKING:
    from collections.abc import Callable

YES_NO = pa.table({"churned": ["no", "yes", "no", "yes"]})
LABELS: list[tuple[Any, Any]] = [
    ("no", "yes"),
    (0, 1),
    (False, True),
    (2, 1),
    (1.0, 2.5),
    (dt.date(2024, 1, 1), dt.date(2023, 1, 1)),
]


@pytest.fixture
def task() -> Task:
    return Binary(positive="yes").resolve(YES_NO)


@pytest.mark.parametrize(("negative", "positive"), LABELS)
@given(truth=st.lists(st.booleans(), min_size=2).filter(lambda drawn: len(set(drawn)) == 2))
def test_truth_keeps_rows_and_tells_the_positive_class(negative: Any, positive: Any, truth: list[bool]) -> None:
    target = pa.table({"y": [positive if one else negative for one in truth]})
    task = Binary(positive=positive).resolve(target)
    assert task.truth(target).column("label").to_pylist() == truth
    assert task.truth(target).schema == task.truth_schema()


@pytest.mark.parametrize(("negative", "positive"), LABELS)
def test_resolving_twice_changes_nothing(negative: Any, positive: Any) -> None:
    target = pa.table({"y": [positive, negative]})
    once = Binary(positive=positive).resolve(target)
    assert once.resolve(target) == once
    assert once.identity() == once.resolve(target).identity()


@pytest.mark.parametrize(
    "column",
    [
        pa.array(["no", "yes"]).dictionary_encode(),
        pa.array(["no", "yes"], pa.large_string()),
        pa.array(["no", "yes"], pa.string_view()),
        pa.chunked_array([["no"], ["yes"]]),
        pa.chunked_array([pa.array(["no"]).dictionary_encode(), pa.array(["yes"]).dictionary_encode()]),
    ],
    ids=["dictionary", "large", "view", "chunks", "dictionaries"],
)
def test_the_encoding_of_text_changes_nothing(column: Any) -> None:
    target = pa.table({"y": column})
    task = Binary(positive="yes").resolve(target)
    assert task.truth(target).column("label").to_pylist() == [False, True]
    assert task.identity() == {"name": "binary", "positive": "yes", "classes": ["no", "yes"]}


@pytest.mark.parametrize("labels", [[0, 1], [False, True], [0.0, 1.0]])
def test_zero_and_one_need_no_positive_class(labels: list[Any]) -> None:
    target = pa.table({"y": labels})
    assert Binary().resolve(target).truth(target).column("label").to_pylist() == [False, True]


def test_a_positive_class_may_be_said_as_an_equal_value() -> None:
    target = pa.table({"y": [0, 1]})
    assert Binary(positive=True).resolve(target) == Binary(positive=np.int64(1)).resolve(target)
    assert Binary(positive=False).resolve(target).truth(target).column("label").to_pylist() == [True, False]


@pytest.mark.parametrize("labels", [[0, 1], [False, True], [0.0, 1.0]])
def test_equal_positive_classes_have_one_identity(labels: list[Any]) -> None:
    for same in ([True, 1, 1.0, np.int8(1), np.bool_(True), np.float32(1)], [False, 0, 0.0, -0.0]):
        declared = [Binary(positive=value) for value in same]
        assert len({canonical_json(dict(task.identity())) for task in declared}) == 1
        resolved = [task.resolve(pa.table({"y": labels})) for task in declared]
        assert len({canonical_json(dict(task.identity())) for task in resolved}) == 1
    others = [True, False, "1", "True", 0.5, 2, None]
    assert len({canonical_json(dict(Binary(positive=value).identity())) for value in others}) == len(others)


def test_the_identity_tells_which_class_is_positive() -> None:
    yes, no = Binary(positive="yes").resolve(YES_NO), Binary(positive="no").resolve(YES_NO)
    assert yes.identity() != no.identity()
    assert no.identity() == {"name": "binary", "positive": "no", "classes": ["yes", "no"]}
    assert Binary(positive="yes").identity() == {"name": "binary", "positive": "yes"}


@pytest.mark.parametrize(
    ("target", "positive", "message"),
    [
        (
            {"y": ["a", "b"]},
            None,
            r"must know its positive class\. `y` holds 'a', 'b'\. Say which one: `Binary\(positive='b'\)` or",
        ),
        ({"y": ["a", "b"]}, "c", r"`positive` is 'c'; `y` holds 'a', 'b'"),
        ({"y": [1, 2]}, "1", r"`positive` is '1'; `y` holds 1, 2"),
        ({"y": ["a", "a"]}, "a", r"exactly two classes\. `y` holds 1: 'a'\. Check which rows"),
        ({"y": ["a", "b", "c"]}, "a", r"`y` holds 3: 'a', 'b', 'c'\. Use `Multiclass\(\)`"),
        ({"y": [0.5, float("nan"), 1.0]}, 1.0, r"`y` is null or NaN in 1 of 3 rows"),
        ({"y": ["a", None, None, "b"]}, "a", r"`y` is null or NaN in 2 of 4 rows"),
        ({"y": pa.array([], pa.bool_())}, None, r"`y` has none"),
        ({"y": [[1], [2]]}, 1, r"`y` holds list<"),
        ({"y": [0, 1], "z": [0, 1]}, None, r"The target has 2: `y`, `z`"),
        ({}, None, r"The target has 0: none"),
    ],
)
def test_a_target_of_another_kind_is_refused(target: dict[str, Any], positive: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Binary(positive=positive).resolve(pa.table(target))


def test_a_later_target_may_hold_one_class_but_no_other(task: Task) -> None:
    assert task.truth(pa.table({"churned": ["yes"]})).column("label").to_pylist() == [True]
    with pytest.raises(DataError, match=r"`churned` holds 'maybe'; the classes are 'no', 'yes'"):
        task.truth(pa.table({"churned": ["yes", "maybe"]}))


def test_an_unresolved_task_reads_nothing() -> None:
    with pytest.raises(DefinitionError, match=r"Binary\(positive='yes'\) is not"):
        Binary(positive="yes").truth(YES_NO)


@pytest.mark.parametrize("positive", ["yes", "no"])
@pytest.mark.parametrize(
    "model",
    [LogisticRegression(), KNeighborsClassifier(2), DummyClassifier(strategy="prior")],
    ids=lambda m: type(m).__name__,
)
def test_classifiers_of_scikit_learn_are_read_by_their_classes(model: Any, positive: str) -> None:
    X, y = np.array([[0.0], [1.0], [0.2], [0.9]]), np.array(["no", "yes", "no", "yes"])
    task = Binary(positive=positive).resolve(YES_NO)
    model.fit(X, y)
    read = task.read(model, X, 4)
    index = list(model.classes_).index(positive)
    assert np.array_equal(read.column("probability").to_numpy(), model.predict_proba(X)[:, index])
    assert read.column("label").to_pylist() == (model.predict(X) == positive).tolist()
    sign = 1 if index else -1
    decision = getattr(model, "decision_function", None)
    expected = sign * decision(X) if decision else model.predict_proba(X)[:, index]
    assert np.array_equal(read.column("score").to_numpy(), expected)
    assert read.schema == task.schema()


def test_a_model_without_probabilities_gives_score_and_label(task: Task) -> None:
    X = np.array([[0.0], [1.0], [0.2], [0.9]])
    read = task.read(RidgeClassifier().fit(X, ["no", "yes", "no", "yes"]), X, 4)
    assert read.column_names == ["score", "label"]


def test_a_detector_without_classes_is_read_in_ascending_order() -> None:
    X = np.array([[0.0], [0.1], [0.2], [9.0]])
    task = Binary(positive=1).resolve(pa.table({"y": [1, 1, 1, -1]}))
    model = IsolationForest(n_estimators=5, random_state=0).fit(X)
    assert np.array_equal(task.read(model, X, 4).column("score").to_numpy(), model.decision_function(X))


def test_labels_alone_are_predictions(task: Task, returning: Callable[..., Any]) -> None:
    read = task.read(returning(predict=["yes", "no"]), None, 2)
    assert read.column_names == ["label"]


LABEL_FORMS: list[Any] = [
    ["yes", "no"],
    np.array(["yes", "no"]),
    np.array(["yes", "no"], dtype=object),
    np.array([["yes"], ["no"]]),
    pd.Series(["yes", "no"], index=[7, 3]),
    pd.Series(["yes", "no"], dtype="category"),
    pl.Series(["yes", "no"]),
    pa.array(["yes", "no"]),
]


@pytest.mark.parametrize(
    "labels", LABEL_FORMS, ids=["list", "array", "objects", "column", "series", "category", "polars", "arrow"]
)
def test_labels_are_read_from_any_library(labels: Any, task: Task, returning: Callable[..., Any]) -> None:
    assert task.read(returning(predict=labels), None, 2).column("label").to_pylist() == [True, False]


@pytest.mark.parametrize("labels", [[1, 0], [1.0, 0.0], [True, False], np.array([1, 0], np.uint8), pl.Series([1, 0])])
@pytest.mark.parametrize("target", [[0, 1], [False, True], [0.0, 1.0]])
def test_equal_labels_of_another_type_are_the_same(labels: Any, target: Any, returning: Callable[..., Any]) -> None:
    task = Binary().resolve(pa.table({"y": target}))
    assert task.read(returning(predict=labels), None, 2).column("label").to_pylist() == [True, False]


SHARES = [[0.75, 0.25], [0.5, 0.5]]


@pytest.mark.parametrize(
    "shares",
    [SHARES, np.array(SHARES), np.array(SHARES, np.float32), pd.DataFrame(SHARES), pl.DataFrame(SHARES, orient="row")],
    ids=["list", "array", "float32", "pandas", "polars"],
)
def test_probabilities_are_read_from_any_library(shares: Any, task: Task, returning: Callable[..., Any]) -> None:
    for classes, expected in ((["no", "yes"], [0.25, 0.5]), (["yes", "no"], [0.75, 0.5]), (None, [0.25, 0.5])):
        read = task.read(returning(classes, predict_proba=shares), None, 2)
        assert read.column("probability").to_pylist() == expected
        assert read.column("score").to_pylist() == expected


@pytest.mark.parametrize("shares", [[0.25, 0.5], [[0.25], [0.5]], pl.Series([0.25, 0.5])])
@pytest.mark.parametrize("classes", [None, ["no", "yes"], ["yes", "no"]])
def test_one_column_is_the_positive_class(shares: Any, classes: Any, task: Task, returning: Callable[..., Any]) -> None:
    read = task.read(returning(classes, predict_proba=shares), None, 2)
    assert read.column("probability").to_pylist() == [0.25, 0.5]


def test_rounding_beyond_the_range_is_brought_back(task: Task, returning: Callable[..., Any]) -> None:
    read = task.read(returning(predict_proba=[1 + 1e-9, -1e-9]), None, 2)
    assert read.column("probability").to_pylist() == [1.0, 0.0]


@pytest.mark.parametrize(("only", "expected"), [("yes", [1.0, 1.0]), ("no", [0.0, 0.0])])
def test_a_class_that_training_lacked_gets_zero_and_a_flag(
    only: str, expected: list[float], task: Task, returning: Callable[..., Any]
) -> None:
    model = returning([only], predict_proba=[[1.0], [1.0]], predict=[only, only], decision_function=[0.0, 0.0])
    read = task.read(model, None, 2)
    assert read.column("probability").to_pylist() == read.column("score").to_pylist() == expected
    absent = "no" if only == "yes" else "yes"
    assert task.flags(model) == (f"class {absent!r} was absent in training",)


def test_a_model_that_knows_all_classes_has_no_flag(task: Task, returning: Callable[..., Any]) -> None:
    assert task.flags(returning(["yes", "no"])) == task.flags(returning()) == ()


@pytest.mark.parametrize(
    ("classes", "answers", "message"),
    [
        (None, {"predict": ["yes"]}, r"`predict` returned 1 for 2 rows"),
        (None, {"predict": "yes"}, r"`predict` returned 0 for 2 rows"),
        (None, {"predict": [["yes", "no"], ["no", "no"]]}, r"It returned the shape \(2, 2\)"),
        (None, {"predict": ["yes", "maybe"]}, r"It returned 'maybe'; the classes are 'no', 'yes'"),
        (None, {"predict": np.array([1, 0])}, r"It returned 1, 0; the classes are 'no', 'yes'"),
        (None, {"predict": ["yes", None]}, r"It returned None"),
        (None, {"predict": np.array([0.7, float("nan")])}, r"It returned 0\.7"),
        (None, {"predict_proba": [[0.5], [0.5, 0.5]]}, r"It returned list, which is no array"),
        (None, {"predict_proba": [[0.5, 0.5]]}, r"`predict_proba` returned 1 for 2 rows"),
        (None, {"predict_proba": [0.5, float("nan")]}, r"`predict_proba` returned NaN or infinity 1 time"),
        (None, {"predict_proba": [0.5, 1.5]}, r"returned values from 0\.5 to 1\.5"),
        (None, {"predict_proba": [-0.1, 0.5]}, r"returned values from -0\.1 to 0\.5"),
        (None, {"predict_proba": ["a", "b"]}, r"`predict_proba` must return numbers\. It returned values such as 'a'"),
        (None, {"predict_proba": np.array(["1", "0"], object)}, r"It returned values such as '1'"),
        (None, {"predict_proba": [[0.5, 0.4], [0.5, 0.5]]}, r"a row that misses it by 0\.1"),
        (None, {"predict_proba": [[0.5, 0.4, 0.1]] * 2}, r"It returned the shape \(2, 3\) for 2 classes"),
        (["no"], {"predict_proba": [[0.5, 0.5]] * 2}, r"It returned the shape \(2, 2\) for 1 classes"),
        (None, {"decision_function": [0.5, float("inf")]}, r"`decision_function` returned NaN or infinity 1 time"),
        (None, {"decision_function": [[1, 2], [3, 4]]}, r"It returned the shape \(2, 2\)"),
        ([0, 1], {"predict": ["yes", "no"]}, r"Its `classes_` are 0, 1; the task's are 'no', 'yes'"),
        (["no", "no"], {"predict": ["yes", "no"]}, r"Its `classes_` are 'no', 'no'"),
        (None, {}, r"Predictions need at least one column"),
    ],
)
def test_what_breaks_a_rule_is_refused(
    classes: Any, answers: dict[str, Any], message: str, task: Task, returning: Callable[..., Any]
) -> None:
    with pytest.raises(PredictionError, match=message):
        task.read(returning(classes, **answers), None, 2)


@pytest.mark.parametrize("answers", [{"predict_proba": SHARES}, {"decision_function": [0.1, 0.2]}])
def test_an_order_that_is_not_known_is_not_guessed(answers: dict[str, Any], returning: Callable[..., Any]) -> None:
    task = Binary(positive="no").resolve(YES_NO)
    with pytest.raises(PredictionError, match=r"'no' is the positive one\. Set `classes_`"):
        task.read(returning(**answers), None, 2)


TABLE = pa.table({"score": [1.0, -1.0], "probability": [0.7, 0.2], "label": [True, False]})


def test_check_accepts_any_part_of_the_schema(task: Task) -> None:
    for names in (["label"], ["score"], ["probability", "label"], TABLE.column_names):
        task.check(TABLE.select(names), 2)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"label": [True]}, r"gave 1 prediction for 2 rows"),
        ({"label": [True, None]}, r"`label` is null, NaN or infinite in 1 of 2 rows"),
        ({"score": [0.5, float("nan")]}, r"`score` is null, NaN or infinite in 1 of 2 rows"),
        ({"score": [1, 2]}, r"`score` is int64\. Make it double"),
        ({"probability": [0.5, 1.5]}, r"`probability` goes from 0\.5 to 1\.5"),
        ({"labels": [True, False]}, r"There is a column `labels`\. Did you mean `label`"),
    ],
)
def test_check_refuses_what_is_no_prediction(columns: dict[str, Any], message: str, task: Task) -> None:
    with pytest.raises(PredictionError, match=message):
        task.check(pa.table(columns), 2)


def test_the_baseline_predicts_the_shares_of_its_training_part(task: Task) -> None:
    X = np.zeros((4, 1))
    model = task.baseline()
    model.fit(X, ["no", "no", "no", "yes"])
    assert task.read(model, X, 4).column("probability").to_pylist() == [0.25] * 4
    assert task.baseline() is not task.baseline()


def test_a_task_is_a_value_that_crosses_processes(task: Task) -> None:
    assert isinstance(task, Task)
    assert pickle.loads(pickle.dumps(task)) == task  # noqa: S301 - bytes that this very line has pickled
    assert (task.name, task.has_classes, task.metrics[0]) == ("binary", True, "roc_auc")


def test_a_model_is_asked_for_no_more_than_is_needed() -> None:
    task = Binary().resolve(pa.table({"y": [0, 1, 1, 0]}))
    model = LogisticRegression().fit([[0], [1], [1], [0]], [0, 1, 1, 0])
    everything = task.read(model, [[0], [1]], 2)
    for name in ("score", "probability", "label"):
        some = task.read(model, [[0], [1]], 2, {name})
        assert some.column_names == [name]
        assert some.column(name).equals(everything.column(name))
