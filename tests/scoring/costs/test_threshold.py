"""Thresholds: Elkan's p*, and the cheapest threshold against every threshold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.scoring.costs import best_threshold, optimal_thresholds

cells = st.integers(-9, 9).map(float)
rows_of = st.lists(st.tuples(st.integers(0, 6).map(lambda n: n / 6), cells, cells, st.integers(0, 3)), min_size=1)


def table(
    c10: float, c01: float, c00: float = 0.0, c11: float = 0.0
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    return {name: np.array([value]) for name, value in {"c10": c10, "c01": c01, "c00": c00, "c11": c11}.items()}


def test_equal_errors_are_decided_at_one_half_and_dear_misses_earlier() -> None:
    assert optimal_thresholds(table(1, 1))[0] == 0.5
    assert optimal_thresholds(table(1, 19))[0] == pytest.approx(0.05)
    assert optimal_thresholds(table(10, 50, 0, 10))[0] == pytest.approx(0.2)


@given(cells, cells, cells, cells)
def test_at_p_star_both_decisions_are_expected_to_cost_the_same(c10: float, c01: float, c00: float, c11: float) -> None:
    p = optimal_thresholds(table(c10, c01, c00, c11))[0]
    if c10 - c00 + c01 - c11 > 0:
        assert p * c11 + (1 - p) * c10 == pytest.approx(p * c01 + (1 - p) * c00, abs=1e-9)
    else:
        assert np.isnan(p)


@given(rows_of)
def test_no_threshold_costs_less_than_the_best(rows: list[tuple[float, float, float, int]]) -> None:
    p, yes, no, weight = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))

    def cost(threshold: float) -> float:
        return float(weight @ np.where(p >= threshold, yes, no))

    found = best_threshold(p, yes, no, weight)
    tried = [cost(threshold) for threshold in (*np.unique(p), np.inf)]
    assert found.cost == pytest.approx(min(tried))
    assert cost(found.value) == pytest.approx(found.cost)


def test_never_deciding_positive_has_an_infinite_threshold() -> None:
    found = best_threshold(np.array([0.9, 0.1]), np.array([5.0, 5.0]), np.array([1.0, 1.0]), np.array([0.5, 0.5]))
    assert (found.value, found.cost) == (np.inf, 1.0)
