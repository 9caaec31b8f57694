"""The seasonal naive forecast."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.tasks import Forecast


def table(series: Any, step: Any) -> pa.Table:
    return pa.table({"series": series, "step": pa.array(step, pa.int64())})


def fitted(values: Any, season: int, series: Any = None, step: Any = None) -> Any:
    model = Forecast(season).baseline()
    n_rows = len(values)
    model.fit(table(["a"] * n_rows if series is None else series, range(n_rows) if step is None else step), values)
    return model


@pytest.mark.parametrize(("season", "wanted"), [(1, [5, 5, 5, 5]), (2, [4, 5, 4, 5]), (3, [3, 4, 5, 3])])
def test_the_last_season_is_repeated(season: int, wanted: list[float]) -> None:
    assert fitted([1, 2, 3, 4, 5], season).predict(table(["a"] * 4, [5, 6, 7, 8])).tolist() == wanted


def test_a_gap_moves_along_in_the_season() -> None:
    assert fitted([1, 2, 3, 4, 5], 3).predict(table(["a", "a"], [7, 6])).tolist() == [5, 4]


def test_a_series_shorter_than_a_season_repeats_its_last_value() -> None:
    assert fitted([1, 2], 7).predict(table(["a"] * 2, [2, 3])).tolist() == [2, 2]


def test_a_new_series_gets_the_mean_of_the_others_last_values() -> None:
    model = fitted([1, 2, 10, 20], 1, list("aabb"), [0, 1, 0, 1])
    assert model.predict(table(["a", "b", "c"], [2, 2, 0])).tolist() == [2, 20, 11]


def test_training_rows_get_the_value_one_season_before() -> None:
    assert fitted([1, 2, 3, 4], 2).predict(table(["a"] * 4, range(4))).tolist() == [1, 1, 1, 2]


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=12), st.integers(1, 5), st.permutations(range(6)))
def test_the_order_of_rows_does_not_matter(values: list[float], season: int, asked: list[int]) -> None:
    n_rows = len(values)
    order = np.random.default_rng(0).permutation(n_rows)
    shuffled = fitted(np.array(values)[order], season, ["a"] * n_rows, order)
    straight = fitted(values, season)
    steps = [n_rows + ahead for ahead in asked]
    found = shuffled.predict(table(["a"] * 6, steps))
    assert found.tolist() == straight.predict(table(["a"] * 6, steps)).tolist()
    if n_rows >= season:
        assert found.tolist() == [values[n_rows - season + ahead % season] for ahead in asked]
