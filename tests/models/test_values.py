"""An estimator as a value: equal models have equal forms, and nothing that decides its behaviour is left out."""

from __future__ import annotations

import collections
import datetime as dt
import enum
import functools
import inspect
import pathlib
import pickle
import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.gaussian_process.kernels import RBF, WhiteKernel
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import f1_score, make_scorer
from sklearn.model_selection import GridSearchCV, KFold, StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.utils import all_estimators

from bancada.exceptions import DefinitionError
from bancada.identity import digest
from bancada.models import describe, is_estimator, parts


class Scaled:
    """An object that is its attributes."""

    def __init__(self, factor: float) -> None:
        self.factor = factor

    def by(self, value: float) -> float:
        return self.factor * value

    @classmethod
    def made(cls) -> Scaled:
        return cls(1.0)


class Doubled(Scaled):
    """A class that shares a method with another."""


class Slotted:
    """An object whose state is not in its attributes alone."""

    __slots__ = ("__dict__", "hidden")

    def __init__(self, hidden: int) -> None:
        self.hidden = hidden


class Mode(enum.Flag):
    """Values that can be combined."""

    A = 1
    B = 2


def bare(value: float) -> float:
    return value


def wrapping(factor: float) -> Any:
    @functools.wraps(bare)
    def scaled(value: float) -> float:
        return factor * bare(value)

    return scaled


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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.float32(0.5), 0.5),
        (np.datetime64(1, "ns"), 1),
        (np.datetime64(1, "D"), np.timedelta64(1, "D")),
        ({1, 2}, frozenset({1, 2})),
        (slice(1, 2), slice(1, 3)),
        (Scaled(2.0).by, Scaled(3.0).by),
        (Scaled.made, Doubled.made),
        ([1].count, [2].count),
        (Mode.A | Mode.B, Mode.A),
        (Mode(0), Mode.A),
        (dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "2026-01-01 00:00:00+00:00"),
        (np.array(["a"], dtype="U1"), np.array(["a"], dtype="U2")),
    ],
)
def test_what_looks_alike_and_is_not_has_forms_that_differ(one: object, other: object) -> None:
    assert digest(describe(one)) != digest(describe(other))


def _tagged(kind: type, *args: object) -> object:
    value = type(kind.__name__, (kind,), {"__module__": __name__})(*args)
    value.tag = 1
    return value


@pytest.mark.parametrize(
    "value",
    [
        _tagged(collections.deque, [1]),
        _tagged(list, [1]),
        _tagged(dict, {"a": 1}),
        _tagged(str, "a"),
        _tagged(int, 1),
        _tagged(float, 1.0),
        _tagged(tuple, (1,)),
        collections.OrderedDict(a=1),
        collections.deque([1]),
        np.ma.MaskedArray([1.0, 2.0], mask=[False, True]),
        np.ones(2).view(np.recarray),
        np.array([object()]),
        np.array([(1, object())], dtype=[("a", "i8"), ("b", "O")])[0],
        Slotted(1),
        ValueError("a"),
        FrozenEstimator(Ridge()),
        wrapping(1),
    ],
)
def test_what_may_keep_state_that_nobody_sees_has_no_form(value: object) -> None:
    with pytest.raises(DefinitionError, match="must have a form that can be compared"):
        describe(FunctionTransformer(value))


@pytest.mark.parametrize(
    "value",
    [
        np.float64(0.5),
        np.int64(3),
        np.str_("a"),
        np.longdouble(1) / 3,
        Scaled(2.0),
        Scaled(2.0).by,
        np.log1p,
        np.where,
        f1_score,
        len,
        Ridge,
        pathlib.PurePath("a"),
        dt.date(2026, 1, 1),
        range(3),
        np.dtype("f8"),
        StratifiedKFold(3),
        RBF() + WhiteKernel(),
        make_scorer(f1_score),
    ],
)
def test_what_is_used_in_models_has_a_form(value: object) -> None:
    again = pickle.loads(pickle.dumps(value))  # noqa: S301 - bytes of this very line
    assert digest(describe(value)) == digest(describe(again))


@pytest.mark.parametrize(("one", "other"), [(np.float64(0.5), 0.5), (np.int64(3), 3), (np.bool_(True), True)])
def test_a_scalar_that_equals_a_number_of_python_is_that_number(one: object, other: object) -> None:
    assert digest(describe(one)) == digest(describe(other))


def test_every_estimator_of_scikit_learn_has_a_form() -> None:
    for _, kind in all_estimators():
        parameters = inspect.signature(kind).parameters.values()
        if all(each.default is not each.empty or each.kind is each.VAR_KEYWORD for each in parameters):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)
                model = kind()
            assert len(digest(describe(model))) == 64


def test_the_owner_of_a_method_is_a_part() -> None:
    assert Scaled in parts(FunctionTransformer(Scaled(2.0).by))


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
