"""The one function that makes every word."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bancada.exceptions import DefinitionError
from bancada.scoring._verdict import WORDS, adjusted_p, decide, mde, quantile, verdict

DELTAS = st.floats(-1, 1, allow_nan=False)
ERRORS = st.floats(1e-6, 1)
DFS = st.integers(2, 200)
LEVELS = st.floats(1e-8, 0.4)
MARGINS = st.none() | st.floats(1e-4, 1)


@given(DELTAS, ERRORS, DFS, LEVELS, MARGINS)
def test_p_is_below_the_level_iff_the_shown_interval_excludes_zero(
    delta: float, se: float, df: int, a: float, margin: float | None
) -> None:
    found = verdict(delta, se, df, margin, a)
    assert found.low is not None
    assert found.high is not None
    assert found.p is not None
    excludes = found.low > 0 or found.high < 0
    assert (found.p < a) == excludes
    assert (adjusted_p(found.p, a, 0.05) < 0.05) == excludes
    if margin is None:
        assert (found.word in {"better", "worse"}) == excludes


@given(ERRORS, DFS, LEVELS)
def test_duality_holds_on_the_boundary_itself(se: float, df: int, a: float) -> None:
    edge = quantile(df, a / 2) * se
    for delta in (np.nextafter(edge, 0), edge, np.nextafter(edge, 2 * edge)):
        found = verdict(float(delta), se, df, None, a)
        assert found.low is not None
        assert found.p is not None
        assert (found.p < a) == (found.low > 0) == (found.word == "better")


@given(DELTAS, ERRORS, DFS, LEVELS, MARGINS)
def test_turning_the_pair_round_turns_the_word_round(
    delta: float, se: float, df: int, a: float, margin: float | None
) -> None:
    turned = {"better": "worse", "worse": "better"}
    one, other = verdict(delta, se, df, margin, a), verdict(-delta, se, df, margin, a)
    assert other.word == turned.get(one.word, one.word)
    assert one.p == other.p


@given(DELTAS, ERRORS, DFS, LEVELS, st.floats(1e-4, 1))
def test_equivalent_means_that_the_narrower_interval_lies_inside_the_margin(
    delta: float, se: float, df: int, a: float, margin: float
) -> None:
    reach = quantile(df, a) * se
    inside = -margin < delta - reach and delta + reach < margin
    assert (verdict(delta, se, df, margin, a).word == "equivalent") == inside


@given(st.lists(st.tuples(DELTAS, st.just(0.0) | ERRORS), min_size=1, max_size=20), DFS, LEVELS, MARGINS)
def test_a_word_is_the_same_alone_and_among_many(
    pairs: list[tuple[float, float]], df: int, a: float, margin: float | None
) -> None:
    delta, se = (np.array(column) for column in zip(*pairs, strict=True))
    together = [WORDS[code] for code in decide(delta, se, df, margin, a)]
    assert together == [verdict(d, s, df, margin, a).word for d, s in pairs]


@pytest.mark.parametrize(
    ("delta", "se", "margin", "word", "note"),
    [
        (0.020, 0.001, 0.005, "better", "by more than the margin"),
        (0.020, 0.007, 0.019, "better", ""),
        (-0.020, 0.001, 0.005, "worse", "by more than the margin"),
        (0.003, 0.0005, 0.005, "equivalent", "a real difference, smaller than matters"),
        (0.000, 0.001, 0.005, "equivalent", ""),
        (0.000, 0.001, None, "inconclusive", ""),
        (0.000, 0.100, 0.005, "inconclusive", ""),
        (0.000, 0.000, 0.005, "identical", ""),
        (0.001, 0.000, 0.005, "none", "every fold shows the same difference: no interval"),
        (0.001, float("nan"), None, "none", "no standard error: estimates only"),
    ],
)
def test_words_and_notes(delta: float, se: float, margin: float | None, word: str, note: str) -> None:
    found = verdict(delta, se, 14, margin, 0.05)
    assert (found.word, found.note) == (word, note)


def test_fewer_than_two_degrees_of_freedom_carry_no_word() -> None:
    found = verdict(1.0, 0.001, 1, None, 0.05)
    assert (found.word, found.low, found.p) == ("none", None, None)
    assert found.note == "fewer than 2 degrees of freedom: estimates only"


@pytest.mark.parametrize(("df", "factor"), [(4, 3.717), (9, 3.146), (14, 3.013), (99, 2.829)])
def test_mde_is_the_published_multiple_of_the_standard_error(df: int, factor: float) -> None:
    assert mde(1.0, df, 0.05) == pytest.approx(factor, abs=5e-4)


@given(DFS, st.floats(1e-12, 0.4))
def test_quantile_agrees_with_scipy_stats(df: int, tail: float) -> None:
    assert quantile(df, tail) == pytest.approx(stats.t.isf(tail, df), rel=1e-9)


def test_mde_is_found_with_a_power_of_80_percent() -> None:
    rng = np.random.default_rng(3)
    df, se = 14, 0.01
    shift = mde(se, df, 0.05)
    words = []
    for _ in range(4000):
        # SE is estimated with df degrees of freedom, as it is from folds.
        estimated = se * np.sqrt(rng.chisquare(df) / df)
        words.append(verdict(shift + se * rng.standard_normal(), float(estimated), df, None, 0.05).word)
    assert words.count("better") / len(words) == pytest.approx(0.80, abs=0.03)


def test_a_level_outside_zero_and_one_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"A level lies between 0 and 1\. It is 5"):
        verdict(0.1, 0.1, 5, None, 5)


@pytest.mark.parametrize("margin", [0.0, -1.0, float("nan"), float("inf")])
def test_a_margin_that_is_no_positive_number_is_refused(margin: float) -> None:
    with pytest.raises(DefinitionError, match="A margin is the smallest difference that matters"):
        verdict(0.1, 0.1, 5, margin, 0.05)
