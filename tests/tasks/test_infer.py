"""Which task a target asks for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from bancada.exceptions import DataError
from bancada.tasks import Binary, Multiclass, Regression, infer


@pytest.mark.parametrize(
    ("values", "task"),
    [
        ([True, False], Binary()),
        ([0, 1, 1], Binary()),
        ([0.0, 1.0], Binary()),
        ([0.5, 1.0], Regression()),
        ([0.5, 1.0, 2.0], Regression()),
        (["a", "b", "c"], Multiclass()),
        (pa.array(["a", "b", "c"]).dictionary_encode(), Multiclass()),
        ([1, 2, 3], Multiclass()),
        ([1.0, 2.0, 3.0], Multiclass()),
        (list(range(20)), Multiclass()),
        (list(range(21)), Regression()),
        ([float(value) for value in range(21)], Regression()),
        (list(range(50)) * 20, Multiclass()),
        (list(range(51)) + list(range(50)) * 19, Regression()),
        ([f"c{value}" for value in range(20)], Multiclass()),
    ],
)
def test_a_plain_target_tells_its_task(values: Any, task: Any) -> None:
    target = pa.table({"y": values})
    assert infer(target) == task
    assert infer(target).resolve(target).name == task.name


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            ["no", "yes"],
            r"`y` holds 'no', 'yes'\. Say `task=bc\.tasks\.Binary\(positive='yes'\)` or .*'no'\)`;.*Multiclass\(\)",
        ),
        ([1, 2], r"`y` holds 1, 2\. Say `task=bc\.tasks\.Binary\(positive=2\)`"),
        ([-1.0, 1.0], r"`y` holds -1\.0, 1\.0"),
        ([True, True], r"`y` holds True only"),
        ([1.5, 1.5], r"`y` holds 1\.5 only"),
        ([1, None], r"`y` is null or NaN in 1 of 2 rows"),
        ([f"text {value}" for value in range(21)], r"`y` holds 21 different texts in 21 rows"),
        ([dt.date(2024, 1, 1)], r"`y` is date32"),
        ([["a"], ["b"]], r"`y` is list<"),
    ],
)
def test_what_is_not_plain_is_refused(values: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        infer(pa.table({"y": values}))


def test_several_targets_are_no_plain_task() -> None:
    with pytest.raises(DataError, match="The target has 2: `a`, `b`"):
        infer(pa.table({"a": [1], "b": [2]}))
