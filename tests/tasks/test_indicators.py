"""Every shape in which models tell of several labels."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import sparse
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.tree import DecisionTreeClassifier

from bancada.exceptions import PredictionError
from bancada.tasks._indicators import constant_labels, label_matrix, label_probabilities, label_scores

if TYPE_CHECKING:
    from collections.abc import Callable

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(40, 3))
Y = (X + RANDOM.normal(size=(40, 3)) > 0).astype(int)


@pytest.mark.parametrize(
    "model",
    [
        RandomForestClassifier(5, random_state=0),
        DecisionTreeClassifier(random_state=0),
        KNeighborsClassifier(),
        DummyClassifier(strategy="prior"),
        MultiOutputClassifier(LogisticRegression()),
        ClassifierChain(LogisticRegression()),
        OneVsRestClassifier(LogisticRegression()),
        MLPClassifier((4,), max_iter=5, random_state=0),
    ],
    ids=lambda model: type(model).__name__,
)
def test_every_classifier_of_scikit_learn_is_read(model: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(X, Y)
    given = model.predict_proba(X)
    found = label_probabilities(model, given, 3, 40)
    expected = np.column_stack([part[:, 1] for part in given]) if isinstance(given, list) else given
    assert np.array_equal(found, expected)
    assert np.array_equal(label_matrix(model.predict(X), ["a", "b", "c"], 40), model.predict(X) == 1)
    assert constant_labels(model, 3) == {}


def test_a_stack_of_pairs_is_read() -> None:
    parts = RandomForestClassifier(3, random_state=0).fit(X, Y).predict_proba(X)
    assert np.array_equal(label_probabilities(None, np.array(parts), 3, 40), np.array(parts)[:, :, 1].T)


@pytest.mark.parametrize("kind", [RandomForestClassifier, DummyClassifier, DecisionTreeClassifier])
def test_a_label_with_one_value_in_training_is_predicted_so(kind: Callable[..., Any]) -> None:
    target = Y.copy()
    target[:, 1], target[:, 2] = 0, 1
    model = kind(random_state=0).fit(X, target)
    found = label_probabilities(model, model.predict_proba(X), 3, 40)
    assert set(found[:, 1]) == {0.0}
    assert set(found[:, 2]) == {1.0}
    assert constant_labels(model, 3) == {1: False, 2: True}


@pytest.mark.filterwarnings("ignore:Label not 1 is present")
@pytest.mark.filterwarnings("ignore:Label 2 is present")
def test_one_against_the_rest_tells_of_constant_labels() -> None:
    target = Y.copy()
    target[:, 1], target[:, 2] = 0, 1
    model = OneVsRestClassifier(LogisticRegression()).fit(X, target)
    assert constant_labels(model, 3) == {1: False, 2: True}


def test_decisions_are_read() -> None:
    model = RidgeClassifier().fit(X, Y)
    assert np.array_equal(label_scores(model.decision_function(X), 3, 40), model.decision_function(X))


def test_sparse_and_listed_labels_are_read() -> None:
    expected = [[True, False], [False, False], [True, True]]
    assert label_matrix(sparse.csr_matrix(np.array(expected, int)), ["a", "b"], 3).tolist() == expected
    assert label_matrix([["a"], [], ("b", "a")], ["a", "b"], 3).tolist() == expected
    assert label_matrix([{7}, set(), {7, 9}], [7, 9], 3).tolist() == expected
    assert label_matrix(np.array(expected), ["a", "b"], 3).tolist() == expected


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros(4), r"shape \(4,\) for 4 rows and 2 labels"),
        (np.zeros((4, 3)), r"shape \(4, 3\) for 4 rows and 2 labels"),
        ([np.zeros((4, 2))], "returned 1 array for 2 labels"),
        ([np.zeros((4, 3))] * 2, r"shape \(4, 3\); `classes_` has 2"),
        ([np.zeros((3, 2))] * 2, "returned 3 for 4 rows"),
        (np.full((4, 2), 1.5), "values from 1.5 to 1.5"),
        (np.full((4, 2), np.nan), "NaN or infinity 8 times"),
    ],
    ids=range(7),
)
def test_other_probabilities_are_refused(values: Any, message: str) -> None:
    with pytest.raises(PredictionError, match=message):
        label_probabilities(None, values, 2, 4)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.zeros((2, 3)), r"shape \(2, 3\) for 2 rows and 2 labels"),
        (np.full((2, 2), 0.5), r"It returned 0\.5"),
        ([["a"], ["z", "a"]], "returned 'z'; the labels are 'a', 'b'"),
        ([["a"]], "returned 1 for 2 rows"),
        (np.zeros((3, 2)), "returned 3 for 2 rows"),
    ],
    ids=range(5),
)
def test_other_labels_are_refused(values: Any, message: str) -> None:
    with pytest.raises(PredictionError, match=message):
        label_matrix(values, ["a", "b"], 2)
