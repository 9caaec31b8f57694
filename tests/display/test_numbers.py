"""Numbers are written as their evidence supports."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.display import count, delta, interval, score, seconds, short_digest, short_id

_FINITE = st.floats(-1e9, 1e9)
_HALFWIDTH = st.floats(1e-6, 1e4)


def _read(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


@given(_FINITE, _HALFWIDTH)
def test_a_score_is_rounded_to_less_than_a_fifth_of_its_halfwidth(value: float, halfwidth: float) -> None:
    error = abs(_read(score(value, halfwidth)) - value)
    assert error <= max(0.1 * halfwidth, 0.5e-9, abs(value) * 1e-12) * (1 + 1e-6) or halfwidth >= 5


@given(st.floats(-100, 100), _HALFWIDTH)
def test_no_digit_is_shown_below_a_fiftieth_of_the_halfwidth(value: float, halfwidth: float) -> None:
    decimals = len(score(value, halfwidth).partition(".")[2])
    assert decimals == 0 or 10.0**-decimals > halfwidth / 50.0001


@given(_FINITE)
def test_the_sign_is_never_a_hyphen_and_zero_has_none(value: float) -> None:
    text = score(value)
    assert "-" not in text.replace("e-", "")
    assert text.startswith("−") == (_read(text) < 0)


@pytest.mark.parametrize(
    ("value", "halfwidth", "text"),
    [
        (0.84761, 0.0085, "0.848"),
        (0.826, 0.010, "0.826"),
        (0.5, None, "0.500"),
        (0.84761, 0.0012, "0.8476"),
        (0.84761, 0.05, "0.85"),
        (5634.21, 300.0, "5,634"),
        (5634.21, 0.3, "5,634.21"),
        (-12.3456, 0.7, "−12.3"),
        (1234.5, None, "1,234"),
        (0.000123456, None, "0.00012"),
        (0.0, None, "0.000"),
        (3.2e13, None, "3.2e+13"),
        (math.inf, 0.1, "∞"),
        (-math.inf, None, "−∞"),
        (math.nan, 0.1, "–"),
        (None, 0.1, "–"),
        (0.848, 0.0, "0.848"),
        (0.848, math.nan, "0.848"),
    ],
)
def test_scores_as_they_are_written(value: float | None, halfwidth: float | None, text: str) -> None:
    assert score(value, halfwidth) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.8391, 0.8559, "0.839–0.856"),
        (-0.022, 0.004, "−0.022 to 0.004"),
        (-0.09, -0.01, "−0.090 to −0.010"),
        (None, 0.4, "–"),
        (0.1, math.nan, "–"),
        (0.5, 0.5, "0.500–0.500"),
    ],
)
def test_intervals_as_they_are_written(low: float | None, high: float | None, text: str) -> None:
    assert interval(low, high) == text


@pytest.mark.parametrize(
    ("value", "signed", "text"),
    [
        (-0.0221, True, "−.022"),
        (0.0059, False, ".006"),
        (0.348, True, "+.348"),
        (12.5, True, "+12.50"),
        (0.0, True, "0"),
        (None, True, "–"),
        (math.nan, False, "–"),
    ],
)
def test_differences_carry_their_sign_and_no_leading_zero(value: float | None, *, signed: bool, text: str) -> None:
    assert delta(value, signed=signed) == text


@pytest.mark.parametrize(
    ("value", "halfwidth", "text"), [(-0.0001, 0.01, ".000"), (0.0001, 0.01, ".000"), (-0.3, 9, "0")]
)
def test_a_difference_that_is_rounded_to_zero_has_no_sign(value: float, halfwidth: float, text: str) -> None:
    assert delta(value, halfwidth) == text


@given(_FINITE, _HALFWIDTH)
def test_a_difference_has_a_sign_iff_it_shows_a_digit(value: float, halfwidth: float) -> None:
    text = delta(value, halfwidth)
    assert text.startswith(("+", "−")) == (_read(text) != 0)


def test_a_small_difference_is_not_written_as_nothing() -> None:
    assert delta(0.00042, 0.0001) == "+.00042"


@pytest.mark.parametrize(
    ("duration_s", "text"),
    [
        (0, "0 s"),
        (4.2e-6, "4.2 µs"),
        (0.0008, "0.8 ms"),
        (0.25, "250 ms"),
        (0.9996, "1.0 s"),
        (3.21, "3.2 s"),
        (9.97, "10 s"),
        (59.6, "1 min"),
        (110, "1 min 50 s"),
        (3599.7, "1 h"),
        (7500, "2 h 5 min"),
        (180_000, "2 d 2 h"),
        (None, "–"),
        (math.nan, "–"),
    ],
)
def test_durations_in_units_that_people_use(duration_s: float | None, text: str) -> None:
    assert seconds(duration_s) == text


@given(st.floats(0, 1e7))
def test_no_duration_shows_sixty_seconds_or_minutes(duration_s: float) -> None:
    assert not {"60 s", "60.0 s", "60 min", "1000 ms", "1000.0 ms"} & {seconds(duration_s)}
    assert " 60 " not in f" {seconds(duration_s)} "


def test_counts_ids_and_digests() -> None:
    assert count(5634) == "5,634"
    assert count(-1200) == "−1,200"
    assert short_id("k3v9qa7m2x4c5b6n8d0f1g2h3j") == "r-k3v9qa"
    assert short_id("r-k3v9qa7m2x4c", length=8) == "r-k3v9qa7m"
    assert short_digest("9f3a61" + 58 * "0") == "9f3a61"
