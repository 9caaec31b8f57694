"""Laws of effects: they add up, fold by fold, and their intervals are those of the corrected t."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bancada.reproduction.explaining._effects import Folds, Values, effect, remainder, total
from bancada.scoring import Design

PLACES = tuple((repeat, fold) for repeat in range(3) for fold in range(5))
FOLDS = Folds(Design("random", n_train=(80,) * 15, n_test=(20,) * 15, repeats=3), PLACES)
numbers = st.floats(0, 1, allow_nan=False).map(lambda value: round(value, 6))
scores = st.lists(numbers, min_size=15, max_size=15).map(lambda values: dict(zip(PLACES, values, strict=True)))


@given(scores, scores, st.lists(scores, max_size=4))
def test_effects_and_what_is_left_are_the_whole(a: Values, b: Values, others: list[Values]) -> None:
    singles = [effect("x", a, other, FOLDS).delta for other in others]
    left = remainder(a, b, [(a, other) for other in others], FOLDS, same_rows=True).delta
    whole = total(a, b, FOLDS, same_rows=True).delta
    assert left is not None
    assert whole is not None
    assert math.isclose(sum(delta or 0.0 for delta in singles) + left, whole, abs_tol=1e-9)


@given(scores, scores, scores, scores)
def test_with_two_ingredients_what_is_left_is_their_interaction(a: Values, one: Values, two: Values, b: Values) -> None:
    left = remainder(a, b, [(a, one), (a, two)], FOLDS, same_rows=True)
    expected = {place: b[place] - one[place] - two[place] + a[place] for place in PLACES}
    assert left.delta == pytest.approx(sum(expected.values()) / 15, abs=1e-9)


@given(scores, scores)
def test_additive_ingredients_leave_nothing(a: Values, shift: Values) -> None:
    one = {place: a[place] + shift[place] for place in PLACES}
    two = {place: a[place] - 0.25 for place in PLACES}
    b = {place: a[place] + shift[place] - 0.25 for place in PLACES}
    left = remainder(a, b, [(a, one), (a, two)], FOLDS, same_rows=True)
    assert left.delta == pytest.approx(0, abs=1e-9)


def test_the_interval_is_that_of_the_corrected_resampled_t() -> None:
    before = {place: 0.8 + 0.01 * number for number, place in enumerate(PLACES)}
    after = {place: value + 0.02 * math.sin(number) for number, (place, value) in enumerate(before.items())}
    found = effect("code", before, after, FOLDS)
    d = [after[place] - before[place] for place in PLACES]
    mean = sum(d) / 15
    s2 = sum((value - mean) ** 2 for value in d) / 14
    half = stats.t.ppf(0.975, 14) * math.sqrt(s2 * (1 / 15 + 20 / 80))
    assert found.delta == pytest.approx(mean)
    assert found.low == pytest.approx(mean - half)
    assert found.high == pytest.approx(mean + half)


def test_other_rows_and_lost_folds_allow_no_interval() -> None:
    before = dict.fromkeys(PLACES, 0.5)
    after = {place: 0.5 + 0.01 * number for number, place in enumerate(PLACES)}
    other = effect("data", before, after, FOLDS, same_rows=False)
    assert other.delta == pytest.approx(0.07)
    assert (other.low, other.high) == (None, None)
    after.pop(PLACES[3])
    lost = effect("code", before, after, FOLDS)
    assert lost.delta is not None
    assert lost.low is None
    assert remainder(before, after, [], FOLDS, same_rows=True).low is None


def test_a_single_split_has_an_effect_and_no_interval() -> None:
    folds = Folds(Design("single", n_train=(80,), n_test=(20,)), ((0, 0),))
    found = effect("code", {(0, 0): 0.5}, {(0, 0): 0.75}, folds)
    assert (found.delta, found.low) == (0.25, None)
