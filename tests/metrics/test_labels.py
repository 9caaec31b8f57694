"""Metrics of labels against scikit-learn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle

from bancada.metrics import get

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.samples import Sample

    Make = Callable[..., Sample]
    Rows = list[tuple[int, int, float]]

ORACLES: dict[str, Callable[..., float]] = {
    "accuracy": oracle.accuracy_score,
    "balanced_accuracy": oracle.balanced_accuracy_score,
    "f1": lambda *args, **options: oracle.f1_score(*args, zero_division=math.nan, **options),
    "precision": lambda *args, **options: oracle.precision_score(*args, zero_division=math.nan, **options),
    "recall": lambda *args, **options: oracle.recall_score(*args, zero_division=math.nan, **options),
    "specificity": lambda *args, **options: oracle.recall_score(*args, pos_label=0, zero_division=math.nan, **options),
    "mcc": oracle.matthews_corrcoef,
    "cohen_kappa": oracle.cohen_kappa_score,
    "f1_macro": lambda *args, **options: oracle.f1_score(*args, average="macro", **options),
    "f1_micro": lambda *args, **options: oracle.f1_score(*args, average="micro", **options),
    "f1_weighted": lambda *args, **options: oracle.f1_score(*args, average="weighted", **options),
    "precision_macro": lambda *args, **options: oracle.precision_score(*args, average="macro", **options),
    "recall_macro": lambda *args, **options: oracle.recall_score(*args, average="macro", **options),
}
BINARY_ONLY = {"f1", "precision", "recall", "specificity"}


def rows(n_classes: int) -> st.SearchStrategy[Rows]:
    label = st.integers(0, n_classes - 1)
    return st.lists(st.tuples(label, label, st.floats(0.25, 4.0)), min_size=2)


def columns(drawn: Rows) -> list[np.ndarray[Any, Any]]:
    return [np.array(column) for column in zip(*drawn, strict=True)]


@settings(max_examples=50)
@given(drawn=rows(2))
@pytest.mark.parametrize("name", sorted(ORACLES))
def test_label_metrics_of_two_classes_agree_with_scikit_learn(name: str, drawn: Rows, binary: Make) -> None:
    truth, label, weight = columns(drawn)
    found = get(name).score(binary(truth, label)), get(name).score(binary(truth, label, weight))
    if math.isnan(found[0]):
        # What scikit-learn gives there is a stand-in; that it is undefined is another test's law.
        assume(condition=False)
    assert found[0] == pytest.approx(ORACLES[name](truth, label), abs=1e-9)
    assert found[1] == pytest.approx(ORACLES[name](truth, label, sample_weight=weight), abs=1e-9)


@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
@settings(max_examples=50)
@given(drawn=rows(3))
@pytest.mark.parametrize("name", sorted(set(ORACLES) - BINARY_ONLY))
def test_label_metrics_of_three_classes_agree_with_scikit_learn(name: str, drawn: Rows, multiclass: Make) -> None:
    truth, label, weight = columns(drawn)
    matrix = np.eye(3)[label]
    found = get(name).score(multiclass(truth, matrix)), get(name).score(multiclass(truth, matrix, weight))
    if math.isnan(found[0]):
        assume(condition=False)
    assert found[0] == pytest.approx(ORACLES[name](truth, label), abs=1e-9)
    assert found[1] == pytest.approx(ORACLES[name](truth, label, sample_weight=weight), abs=1e-9)


@pytest.mark.parametrize(
    ("name", "truth", "label"),
    [
        ("balanced_accuracy", [1, 1], [1, 0]),
        ("f1", [0, 0], [0, 0]),
        ("precision", [1, 0], [0, 0]),
        ("recall", [0, 0], [1, 0]),
        ("specificity", [1, 1], [1, 0]),
        ("mcc", [1, 0], [1, 1]),
        ("mcc", [1, 1], [1, 0]),
        ("cohen_kappa", [1, 1], [1, 1]),
        ("precision_macro", [1, 0], [1, 1]),
        ("recall_macro", [1, 1], [1, 0]),
    ],
)
def test_a_zero_denominator_is_undefined(name: str, truth: list[int], label: list[int], binary: Make) -> None:
    assert math.isnan(get(name).score(binary(truth, label)))


@pytest.mark.parametrize("name", sorted(ORACLES))
def test_a_metric_is_defined_where_both_classes_are_true_and_predicted(name: str, binary: Make) -> None:
    assert math.isfinite(get(name).score(binary([0, 0, 1, 1], [0, 1, 0, 1])))


@pytest.mark.parametrize("weight", [0.1, 0.3, 0.7])
def test_weights_do_not_hide_a_single_class_from_the_correlation(weight: float, binary: Make) -> None:
    sample = binary([0, 1, 0], [1, 1, 1], np.full(3, weight))
    found = get("mcc").score(sample)
    assert math.isnan(found) or found == pytest.approx(0.0, abs=1e-6)


def test_a_perfect_label_is_perfect(multiclass: Make) -> None:
    sample = multiclass([0, 1, 2, 1], np.eye(3)[[0, 1, 2, 1]])
    assert {get(name).score(sample) for name in set(ORACLES) - BINARY_ONLY} == {1.0}


def test_a_binary_metric_follows_the_positive_class(binary: Make) -> None:
    sample = binary([1, 1, 1, 0], [1, 0, 0, 0])
    assert get("recall").score(sample) == pytest.approx(1 / 3)
    assert get("specificity").score(sample) == 1.0
