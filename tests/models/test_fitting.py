"""Fitting hands over what a signature asks for, and every source of chance is seeded."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from bancada.exceptions import DefinitionError
from bancada.models import fit, fold_seed, fresh, seed_everything, seed_model, wants_groups, wants_validation

X = np.array([[0.0], [1.0], [2.0], [3.0]])
y = np.array([0, 0, 1, 1])


class Watching:
    """A model that keeps what `fit` was given."""

    def fit(self, X: Any, y: Any, validation: Any = None) -> None:
        self.seen = validation

    def predict(self, X: Any) -> Any:
        return np.zeros(len(X))


def test_fold_seeds_are_stable_and_differ() -> None:
    assert fold_seed(0, 0, 0) == 1421166345
    seeds = {fold_seed(seed, repeat, fold) for seed in range(3) for repeat in range(5) for fold in range(5)}
    assert len(seeds) == 75
    assert all(0 <= seed < 2**32 for seed in seeds)


def test_everything_that_draws_is_seeded() -> None:
    draws = []
    for _ in range(2):
        seed_everything(7)
        draws.append((random.random(), np.random.random()))  # noqa: NPY002 - the global generator is what is seeded
    assert draws[0] == draws[1]


def test_an_empty_random_state_is_filled_at_every_depth() -> None:
    model = make_pipeline(StandardScaler(), RandomForestClassifier())
    assert seed_model(model, 5) == ()
    assert model[-1].random_state == 5


def test_a_fixed_random_state_is_respected_and_named() -> None:
    model = make_pipeline(StandardScaler(), RandomForestClassifier(random_state=3))
    assert seed_model(model, 5) == ("randomforestclassifier__random_state",)
    assert model[-1].random_state == 3


def test_validation_goes_only_to_a_fit_that_names_it() -> None:
    watching = Watching()
    fit(watching, X, y, validation=(X, y))
    assert watching.seen is not None
    assert wants_validation(watching)
    assert not wants_validation(LogisticRegression())
    fit(LogisticRegression(), X, y, validation=(X, y))


def test_weights_reach_an_estimator_and_the_last_step_of_a_pipeline() -> None:
    weight = np.array([1.0, 1.0, 0.0, 0.0])
    for model in (DummyClassifier(), make_pipeline(StandardScaler(), DummyClassifier())):
        fit(model, X, y, sample_weight=weight)
        assert model.predict_proba(X)[0].tolist() == [1.0, 0.0]


def test_weights_that_nobody_takes_are_refused() -> None:
    with pytest.raises(DefinitionError, match="must take `sample_weight`"):
        fit(KNeighborsClassifier(), X, y, sample_weight=np.ones(4))


def test_a_fresh_copy_is_unfitted() -> None:
    model = LogisticRegression(C=2.0).fit(X, y)
    copy = fresh(model)
    assert not hasattr(copy, "coef_")
    assert isinstance(copy, LogisticRegression)
    assert copy.C == 2.0


class Grouped:
    """Notes which groups `fit` was given."""

    def predict(self, X: Any) -> Any:
        return X


def fits_with(name: str) -> Any:
    made: dict[str, Any] = {}
    exec(f"def fit(self, X, y, {name}=None): self.given = {name}", made)  # noqa: S102 - one method for each name
    return type("Named", (Grouped,), made)()


GROUPS = np.array([0, 0, 2, 2, 2])


@pytest.mark.parametrize("name", ["qid", "group_id", "groups"])
def test_groups_are_given_row_by_row(name: str) -> None:
    model = fits_with(name)
    assert wants_groups(model)
    fit(model, [[0]] * 5, [0] * 5, groups=GROUPS)
    assert model.given.tolist() == GROUPS.tolist()


def test_groups_are_given_as_counts_where_fit_names_group() -> None:
    model = fits_with("group")
    fit(model, [[0]] * 5, [0] * 5, groups=GROUPS)
    assert model.given.tolist() == [2, 3]


def test_a_pipeline_hands_groups_to_its_last_step() -> None:
    model = Pipeline([("ranker", fits_with("group"))])
    fit(model, [[0]] * 5, [0] * 5, groups=GROUPS)
    assert model[-1].given.tolist() == [2, 3]


def test_a_model_that_names_no_groups_gets_none() -> None:
    model = fits_with("other")
    assert not wants_groups(model)
    fit(model, [[0]] * 5, [0] * 5, groups=GROUPS)
    assert model.given is None
