"""The table of scores over problems."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bancada.exceptions import DataError, ProcedureRefused
from bancada.scoring.problems._table import refuse_few, rounded, table_of


@pytest.mark.parametrize("scores", [[0.1, 0.2], [[0.1], [0.2]], [[0.1, float("nan")]], np.empty((0, 2))])
def test_what_is_no_table_of_scores_is_refused(scores: Any) -> None:
    with pytest.raises(DataError, match="one finite score per problem and candidate"):
        table_of(scores)


def test_nine_problems_are_too_few_and_ten_are_not() -> None:
    refuse_few(10, "a test")
    with pytest.raises(ProcedureRefused, match=r"at least ten of them\. Friedman's test was asked for on 9\."):
        refuse_few(9, "Friedman's test")


def test_what_differs_by_rounding_of_sums_is_equal() -> None:
    values = np.array([0.8 - 0.6, 0.5 - 0.3, 0.006])
    assert values[0] != values[1]
    found = rounded(values, np.asarray(1.0))
    assert found[0] == found[1]
    assert found == pytest.approx(values)
    assert rounded(np.zeros(2), np.asarray(0.0)).tolist() == [0.0, 0.0]
