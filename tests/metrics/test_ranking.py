"""Rank metrics against scikit-learn, ties and weights included."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from bancada.metrics import get

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.samples import Sample

    Make = Callable[..., Sample]

# Few distinct scores, so that ties are common.
rows = st.lists(
    st.tuples(st.booleans(), st.integers(0, 8).map(lambda eighths: eighths / 8), st.integers(1, 5)), min_size=2
).filter(lambda drawn: len({truth for truth, _, _ in drawn}) == 2)


def columns(drawn: list[tuple[Any, ...]]) -> list[np.ndarray[Any, Any]]:
    return [np.array(column) for column in zip(*drawn, strict=True)]


@given(drawn=rows)
@pytest.mark.parametrize("name", ["roc_auc", "average_precision"])
def test_ranking_metrics_agree_with_scikit_learn(name: str, drawn: list[tuple[Any, ...]], binary: Make) -> None:
    truth, score, weight = columns(drawn)
    expected = getattr(oracle, f"{name}_score")
    metric = get(name)
    assert metric.score(binary(truth, score)) == pytest.approx(expected(truth, score))
    weighted = metric.score(binary(truth, score, weight.astype(np.float64)))
    assert weighted == pytest.approx(expected(truth, score, sample_weight=weight))


@given(seed=st.integers(0, 1000))
def test_one_against_the_rest_agrees_with_scikit_learn(seed: int, multiclass: Make) -> None:
    random = np.random.default_rng(seed)
    truth = np.concatenate([[0, 1, 2], random.integers(0, 3, 20)])
    matrix = random.integers(1, 5, (23, 3)).astype(np.float64)
    matrix /= matrix.sum(axis=1, keepdims=True)
    weight = random.uniform(0.1, 3, 23)
    metric = get("roc_auc_ovr")
    expected = oracle.roc_auc_score(truth, matrix, multi_class="ovr")
    assert metric.score(multiclass(truth, matrix)) == pytest.approx(expected)
    parts = [oracle.roc_auc_score(truth == index, matrix[:, index], sample_weight=weight) for index in range(3)]
    assert metric.score(multiclass(truth, matrix, weight)) == pytest.approx(np.mean(parts))


@pytest.mark.parametrize("truth", [[0, 0, 0], [1, 1, 1]])
def test_roc_auc_of_one_class_is_undefined(truth: list[int], binary: Make) -> None:
    assert math.isnan(get("roc_auc").score(binary(truth, [0.1, 0.2, 0.3])))


def test_a_class_whose_rows_weigh_nothing_is_absent(binary: Make) -> None:
    sample = binary([0, 1, 1], [0.1, 0.2, 0.3], np.array([0.0, 1.0, 1.0]))
    assert math.isnan(get("roc_auc").score(sample))


def test_average_precision_without_positives_is_undefined(binary: Make) -> None:
    assert math.isnan(get("average_precision").score(binary([0, 0], [0.1, 0.2])))


def test_one_against_the_rest_is_undefined_where_a_class_is_absent(multiclass: Make) -> None:
    assert math.isnan(get("roc_auc_ovr").score(multiclass([0, 1], [[0.6, 0.3, 0.1], [0.2, 0.5, 0.3]])))


def test_a_constant_score_ranks_by_chance(binary: Make) -> None:
    assert get("roc_auc").score(binary([0, 1, 0, 1, 1], [0.5] * 5)) == 0.5


@given(drawn=rows)
def test_pairs_count_positives_times_negatives(drawn: list[tuple[Any, ...]], binary: Make) -> None:
    truth, score, weight = columns(drawn)
    metric = get("roc_auc")
    assert metric.pairs(binary(truth, score)) == truth.sum() * (~truth).sum()
    expected = float(weight[truth].sum() * weight[~truth].sum())
    assert metric.pairs(binary(truth, score, weight.astype(np.float64))) == pytest.approx(expected)


def test_pairs_join_folds_into_the_share_of_concordant_pairs(binary: Make) -> None:
    metric = get("roc_auc")
    one, two = binary([0, 1], [0.3, 0.2]), binary([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4])
    joined = sum(metric.score(fold) * metric.pairs(fold) for fold in (one, two)) / (1 + 4)
    assert joined == pytest.approx(4 / 5)


def test_a_rank_metric_without_variation_warns_of_nothing(binary: Make) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert math.isnan(get("average_precision").score(binary([0], [0.2])))
