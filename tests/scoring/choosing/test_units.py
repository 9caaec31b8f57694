"""What is resampled together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bancada.exceptions import DataError
from bancada.scoring.choosing._units import checked, pooled_into, unit_of


def test_rows_are_units_groups_are_units_and_many_units_are_random_blocks() -> None:
    assert unit_of(4, None)[0].tolist() == [0, 1, 2, 3]
    place, n = unit_of(4, ["b", "a", "b", "a"])
    assert (place.tolist(), n) == ([1, 0, 1, 0], 2)
    place, n = unit_of(1000, None, most=50)
    assert n == 50
    assert set(np.bincount(place)) == {20}
    assert (unit_of(1000, None, most=50)[0] == place).all()


def test_a_group_is_never_parted_by_blocks() -> None:
    groups = np.arange(3000) // 3
    place, n = unit_of(3000, groups, most=100)
    assert n == 100
    assert all(len(set(place[groups == g])) == 1 for g in range(0, 1000, 97))


def test_sums_by_unit_keep_the_total() -> None:
    values = np.arange(12.0).reshape(6, 2)
    sums = pooled_into(np.array([0, 1, 0, 1, 2, 2]), 3, values)
    assert sums.sum(axis=0).tolist() == values.sum(axis=0).tolist()
    assert sums[0].tolist() == (values[0] + values[2]).tolist()


@pytest.mark.parametrize(
    ("values", "weight", "groups", "message"),
    [
        ([[1.0], [2.0]], None, None, r"at least two of these\. Found values of shape \(2, 1\)"),
        ([[1.0, 2.0]], [1, 2], None, "2 weights"),
        ([[1.0, 2.0]], None, ["a", "b"], "2 groups"),
        ([[1.0, float("nan")]], None, None, r"NaN is never averaged away\. 1 values are not finite"),
        ([[1.0, 2.0]], [-1], None, "Weights are numbers, 0 or more"),
        ([[1.0, 2.0]], [0], None, "not all of them 0"),
    ],
)
def test_what_cannot_be_held_against_each_other_is_refused(values: Any, weight: Any, groups: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        checked(values, weight, groups)
