"""A kept model predicts as it did; what executes code on load says so and asks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from bancada.exceptions import UsageError
from bancada.models import dump, load

X = np.array([[0.0], [1.0], [2.0], [3.0]])
y = np.array([0, 0, 1, 1])


class Own:
    """A class that skops does not know."""

    def predict(self, X: Any) -> Any:
        return np.ones(len(X))


def test_an_estimator_is_kept_without_code() -> None:
    model = LogisticRegression().fit(X, y)
    kept = dump(model)
    assert (kept.format, kept.executes_code) == ("skops", False)
    assert load(kept.data, kept.format, trusted=False).predict_proba(X).tolist() == model.predict_proba(X).tolist()


def test_an_unknown_class_is_kept_as_code_and_read_only_with_consent() -> None:
    kept = dump(Own())
    assert (kept.format, kept.executes_code) == ("cloudpickle", True)
    with pytest.raises(UsageError, match="executes code on load is read only with consent"):
        load(kept.data, kept.format, trusted=False)
    assert load(kept.data, kept.format, trusted=True).predict(X).tolist() == [1.0] * 4


def test_the_packages_that_the_format_needs_are_named() -> None:
    assert {"scikit-learn", "skops"} <= set(dump(LogisticRegression().fit(X, y)).packages)
