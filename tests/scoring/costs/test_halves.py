"""Halves of rows, and means over them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.scoring.costs import _halves, half_means, halves


@given(st.integers(2, 40), st.integers(1, 10), st.integers(0, 5))
def test_half_of_the_rows_is_in_each_half(n_rows: int, n_splits: int, seed: int) -> None:
    masks = halves(n_rows, n_splits, seed)
    assert masks.shape == (n_splits, n_rows)
    assert masks.sum(axis=1).tolist() == [(n_rows + 1) // 2] * n_splits
    assert (masks == halves(n_rows, n_splits, seed)).all()


@given(st.lists(st.integers(0, 4), min_size=4, max_size=30))
def test_a_group_stays_whole(drawn: list[int]) -> None:
    groups = np.unique(drawn, return_inverse=True)[1].astype(np.int64)
    for mask in halves(len(groups), 5, groups=groups):
        assert all(len(set(mask[groups == group])) == 1 for group in set(groups.tolist()))


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(0.1, 3)), min_size=3, max_size=20))
def test_means_are_those_of_the_rows_in_the_half(rows: list[tuple[float, float]]) -> None:
    values, weight = np.array(rows).T
    masks = halves(len(values), 4)
    table = np.column_stack([values, values**2])
    found = half_means(masks, table, weight)
    plain = half_means(masks, table)
    for half, rows_of_half in enumerate((masks, ~masks)):
        for split, mask in enumerate(rows_of_half):
            expected = np.average(table[mask], axis=0, weights=weight[mask])
            assert found[half][split] == pytest.approx(expected)
            assert plain[half][split] == pytest.approx(table[mask].mean(axis=0))


def test_a_half_without_rows_has_no_mean() -> None:
    first, second = half_means(np.array([[False, False]]), np.ones((2, 1)))
    assert np.isnan(first).all()
    assert second.tolist() == [[1.0]]


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).normal(size=(50, 3))
    masks = halves(50, 5)
    whole = half_means(masks, values)
    monkeypatch.setattr(_halves, "_BLOCK", 7)
    for one, other in zip(whole, half_means(masks, values), strict=True):
        assert one == pytest.approx(other)
