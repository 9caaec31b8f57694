"""However few passes it takes, the answers are those of the model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.decomposition import PCA
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Perceptron, RidgeClassifier, SGDClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

from bancada.tasks._asking import Questions

MODELS = [
    LogisticRegression(max_iter=200),
    RidgeClassifier(),
    Perceptron(),
    SGDClassifier(loss="log_loss", random_state=0),
    LinearSVC(),
    RandomForestClassifier(7, random_state=0),
    ExtraTreesClassifier(7, random_state=0),
    HistGradientBoostingClassifier(max_iter=5),
    GaussianNB(),
    SVC(),
]


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
@pytest.mark.parametrize("load", [load_breast_cancer, load_iris])
@pytest.mark.parametrize("wrapped", [0, 1, 2])
def test_answers_are_those_of_the_model(model: Any, load: Any, wrapped: int) -> None:
    X, y = load(return_X_y=True, as_frame=True)
    y = np.array(["a", "b", "c"])[y]
    whole = model
    if wrapped:
        whole = make_pipeline(StandardScaler(), "passthrough", PCA(3), model)
    if wrapped == 2:
        whole = Pipeline([("inner", whole)])
    whole.fit(X[::2], y[::2])
    questions = Questions(whole, X)
    assert np.array_equal(questions.labels, whole.predict(X))
    for method, answer in (("predict_proba", "probability"), ("decision_function", "decision")):
        assert questions.can(method) == hasattr(whole, method)
        if questions.can(method):
            assert np.array_equal(getattr(questions, answer), getattr(whole, method)(X))


class Counting(LogisticRegression):  # type: ignore[misc]  # scikit-learn has no types
    """Counts how often it decides."""

    asked = 0

    def decision_function(self, X: Any) -> Any:
        type(self).asked += 1
        return super().decision_function(X)


def test_a_linear_model_decides_once() -> None:
    X, y = load_breast_cancer(return_X_y=True)
    questions = Questions(make_pipeline(StandardScaler(), Counting()).fit(X, y), X)
    assert len(questions.decision) == len(questions.labels) == len(X)
    assert Counting.asked == 1


class Cautious(LogisticRegression):  # type: ignore[misc]  # scikit-learn has no types
    """Says yes only when it is quite sure."""

    def predict(self, X: Any) -> Any:
        return (self.predict_proba(X)[:, 1] > 0.9).astype(int)


def test_a_predict_of_ones_own_is_asked() -> None:
    X, y = load_breast_cancer(return_X_y=True)
    model = Cautious(max_iter=5000).fit(X, y)
    assert np.array_equal(Questions(model, X).labels, model.predict(X))
