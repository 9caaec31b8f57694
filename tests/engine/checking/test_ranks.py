"""Ranks and the area under the curve, held against scipy and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from bancada.engine.checking._ranks import auc, ranks


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=40))
def test_ranks_are_scipys(values: list[int]) -> None:
    assert ranks(np.array(values, dtype=float)).tolist() == stats.rankdata(values).tolist()


@given(st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=2, max_size=40))
def test_the_area_is_scikit_learns(rows: list[tuple[int, bool]]) -> None:
    scores, positive = np.array([row[0] for row in rows], dtype=float), np.array([row[1] for row in rows])
    if positive.all() or not positive.any():
        assert auc(scores, positive) == 0.5
    else:
        assert auc(scores, positive) == pytest.approx(roc_auc_score(positive, scores))
