"""The models that come with bancada keep every law, and each law catches a model that breaks it."""

from __future__ import annotations

import os
import random
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder
from tests.testing.own_blocks import MODELS, every_check

from bancada.exceptions import LawBroken
from bancada.testing import Memoriser, model_checks
from bancada.testing._model_laws import LAWS

if TYPE_CHECKING:
    from bancada.testing import Check

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.mark.parametrize("check", every_check(MODELS, model_checks))
def test_our_models_keep_every_law(check: Check) -> None:
    check()


class Linear(BaseEstimator, ClassifierMixin):  # type: ignore[misc] # scikit-learn has no types
    """The sign of the first column, which is right; each mutant gets one thing wrong."""

    def fit(self, X: Any, y: Any) -> Any:
        self.classes_ = np.unique(y)
        self.n_seen_ = len(X)
        return self

    def predict(self, X: Any) -> Any:
        return (np.asarray(X["length"]) > 0).astype(int)


class Dropping(Linear):
    def predict(self, X: Any) -> Any:
        return super().predict(X)[:-1]


class Undefined(Linear):
    def predict(self, X: Any) -> Any:
        return super().predict(X) / 0.0 if len(X) == 0 else np.where(super().predict(X) > 0, np.nan, 0.0)


class Raw(Linear):
    def predict_proba(self, X: Any) -> Any:
        return np.column_stack([np.asarray(X["length"]), np.asarray(X["width"])])


class Unnormalised(Linear):
    def predict_proba(self, X: Any) -> Any:
        return np.full((len(X), 2), 0.4)


class Unseeded(Linear):
    def fit(self, X: Any, y: Any) -> Any:
        self.shift_ = np.random.default_rng().normal()
        return super().fit(X, y)

    def decision_function(self, X: Any) -> Any:
        return np.asarray(X["length"]) + self.shift_


class Learning(Linear):
    def decision_function(self, X: Any) -> Any:
        self.n_seen_ += 1
        return np.asarray(X["length"]) + self.n_seen_


class Centring(Linear):
    def decision_function(self, X: Any) -> Any:
        return np.asarray(X["length"] - X["length"].mean())


class Squeezing(Linear):
    def predict(self, X: Any) -> Any:
        return super().predict(X).squeeze()


class Remembering(Linear):
    def fit(self, X: Any, y: Any) -> Any:
        self.total_ = getattr(self, "total_", 0) + len(X)
        return super().fit(X, y)

    def decision_function(self, X: Any) -> Any:
        return np.asarray(X["length"]) + self.total_


class Writing(Linear):
    def fit(self, X: Any, y: Any) -> Any:
        X["extra"] = 1
        return super().fit(X, y)


class WritingLate(Linear):
    def predict(self, X: Any) -> Any:
        X["length"] = X["length"].round()
        return super().predict(X)


class ByPlace(Linear):
    def predict(self, X: Any) -> Any:
        return (np.asarray(X)[:, 0] > 0).astype(int)


class Renaming(Linear):
    def get_params(self, deep: bool = True) -> dict[str, Any]:
        return {}

    def __init__(self, slope: float = 1.0) -> None:
        self.slope = slope

    def decision_function(self, X: Any) -> Any:
        return np.asarray(X["length"]) * self.slope


class Littering(Linear):
    def fit(self, X: Any, y: Any) -> Any:
        os.environ["BANCADA_LITTER"] = "1"
        return super().fit(X, y)


class Reseeding(Linear):
    def __init__(self, random_state: int | None = None) -> None:
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Any:
        random.seed(12345)
        return super().fit(X, y)


class Locked(Linear):
    def fit(self, X: Any, y: Any) -> Any:
        self.lock_ = threading.Lock()
        return super().fit(X, y)


_ONE = Memoriser()
_SHOPS: dict[str, Any] = {
    "X": pd.DataFrame({"shop": ["a", "b", "c"] * 10, "size": np.arange(30.0)}),
    "y": np.arange(30) % 2,
}

# By law: models that break it, data other than those made up, and what the check says.
MUTANTS: dict[str, list[tuple[Any, dict[str, Any], str]]] = {
    "rows_are_answered": [(Dropping(), {}, r"the shape \(59,\) for 60 rows"), (Undefined(), {}, "NaN or infinity")],
    "probabilities_are_shares": [(Raw(), {}, "They reach from"), (Unnormalised(), {}, "misses 1 by 0.2")],
    "seeds_decide": [(Unseeded(), {}, "60 of 60 rows differ")],
    "answers_are_repeatable": [(Learning(), {}, "60 of 60 rows differ")],
    "rows_are_answered_alone": [(Centring(), {}, "answers of the first half differ")],
    "one_row_is_answered": [(Squeezing(), {}, r"It gave the shape \(\)")],
    "refitting_forgets": [
        (Remembering(), {}, "rows differ from a fresh fit"),
        (SGDClassifier(warm_start=True), {}, "rows differ from a fresh fit"),
    ],
    "arguments_are_left_alone": [(Writing(), {}, "`fit` changed X"), (WritingLate(), {}, "`predict` changed X")],
    "column_order_is_not_ignored": [(ByPlace(), {}, "rows have other answers")],
    "unseen_categories_are_answered": [(make_pipeline(OrdinalEncoder(), SGDClassifier()), _SHOPS, "unknown categor")],
    "models_share_nothing": [
        (lambda: _ONE, {}, "The same object was made twice"),
        (lambda: Renaming(slope=3.0), {}, "A clone answers"),
    ],
    "the_process_is_left_alone": [
        (Littering(), {}, "It changed the environment"),
        (Reseeding(), {}, "It changed the generator of `random`"),
    ],
    "fitted_models_travel": [(Locked(), {}, "It cannot be pickled")],
}


@pytest.mark.parametrize("name", [each.name for each in LAWS])
def test_each_law_catches_a_model_that_breaks_it(name: str) -> None:
    for mutant, data, found in MUTANTS[name]:
        checks = {check.name: check for check in model_checks(mutant, **data)}
        with pytest.raises(LawBroken, match=found):
            checks[name]()


def test_checks_leave_the_process_as_they_found_it() -> None:
    random.seed(1)
    state, folder = random.getstate(), dict(os.environ)
    for mutant in (Littering(), Reseeding()):
        with pytest.raises(LawBroken, match="It changed"):
            {check.name: check for check in model_checks(mutant)}["the_process_is_left_alone"]()
    assert (random.getstate(), dict(os.environ)) == (state, folder)
