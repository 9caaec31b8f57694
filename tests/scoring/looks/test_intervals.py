"""The interval of a number at a look."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bancada.scoring.looks import look_interval, look_level

VALUES = st.floats(0.05, 0.95)
ERRORS = st.floats(1e-4, 0.2)


@given(VALUES, ERRORS, st.integers(2, 2000), st.integers(1, 50), st.sampled_from(["plain", "log", "logit"]))
def test_each_look_is_wider_than_the_one_before(value: float, se: float, df: int, number: int, scale: str) -> None:
    one, next_one = (look_interval(value, se, df, j, scale=scale) for j in (number, number + 1))  # type: ignore[arg-type] # hypothesis draws plain strings
    assert one.low is not None
    assert one.high is not None
    assert next_one.low is not None
    assert next_one.high is not None
    assert next_one.low <= one.low < value < one.high <= next_one.high
    if scale == "logit":
        assert next_one.low >= 0
        assert next_one.high <= 1


@given(VALUES, ERRORS, st.integers(2, 500), st.integers(1, 9))
def test_the_plain_interval_is_student_s_at_the_level_of_the_look(
    value: float, se: float, df: int, number: int
) -> None:
    found = look_interval(value, se, df, number)
    low, high = stats.t.interval(1 - look_level(number), df, loc=value, scale=se)
    assert [found.low, found.high] == pytest.approx([low, high], rel=1e-7)


def test_on_a_scale_the_interval_is_symmetric_there() -> None:
    on_logit = look_interval(0.9, 0.02, 99, 1, scale="logit")
    assert on_logit.low is not None
    assert on_logit.high is not None
    middle = (log(on_logit.low / (1 - on_logit.low)) + log(on_logit.high / (1 - on_logit.high))) / 2
    assert middle == pytest.approx(log(9))
    on_log = look_interval(3.0, 0.5, 99, 1, scale="log")
    assert on_log.low is not None
    assert on_log.high is not None
    assert on_log.low * on_log.high == pytest.approx(9)


@pytest.mark.parametrize(
    ("value", "se", "df", "scale"),
    [(0.5, 0.0, 99, "plain"), (0.5, float("nan"), 99, "plain"), (0.5, 0.1, 1, "plain"), (1.0, 0.1, 99, "logit"),
     (0.0, 0.1, 99, "log"), (float("nan"), 0.1, 99, "plain")],
)  # fmt: skip
def test_what_has_no_interval_shows_none(value: float, se: float, df: int, scale: str) -> None:
    found = look_interval(value, se, df, 1, scale=scale)  # type: ignore[arg-type] # the table holds plain strings
    assert (found.low, found.high) == (None, None)


def test_the_level_is_printed() -> None:
    assert look_interval(0.8, 0.02, 99, 1).text == "96.96 % interval (look 1)"
    assert look_interval(0.8, 0.02, 99, 10).text == "99.97 % interval (look 10)"


def test_ten_looks_cover_together_as_promised() -> None:
    rng = np.random.default_rng(4)
    missed = 0
    for _ in range(1000):
        intervals = [look_interval(float(v), 1.0, 10_000, j) for j, v in enumerate(rng.standard_normal(10), start=1)]
        missed += any((found.low or 0.0) > 0 or (found.high or 0.0) < 0 for found in intervals)
    assert 0.02 < missed / 1000 < 0.065
