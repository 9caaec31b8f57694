"""Stretches of time."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.exceptions import DataError, DefinitionError
from bancada.splits._spans import check_span, duration_ns, duration_ticks, spelt
from bancada.splits._times import Times


@given(st.integers(1, 10_000), st.sampled_from(["D", "h", "min", "s"]))
def test_what_is_spelt_is_read_back(number: int, unit: str) -> None:
    found = duration_ns("test", f"{number}{unit}")
    assert duration_ns("test", spelt(found)) == found
    assert spelt(found) == spelt(duration_ns("test", dt.timedelta(microseconds=found // 1_000)))


@pytest.mark.parametrize("text", ["", "D", "1.5D", "-1D", "1 fortnight", "1D 2h"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(DefinitionError, match=r"`gap` as a duration is a whole number above 0 with a unit"):
        duration_ns("gap", text)


def test_a_duration_of_numbers_is_refused() -> None:
    with pytest.raises(DataError, match=r"`step` holds numbers, and `test` is '7D'\. Say how many time stamps"):
        duration_ticks("test", "7D", Times("step", np.array([1, 2]), None))


def test_counts_of_numpy_are_counts() -> None:
    check_span("test", np.int64(3), least=1)
    check_span("test", np.float64(0.5), least=1, share=True)
    with pytest.raises(DefinitionError, match=r"It is np\.float64\(0\.5\)"):
        check_span("window", np.float64(0.5), least=1)
