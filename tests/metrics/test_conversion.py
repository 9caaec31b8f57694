"""What an evaluation may name as a metric."""

from __future__ import annotations

from typing import Any

import pytest
from sklearn.metrics import accuracy_score, get_scorer, make_scorer

from bancada.exceptions import DefinitionError, NotFoundError
from bancada.metrics import as_metric, from_function, get
from bancada.metrics._function import FunctionMetric
from bancada.metrics._scorer import ScorerMetric


def closeness(y_true: Any, y_pred: Any) -> float:
    return 1 - float(abs(y_true - y_pred).max())


def own_scorer(model: Any, X: Any, y: Any) -> float:
    return float((model.predict(X) == y).mean())


def test_a_name_is_a_built_in() -> None:
    assert as_metric("rmse") is get("rmse")


def test_a_metric_is_itself() -> None:
    for metric in (get("rmse"), from_function(closeness, greater_is_better=True)):
        assert as_metric(metric) is metric


@pytest.mark.parametrize("scorer", [make_scorer(accuracy_score), get_scorer("roc_auc"), own_scorer])
def test_a_scorer_is_replayed(scorer: Any) -> None:
    assert isinstance(as_metric(scorer), ScorerMetric)


def test_a_function_without_direction_is_told_how_to_say_it() -> None:
    with pytest.raises(DefinitionError, match=r"from_function\(closeness, greater_is_better=…\)"):
        as_metric(closeness)


@pytest.mark.parametrize("direction", [True, False])
def test_a_function_may_carry_its_direction(direction: bool) -> None:
    def distance(y_true: Any, y_pred: Any) -> float:
        return float(abs(y_true - y_pred).max())

    distance.greater_is_better = direction  # type: ignore[attr-defined]  # as a user would write it
    metric = as_metric(distance)
    assert isinstance(metric, FunctionMetric)
    assert metric.greater_is_better is direction


def test_a_mistyped_name_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="There is no metric `rsme`"):
        as_metric("rsme")


@pytest.mark.parametrize("value", [3, None, ["roc_auc"]])
def test_anything_else_is_no_metric(value: Any) -> None:
    with pytest.raises(DefinitionError, match="A metric is a name, a metric, a scikit-learn scorer or a function"):
        as_metric(value)
