"""Functions as metrics."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.metrics import fbeta_score, log_loss

from bancada.contracts import Metric
from bancada.exceptions import DefinitionError
from bancada.metrics import from_function
from bancada.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Sample]


def hit_rate(y_true: Any, y_pred: Any) -> float:
    return float(np.mean(y_true == y_pred))


def brier(y_true: Any, y_proba: Any) -> float:
    return float(np.mean((y_true - y_proba) ** 2))


def revenue(y_true: Any, y_pred: Any, rows: pd.DataFrame) -> float:
    return float((rows["amount"] * y_pred * y_true).sum())


def weighted(y_true: Any, y_pred: Any, sample_weight: Any) -> float:
    return float(np.average(y_true == y_pred, weights=sample_weight))


def jaccard(y_true: Any, y_pred: Any) -> float:
    shares = [
        len({*true} & {*found}) / max(len({*true} | {*found}), 1) for true, found in zip(y_true, y_pred, strict=True)
    ]
    return sum(shares) / len(shares)


def test_any_function_is_a_metric(binary: Make) -> None:
    metric = from_function(hit_rate, greater_is_better=True, bounds=(0, 1))
    assert isinstance(metric, Metric)
    assert (metric.name, metric.greater_is_better, metric.bounds) == ("hit_rate", True, (0, 1))
    assert (metric.aggregate, metric.columns) == ("fold-mean", ())
    assert metric.score(binary([0, 1], [0.1, 0.2])) == 0.5
    assert metric.pairs(binary([0, 1], [0.1, 0.2])) == 0.0


def test_the_name_of_the_second_parameter_asks_for_probabilities(binary: Make) -> None:
    assert from_function(brier, greater_is_better=False).score(binary([0, 1], [0.5, 0.5])) == 0.25


def test_a_function_of_scikit_learn_with_parameters_is_a_metric(binary: Make) -> None:
    sample = binary([0, 1, 1, 0], [0.9, 0.8, 0.1, 0.2])
    metric = from_function(partial(fbeta_score, beta=2), greater_is_better=True)
    assert metric.name == "fbeta_score"
    assert metric.score(sample) == pytest.approx(fbeta_score([0, 1, 1, 0], [1, 1, 0, 0], beta=2))
    losses = from_function(log_loss, greater_is_better=False, reads="probability")
    assert losses.score(sample) == pytest.approx(log_loss([0, 1, 1, 0], [0.9, 0.8, 0.1, 0.2]))


def test_lists_of_a_structured_task_reach_the_function(tags: Sample) -> None:
    assert from_function(jaccard, greater_is_better=True).score(tags) == pytest.approx((1 + 0.5 + 0) / 3)


def test_rows_are_a_frame_of_the_named_columns(binary: Make) -> None:
    frames = []

    def note(y_true: Any, y_pred: Any, rows: pd.DataFrame) -> float:
        frames.append(rows)
        return revenue(y_true, y_pred, rows)

    metric = from_function(note, greater_is_better=True, columns=["amount"])
    assert metric.columns == ("amount",)
    assert metric.score(binary([1, 1, 0], [0.9, 0.9, 0.1])) == 1.0
    pd.testing.assert_frame_equal(frames[0], pd.DataFrame({"amount": [0.0, 1.0, 2.0]}))


def test_weights_reach_a_function_that_takes_them(binary: Make) -> None:
    metric = from_function(weighted, greater_is_better=True)
    assert metric.score(binary([1, 1], [0.9, 0.1], np.array([3.0, 1.0]))) == 0.75
    assert metric.score(binary([1, 1], [0.9, 0.1])) == 0.5


def test_no_rows_have_no_score_and_the_function_is_not_asked(binary: Make) -> None:
    def refuse(y_true: Any, y_pred: Any) -> float:
        raise AssertionError

    assert math.isnan(from_function(refuse, greater_is_better=True).score(binary([], [])))


@pytest.mark.parametrize("returned", [None, "0.5", [1, 2], np.array([1.0, 2.0])])
def test_a_metric_returns_one_number(returned: Any, binary: Make) -> None:
    def broken(y_true: Any, y_pred: Any) -> Any:
        return returned

    with pytest.raises(DefinitionError, match="`broken` returned a "):
        from_function(broken, greater_is_better=True).score(binary([0, 1], [0, 1]))


def test_a_number_of_numpy_is_a_number(binary: Make) -> None:
    def exact(y_true: Any, y_pred: Any) -> Any:
        return np.mean(y_true == y_pred)

    assert type(from_function(exact, greater_is_better=True).score(binary([0, 1], [0, 1]))) is float


def test_missing_is_empty_exactly_where_score_can_read(binary: Make, tags: Sample) -> None:
    metric = from_function(brier, greater_is_better=False, reads="probability")
    sample = binary([0, 1], [0.1, 0.9])
    assert metric.missing(sample.truth.schema, sample.predictions.schema) == ()
    assert metric.score(sample) == pytest.approx(0.01)
    part = replace(sample, predictions=sample.predictions.select(["label"]))
    assert metric.missing(part.truth.schema, part.predictions.schema) == ("predictions.probability",)
    with pytest.raises(DefinitionError, match=r"There is no `predictions\.probability`"):
        metric.score(part)
    assert metric.missing(tags.truth.schema, tags.predictions.schema) == ("truth.label", "predictions.probability")


def test_the_identity_is_name_code_and_parameters() -> None:
    identity = from_function(hit_rate, greater_is_better=True).identity()
    assert set(identity.ingredients) == {"name", "code", "parameters"}
    assert identity == from_function(hit_rate, greater_is_better=True).identity()


def test_each_ingredient_changes_the_identity() -> None:
    power = partial(fbeta_score, beta=2)
    metrics = [
        from_function(hit_rate, greater_is_better=True),
        from_function(hit_rate, greater_is_better=True, name="other"),
        from_function(hit_rate, greater_is_better=True, reads="label"),
        from_function(hit_rate, greater_is_better=True, aggregate="pooled"),
        from_function(weighted, greater_is_better=True, name="hit_rate"),
        from_function(hit_rate, greater_is_better=True).with_code("0" * 64),
        from_function(power, greater_is_better=True),
        from_function(partial(fbeta_score, beta=3), greater_is_better=True),
    ]
    assert len({metric.identity().digest for metric in metrics}) == len(metrics)


def test_code_that_someone_knows_better_replaces_its_own() -> None:
    metric = from_function(lambda y_true, y_pred: 1.0, name="one", greater_is_better=True)
    with pytest.raises(DefinitionError, match="has no `def`"):
        metric.identity()
    assert metric.with_code("ab").identity().ingredients["code"] == "ab"


def test_a_function_of_other_arguments_is_refused() -> None:
    def alone(y_true: Any) -> float:
        return 0.0

    def many(y_true: Any, y_pred: Any, costs: Any) -> float:
        return 0.0

    for function in (alone, many):
        with pytest.raises(DefinitionError, match=r"takes `y_true` and `y_pred`.*functools\.partial"):
            from_function(function, greater_is_better=True)


def test_rows_without_columns_are_refused() -> None:
    with pytest.raises(DefinitionError, match=r"`columns` is empty\. Name them"):
        from_function(revenue, greater_is_better=True)


def test_an_unknown_kind_is_answered_with_the_nearest() -> None:
    with pytest.raises(DefinitionError, match=r"Did you mean `label`\?.*reads=\('labels',\)"):
        from_function(hit_rate, greater_is_better=True, reads="labels")


def test_pairs_of_an_unknown_function_cannot_be_counted() -> None:
    with pytest.raises(DefinitionError, match="'pairs-within-folds' was asked for"):
        from_function(hit_rate, greater_is_better=True, aggregate="pairs-within-folds")


def test_a_function_metric_survives_a_process_boundary() -> None:
    metric = from_function(partial(fbeta_score, beta=2), greater_is_better=True)
    copy = pickle.loads(pickle.dumps(metric))  # noqa: S301 - bytes that this very line has pickled
    assert copy.identity() == metric.identity()


def test_a_text_task_is_read_as_text() -> None:
    sample = Sample(pa.table({"text": ["a", "b"]}), pa.table({"text": ["a", "c"]}), pa.table({}))

    def exact(y_true: list[str], y_pred: list[str]) -> float:
        return sum(true == found for true, found in zip(y_true, y_pred, strict=True)) / len(y_true)

    assert from_function(exact, greater_is_better=True).score(sample) == 0.5
