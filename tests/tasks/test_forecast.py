"""The forecast task: where rows stand in time, and its refusals."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.contracts import PlacedTask, Task
from bancada.exceptions import DataError, DefinitionError
from bancada.samples import FoldPart, SplitRows, Timeline
from bancada.splits import TimeOrdered
from bancada.tasks import Forecast


def timeline(series: list[Any], order: list[int]) -> Timeline:
    codes = np.unique(series, return_inverse=True)[1].astype(np.int64)
    return Timeline(pa.array(series), pa.array(order), codes, np.asarray(order, dtype=np.int64))


def truth(values: Any) -> pa.Table:
    return pa.table({"value": np.asarray(values, dtype=np.float64)})


def part(train: Any, test: Any) -> FoldPart:
    return FoldPart(np.asarray(train, dtype=np.int64), np.asarray(test, dtype=np.int64))


def test_a_task_is_a_value_that_crosses_processes() -> None:
    task = Forecast(season=7)
    assert isinstance(task, Task)
    assert isinstance(task, PlacedTask)
    assert pickle.loads(pickle.dumps(task)) == task  # noqa: S301 - bytes that this very line has pickled
    assert (task.name, task.has_classes, task.metrics[0]) == ("forecast", False, "mae")
    assert task.identity() == {"name": "forecast", "season": 7}
    assert not set(task.schema().names) & set(task.place_schema().names)
    assert task.resolve(pa.table({"sold": [1, 2]})) == task


@pytest.mark.parametrize("season", [0, -7, 1.5, True, "week", None])
def test_a_season_is_a_count_of_steps(season: Any) -> None:
    with pytest.raises(DefinitionError, match=r"`season` must be a whole number of steps of at least 1\. It is "):
        Forecast(season)


def test_places_of_one_series() -> None:
    order = [3, 0, 1, 5, 2, 4]
    places = Forecast().places(timeline([0] * 6, order), truth([8, 1, 2, 9, 4, 9]), [part([1, 2, 4], [0, 3])])
    assert places.schema == Forecast().place_schema()
    assert places.column("step").to_pylist() == order
    assert places.column("horizon").to_pylist() == [1, None, None, 3, None, None]
    np.testing.assert_array_equal(places.column("scale"), [1.5, np.nan, np.nan, 1.5, np.nan, np.nan])
    assert places.column("time").to_pylist() == [str(value) for value in order]


def test_a_horizon_counts_the_steps_of_its_own_series() -> None:
    # `b` is known every second day only, `c` begins after the cut-off.
    series, order = list("aaaabbbbcc"), [0, 1, 2, 3, 0, 2, 4, 6, 3, 5]
    fold = part([0, 1, 4], [2, 3, 5, 6, 7, 8, 9])
    places = Forecast().places(timeline(series, order), truth(range(10)), [fold])
    assert places.column("horizon").to_pylist() == [None, None, 1, 2, None, 1, 2, 3, 1, 2]
    scale = places.column("scale").to_numpy()
    np.testing.assert_array_equal(scale[[2, 3]], 1.0)
    assert np.isnan(scale[[5, 8]]).all()


@given(
    n_steps=st.integers(6, 14),
    n_series=st.integers(1, 3),
    season=st.integers(1, 3),
    gap=st.integers(0, 1),
    seed=st.integers(0, 99),
)
def test_places_follow_from_their_definition(n_steps: int, n_series: int, season: int, gap: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    cells = [(name, step) for name in "abc"[:n_series] for step in range(n_steps) if step < 4 or draw.random() < 0.8]
    cells = [cells[i] for i in draw.permutation(len(cells))]
    series, times = [name for name, _ in cells], [step for _, step in cells]
    order = np.unique(times, return_inverse=True)[1]
    values = draw.normal(size=len(cells))
    rows = SplitRows(ids=pa.array(range(len(cells))), columns=None, time=pa.table({"day": times}))
    parts = TimeOrdered(1, test=2, gap=gap).folds(rows, 0)
    table = Forecast(season).places(timeline(series, list(order)), truth(values), parts)
    horizon, scale = table.column("horizon").to_pylist(), table.column("scale").to_numpy()
    for row in parts[0].test:
        own = [i for i in range(len(cells)) if series[i] == series[row]]
        known = sorted((i for i in own if i in parts[0].train), key=lambda i: times[i])
        last = max(times[i] for i in known)
        assert horizon[row] == sum(last < times[i] <= times[row] for i in own)
        changes = [abs(values[b] - values[a]) for a, b in zip(known, known[season:], strict=False)]
        assert scale[row] == pytest.approx(np.mean(changes)) if changes else np.isnan(scale[row])


def test_two_rows_of_one_series_and_time_are_refused() -> None:
    with pytest.raises(
        DataError, match=r"Series 'a' has several at 1; 1 rows are too many\. Name the column of the se"
    ):
        Forecast().places(timeline(list("aab"), [1, 1, 1]), truth([1, 2, 3]), [part([0], [1])])


def test_training_after_the_test_is_refused() -> None:
    with pytest.raises(DataError, match=r"Fold 0 tests 1 rows that are not after the last training time.*TimeOrdered"):
        Forecast().places(timeline([0, 0, 0], [0, 1, 2]), truth([1, 2, 3]), [part([0, 2], [1])])


def test_other_targets_are_refused_as_by_a_regression() -> None:
    with pytest.raises(DataError, match="`sold` is null or NaN in 1 of 2 rows"):
        Forecast().resolve(pa.table({"sold": [1.0, None]}))
