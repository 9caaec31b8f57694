"""Metrics of label sets against scikit-learn, and what they leave out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle

from bancada.metrics import from_function, get

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.samples import Sample

    Make = Callable[..., Sample]

NAN = float("nan")
OF_SETS: dict[str, Callable[..., float]] = {
    "hamming_loss": oracle.hamming_loss,
    "exact_match": oracle.accuracy_score,
    "f1_micro": lambda t, p, **w: oracle.f1_score(t, p, average="micro", zero_division=NAN, **w),
    "f1_macro": lambda t, p, **w: oracle.f1_score(t, p, average="macro", zero_division=NAN, **w),
    "f1_weighted": lambda t, p, **w: oracle.f1_score(t, p, average="weighted", zero_division=0, **w),
    "f1_samples": lambda t, p, **w: oracle.f1_score(t, p, average="samples", zero_division=1, **w),
    "jaccard_samples": lambda t, p, **w: oracle.jaccard_score(t, p, average="samples", zero_division=1, **w),
    "precision_micro": lambda t, p, **w: oracle.precision_score(t, p, average="micro", **w),
    "recall_micro": lambda t, p, **w: oracle.recall_score(t, p, average="micro", **w),
}
OF_SCORES: dict[str, Callable[..., float]] = {
    "roc_auc_macro": oracle.roc_auc_score,
    "average_precision_macro": oracle.average_precision_score,
    "label_ranking_ap": oracle.label_ranking_average_precision_score,
    "label_coverage_error": oracle.coverage_error,
}


def drawn(seed: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    random = np.random.default_rng(seed)
    truth = random.random((12, 3)) < 0.4
    truth[:2] = [[True] * 3, [False] * 3]
    share = random.integers(0, 9, (12, 3)) / 8
    share[0] = 1.0
    return truth, share, random.uniform(0.2, 3, 12)


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000))
@pytest.mark.parametrize("name", sorted(OF_SETS))
def test_label_sets_agree_with_scikit_learn(name: str, seed: int, multilabel: Make) -> None:
    truth, share, weight = drawn(seed)
    expected = OF_SETS[name](truth, share >= 0.5)
    assert get(name).score(multilabel(truth, share)) == pytest.approx(expected)
    weighted = OF_SETS[name](truth, share >= 0.5, sample_weight=weight)
    assert get(name).score(multilabel(truth, share, weight)) == pytest.approx(weighted)


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000))
@pytest.mark.parametrize("name", sorted(OF_SCORES))
def test_orders_agree_with_scikit_learn(name: str, seed: int, multilabel: Make) -> None:
    truth, share, weight = drawn(seed)
    metric, expected = get(name), OF_SCORES[name]
    sample = multilabel(truth, share, weight)
    assert metric.score(sample) == pytest.approx(expected(truth, share, sample_weight=weight))
    names = [name for name in sample.predictions.column_names if name.startswith("probability")]
    bare = multilabel(truth, share)
    of_probability = type(bare)(bare.truth, bare.predictions.select(names), bare.rows)
    assert metric.score(of_probability) == pytest.approx(expected(truth, share))


@given(seed=st.integers(0, 10_000))
def test_log_loss_and_brier_are_means_over_labels(seed: int, multilabel: Make) -> None:
    truth, share, weight = drawn(seed)
    share = share * 0.8 + 0.1
    for name, expected in (("log_loss", oracle.log_loss), ("brier", oracle.brier_score_loss)):
        parts = [expected(truth[:, j], share[:, j], sample_weight=weight) for j in range(3)]
        assert get(name).score(multilabel(truth, share, weight)) == pytest.approx(np.mean(parts))


@given(order=st.permutations(range(3)), seed=st.integers(0, 1000))
@pytest.mark.parametrize("name", sorted([*OF_SETS, *OF_SCORES, "log_loss", "brier"]))
def test_the_order_of_labels_changes_nothing(name: str, order: list[int], seed: int, multilabel: Make) -> None:
    truth, share, weight = drawn(seed)
    labels = [("a", "b", "c")[j] for j in order]
    turned = multilabel(truth[:, order], share[:, order], weight, labels=labels)
    assert get(name).score(turned) == pytest.approx(get(name).score(multilabel(truth, share, weight)), nan_ok=True)


def test_a_label_with_one_value_is_left_out_and_counted(multilabel: Make) -> None:
    sample = multilabel([[1, 0, 1], [0, 0, 1]], [[0.9, 0.2, 0.1], [0.4, 0.3, 0.9]])
    metric = get("roc_auc_macro")
    assert metric.score(sample) == 1.0
    left_out = metric.left_out(sample)
    assert left_out is not None
    assert (left_out.count, left_out.total, left_out.parts) == (2, 3, "labels")
    assert math.isnan(metric.score(multilabel([[1, 0, 1]], [[0.9, 0.2, 0.1]])))


def test_a_label_that_only_rows_without_weight_have_is_left_out(multilabel: Make) -> None:
    sample = multilabel([[1, 1, 0], [0, 0, 1], [1, 0, 0]], np.full((3, 3), 0.5), np.array([0.0, 1.0, 1.0]))
    assert get("roc_auc_macro").left_out(sample).count == 1  # type: ignore[union-attr]  # it always counts


def test_f1_leaves_out_a_label_that_neither_side_has(multilabel: Make) -> None:
    sample = multilabel([[1, 0, 1], [0, 0, 1]], [[0.9, 0.2, 0.1], [0.4, 0.3, 0.9]])
    assert get("f1_macro").left_out(sample).count == 1  # type: ignore[union-attr]  # it always counts


def test_a_function_gets_matrices(multilabel: Make) -> None:
    truth, share, weight = drawn(5)
    sample = multilabel(truth, share, weight)
    for average in ("micro", "macro"):

        def f1(y_true: Any, y_pred: Any, sample_weight: Any, average: str = average) -> float:
            return float(oracle.f1_score(y_true, y_pred, average=average, sample_weight=sample_weight))

        assert from_function(f1, greater_is_better=True).score(sample) == pytest.approx(
            get(f"f1_{average}").score(sample)
        )


def test_a_metric_of_another_task_says_what_it_lacks(multilabel: Make) -> None:
    schema = multilabel([[1, 0, 1]], [[0.9, 0.2, 0.1]])
    assert get("roc_auc").missing(schema.truth.schema, schema.predictions.schema) == (
        "truth.label",
        "predictions.score",
    )
