"""What a canonical form describes is built again: the form of what was built is the form that it was built from."""

from __future__ import annotations

import datetime as dt
import enum
import functools
import inspect
import pathlib
import types
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.gaussian_process.kernels import RBF, WhiteKernel
from sklearn.linear_model import LogisticRegression, Ridge, RidgeCV
from sklearn.metrics import f1_score, make_scorer
from sklearn.model_selection import GridSearchCV, KFold, StratifiedKFold
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import FunctionTransformer, PolynomialFeatures, StandardScaler
from sklearn.utils import all_estimators

from bancada.exceptions import DefinitionError
from bancada.identity import digest_bytes
from bancada.models import describe
from bancada.models.building import arrays, build
from bancada.tasks import Binary, Multiclass, Quantile, Ranking


class Mode(enum.Flag):
    """Values that can be combined."""

    A = 1
    B = 2


class Scaled:
    """An object that is its attributes."""

    def __init__(self, factor: float) -> None:
        self.factor = factor

    def by(self, value: float) -> float:
        return self.factor * value


def halved(value: float) -> float:
    return value / 2


def again(value: Any) -> Any:
    """Describe a value and build it."""
    kept = {digest_bytes(data): data for data in arrays(value)}
    return build(describe(value), kept.__getitem__)


numbers = st.floats(allow_nan=False) | st.integers() | st.sampled_from([float("inf"), -float("inf")])
leaves = (
    st.none()
    | st.booleans()
    | numbers
    | st.text(max_size=5)
    | st.dates()
    | st.datetimes()
    | st.datetimes(timezones=st.just(dt.UTC))
    | st.timedeltas()
    | st.sampled_from(
        [halved, np.log1p, Ridge, len, Mode.A, Mode.A | Mode.B, np.float32(0.1), np.dtype("f4"), range(3)]
    )
    | st.sampled_from([pathlib.PurePath("a/b"), slice(1, None, 2), functools.partial(np.add, 1), np.datetime64(3, "D")])
    | st.lists(st.integers(-9, 9), max_size=3).map(np.array)
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        | st.builds(lambda value: Ridge(alpha=value), inner)
        | st.builds(lambda value: make_pipeline(StandardScaler(), FunctionTransformer(kw_args=value)), inner)
    ),
    max_leaves=6,
)


@given(value=values)
@settings(max_examples=150)
def test_the_form_of_what_was_built_is_the_form_that_it_was_built_from(value: object) -> None:
    assert describe(again(value)) == describe(value)


def test_every_estimator_of_scikit_learn_is_built_again() -> None:
    built = 0
    for _, kind in all_estimators():
        parameters = inspect.signature(kind).parameters.values()
        if all(each.default is not each.empty or each.kind is each.VAR_KEYWORD for each in parameters):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", FutureWarning)
                model = kind()
                assert describe(again(model)) == describe(model)
            built += 1
    assert built > 150


@pytest.mark.parametrize(
    "value",
    [
        make_pipeline(
            ColumnTransformer([("scaled", StandardScaler(), ["a"]), ("kept", "passthrough", slice(1, 3))]),
            FeatureUnion([("poly", PolynomialFeatures(3)), ("half", FunctionTransformer(halved))]),
            GridSearchCV(Ridge(), {"alpha": [0.1, 1.0]}, cv=KFold(3), scoring=make_scorer(f1_score)),
        ),
        VotingClassifier([("a", LogisticRegression(C=0.1)), ("b", RandomForestClassifier(random_state=3))]),
        RidgeCV(alphas=np.logspace(-3, 3, 7)),
        RBF(0.5) + WhiteKernel(),
        FunctionTransformer(Scaled(2.0).by),
        StratifiedKFold(3),
        Binary(positive="malignant"),
        Multiclass(["a", "b"]),
        Quantile((0.1, 0.9)),
        Ranking("query"),
        float("-inf"),
        {1: {2}, "a": frozenset({3})},
    ],
)
def test_what_is_used_in_models_and_problems_is_built_again(value: object) -> None:
    assert describe(again(value)) == describe(value)


def test_a_model_that_was_built_predicts_the_same() -> None:
    X, y = load_iris(return_X_y=True)
    model = make_pipeline(StandardScaler(), RandomForestClassifier(10, random_state=1, class_weight={0: 1, 1: 2, 2: 3}))
    twice = [clone(each).fit(X, y).predict_proba(X) for each in (model, again(model))]
    assert np.array_equal(*twice)


def test_what_was_built_is_its_own() -> None:
    value = Ridge(alpha=[1.0])
    again(value).alpha.append(2.0)
    assert value.alpha == [1.0]


def test_a_package_may_be_named_that_has_it_at_its_door() -> None:
    assert build({"class": "sklearn.linear_model:Ridge", "params": {"alpha": 2.0}}).alpha == 2.0


def test_what_was_extracted_is_found_in_its_module() -> None:
    module = types.ModuleType("made")
    exec("def third(x):\n    return x / 3", vars(module))  # noqa: S102 - a text of this test
    form = describe(FunctionTransformer(module.third), [(module.third, "__extracted__:third")])
    assert build(form, modules={"__extracted__": module}).func is module.third


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ({"reference": "no_such_module_at_all:x"}, "is not there: No module named"),
        ({"reference": "math:tangle"}, "is not there: module 'math' has no attribute 'tangle'"),
        ({"reference": "math"}, "'math' is no reference"),
        ({"class": "builtins:dict"}, "cannot be made: KeyError: 'params'"),
        ({"class": "sklearn.linear_model:Ridge", "params": {"beta": 1}}, "unexpected keyword argument 'beta'"),
        ({"array": "ab" * 32, "dtype": "int64", "shape": [1]}, "are not at hand"),
        ({"datetime": "__import__('os').system('true')"}, "is no date, time or range"),
        ({"date": "datetime.date(2026"}, "cannot be read"),
        ({"unheard": 1}, "is of no kind that is known"),
        ({"a": 1, "b": 2}, "cannot be made: ValueError"),
        (object(), "it holds a `object`"),
        ({"reference": "bancada.provenance.origin._ssh:subprocess.call"}, "leads through the module `subprocess`"),
        ({"reference": "inspect:ast"}, "leads through the module `ast`"),
        ({"reference": "inspect:namedtuple"}, "is of another module: `collections`"),
        ({"reference": "inspect:namedtuple.__globals__"}, "is of another module: `None`"),
        ({"class": "os:getcwd", "params": {}}, "`os:getcwd` is of another module"),
        ({"class": "inspect:getsource", "params": {}}, "`inspect:getsource` is no class"),
        ({"enum": "sklearn.linear_model._ridge:Ridge.A"}, "`sklearn.linear_model._ridge:Ridge` is no enumeration"),
        ({"method": "__globals__", "of": {"reference": "inspect:getsource"}}, "is no method of a `function`"),
    ],
)
def test_a_form_that_cannot_be_built_is_refused_with_its_reason(form: object, found: str) -> None:
    with pytest.raises(DefinitionError, match=r"cannot be rebuilt: .*" + found.replace("(", r"\(")):
        build(form)


def test_a_form_that_is_nested_without_end_is_refused() -> None:
    form: Any = 1
    for _ in range(500):
        form = [form]
    with pytest.raises(DefinitionError, match="nested too deeply"):
        build(form)
