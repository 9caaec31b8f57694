"""The interval of a single score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bancada.scoring import Design, interval

KFOLD = Design("random", (80,) * 5, (20,) * 5)


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5).filter(lambda v: float(np.std(v)) > 1e-6))
def test_the_interval_is_the_formula_clipped_to_the_bounds(values: list[float]) -> None:
    mean = float(np.mean(values))
    found = interval(mean, values, KFOLD, (0.0, 1.0))
    reach = stats.t.isf(0.025, 4) * np.sqrt(np.var(values, ddof=1) * (1 / 5 + 0.25))
    assert found.low == pytest.approx(max(0.0, mean - reach), abs=1e-9)
    assert found.high == pytest.approx(min(1.0, mean + reach), abs=1e-9)


def test_an_unbounded_metric_is_not_clipped() -> None:
    found = interval(0.5, [0.0, 1.0, 0.0, 1.0, 0.5], KFOLD)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0
    assert found.high > 1


def test_one_split_has_an_estimate_and_no_interval() -> None:
    found = interval(0.9, [0.9], Design("single", (80,), (20,)))
    assert (found.value, found.low, found.high, found.procedure) == (0.9, None, None, "")


def test_fold_values_that_do_not_vary_have_no_interval_of_width_zero() -> None:
    found = interval(1.0, [1.0] * 5, KFOLD)
    assert (found.value, found.low, found.high, found.procedure) == (1.0, None, None, "")


def test_the_level_is_an_argument() -> None:
    wide, narrow = (interval(0.5, [0.4, 0.5, 0.6, 0.5, 0.5], KFOLD, alpha=a) for a in (0.01, 0.1))
    assert wide.low is not None
    assert narrow.low is not None
    assert wide.low < narrow.low
