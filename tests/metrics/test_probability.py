"""Losses of probabilities against scikit-learn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

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

rows = st.lists(st.tuples(st.booleans(), st.floats(1e-6, 1 - 1e-6), st.floats(0.1, 9.0)), min_size=1)


@given(drawn=rows)
def test_binary_losses_agree_with_scikit_learn(drawn: list[tuple[bool, float, float]], binary: Make) -> None:
    truth, share, weight = (np.array(column) for column in zip(*drawn, strict=True))
    plain, weighted = binary(truth, share), binary(truth, share, weight)
    both = np.column_stack([1 - share, share])
    expected = oracle.log_loss(truth, both, labels=[False, True])
    assert get("log_loss").score(plain) == pytest.approx(expected)
    expected = oracle.log_loss(truth, both, labels=[False, True], sample_weight=weight)
    assert get("log_loss").score(weighted) == pytest.approx(expected)
    expected = oracle.brier_score_loss(truth, share, pos_label=True)
    assert get("brier").score(plain) == pytest.approx(expected)
    expected = oracle.brier_score_loss(truth, share, pos_label=True, sample_weight=weight)
    assert get("brier").score(weighted) == pytest.approx(expected)


@given(seed=st.integers(0, 1000), n_rows=st.integers(1, 30))
def test_losses_of_several_classes_agree_with_scikit_learn(seed: int, n_rows: int, multiclass: Make) -> None:
    random = np.random.default_rng(seed)
    truth, weight = random.integers(0, 3, n_rows), random.uniform(0.1, 3, n_rows)
    matrix = random.dirichlet(np.ones(3), n_rows) * 0.999 + 0.001 / 3
    options = {"labels": [0, 1, 2], "sample_weight": weight}
    sample = multiclass(truth, matrix, weight)
    assert get("log_loss").score(sample) == pytest.approx(oracle.log_loss(truth, matrix, **options))
    expected = oracle.brier_score_loss(truth, matrix, scale_by_half=False, **options)
    assert get("brier").score(sample) == pytest.approx(expected)


def test_a_certain_error_costs_the_clipped_log_loss(binary: Make) -> None:
    assert get("log_loss").score(binary([1, 0], [0.0, 1.0])) == pytest.approx(-math.log(1e-15))


def test_a_certain_hit_costs_nothing(binary: Make) -> None:
    sample = binary([1, 0], [1.0, 0.0])
    assert get("log_loss").score(sample) == 0.0
    assert get("brier").score(sample) == 0.0


def test_the_multiclass_brier_score_is_not_halved(multiclass: Make) -> None:
    assert get("brier").score(multiclass([0], [[0.0, 1.0, 0.0]])) == 2.0


def test_weights_that_sum_to_zero_leave_a_loss_undefined(binary: Make) -> None:
    assert math.isnan(get("brier").score(binary([1, 0], [0.1, 0.2], np.zeros(2))))
