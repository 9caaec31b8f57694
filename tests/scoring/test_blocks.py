"""Time blocks against the memory of the differences."""

from __future__ import annotations

import numpy as np
import pytest

from bancada.exceptions import DataError
from bancada.scoring import short_blocks


def test_independent_differences_have_long_enough_blocks() -> None:
    found = short_blocks(np.random.default_rng(0).normal(size=600), 120)
    assert not found.too_short
    assert found.text == ""
    assert abs(found.autocorrelation) < 0.15
    assert found.bound == pytest.approx(1 - 4 / 120)


def test_a_random_walk_has_blocks_that_are_too_short() -> None:
    found = short_blocks(np.random.default_rng(0).normal(size=600).cumsum(), 60)
    assert found.too_short
    assert found.text.startswith("blocks are too short: lag-1 autocorrelation 0.9")


def test_the_estimate_finds_the_coefficient_of_an_autoregression() -> None:
    rng = np.random.default_rng(1)
    series = np.zeros(20_000)
    for t in range(1, len(series)):
        series[t] = 0.7 * series[t - 1] + rng.standard_normal()
    assert short_blocks(series, 100).autocorrelation == pytest.approx(0.7, abs=0.02)


def test_differences_that_do_not_vary_have_no_memory() -> None:
    assert short_blocks([0.5] * 10, 5).autocorrelation == 0.0


def test_what_is_no_series_is_refused() -> None:
    with pytest.raises(DataError, match="at least 3 numbers in order of time"):
        short_blocks([0.1, float("nan"), 0.2], 5)
