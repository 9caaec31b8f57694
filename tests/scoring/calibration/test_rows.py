"""Truth, probabilities, weights and groups are checked before anything is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bancada.exceptions import DataError
from bancada.scoring.calibration._rows import rows_of


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"y": [0, 1, 2]}, r"A truth is 1 for positive rows .* 1 of 3 truths break it, first 2\.0 in row 2"),
        ({"y": [0, float("nan"), 1]}, "first nan in row 1"),
        ({"p": [0.5, 1.1, 0.2]}, r"A probability lies between 0 and 1\. 1 of 3 probabilities break it, first 1\.1"),
        ({"p": [0.5, 0.1, float("nan")]}, "first nan in row 2"),
        ({"p": [0.5]}, r"Found lengths \[1, 3\]"),
        ({"weight": [1.0, -1.0, 1.0]}, r"A weight is a number, 0 or more\. .* first -1\.0 in row 1"),
        ({"weight": [1.0, float("nan"), 1.0]}, "first nan in row 1"),
        ({"weight": [0.0, 0.0, 0.0]}, "All of them are 0"),
        ({"groups": ["a", "b"]}, r"Found lengths \[2, 3\]"),
        ({"y": [], "p": []}, r"Found lengths \[0\]"),
    ],
)
def test_what_cannot_be_judged_is_refused(given: dict[str, Any], message: str) -> None:
    whole: dict[str, Any] = {"y": [0, 1, 1], "p": [0.2, 0.5, 0.9]} | given
    with pytest.raises(DataError, match=message):
        rows_of(**whole)


def test_sums_by_group_are_those_of_its_rows() -> None:
    rows = rows_of([0, 1, 1, 0], [0.1, 0.2, 0.3, 0.4], groups=["b", "a", "b", "a"])
    assert rows.n_units == 2
    assert rows.summed(np.array([1.0, 2.0, 4.0, 8.0])).tolist() == [10.0, 5.0]


def test_weights_have_mean_one_and_equal_ones_are_none() -> None:
    assert rows_of([0, 1], [0.1, 0.2], weight=[3, 1]).weight.tolist() == [1.5, 0.5]
    assert not rows_of([0, 1], [0.1, 0.2], weight=[2, 2]).weighted
