"""An estimator as a value: equal models have equal forms, and nothing that decides its behaviour is left out."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from bancada.exceptions import DefinitionError
from bancada.identity import digest
from bancada.models import describe, is_estimator, parts


def nested(alpha: float) -> Pipeline:
    columns = ColumnTransformer([("scaled", StandardScaler(), ["a", "b"])], remainder="drop")
    return make_pipeline(columns, GridSearchCV(Ridge(), {"alpha": [alpha, 1.0]}, cv=KFold(3)))


def test_equal_models_have_equal_digests() -> None:
    assert digest(describe(nested(0.5))) == digest(describe(nested(0.5)))


def test_a_parameter_deep_inside_changes_the_digest() -> None:
    assert digest(describe(nested(0.5))) != digest(describe(nested(0.6)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        ((1, 2), [1, 2]),
        (None, "None"),
        (np.array([1, 2]), np.array([1, 3])),
        (np.array([1, 2]), np.array([1.0, 2.0])),
        (float("nan"), float("inf")),
        (functools.partial(np.log, 1), functools.partial(np.log, 2)),
    ],
)
def test_values_that_differ_have_forms_that_differ(one: object, other: object) -> None:
    assert digest(describe(Ridge(alpha=one))) != digest(describe(Ridge(alpha=other)))


def test_the_class_counts() -> None:
    assert describe(Ridge())["class"] != describe(LogisticRegression())["class"]


@pytest.mark.parametrize("value", [lambda x: x, np.random.default_rng(1), object()])
def test_what_has_no_form_is_refused(value: object) -> None:
    with pytest.raises(DefinitionError, match="must have a form that can be compared"):
        describe(FunctionTransformer(value))


def test_functions_and_classes_are_found_as_parts() -> None:
    found = parts(make_pipeline(FunctionTransformer(nested), RandomForestClassifier()))
    assert {nested, RandomForestClassifier, FunctionTransformer, Pipeline} <= set(found)


def test_a_class_is_no_estimator() -> None:
    assert is_estimator(Ridge())
    assert not is_estimator(Ridge)
