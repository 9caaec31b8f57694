"""How many folds a verdict would need."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from bancada.scoring import Design, folds_needed, verdict

REPEATED = Design("random", (80,) * 15, (20,) * 15, repeats=3)
SITES = Design("site", (80,) * 12, (20,) * 12)
DIFFERENCES = st.lists(st.floats(-0.1, 0.1).map(lambda x: round(x, 4)), min_size=2, max_size=15)


def word(values: list[float], design: Design, folds: int, a: float, margin: float | None) -> str:
    """Return the word as STATISTICS §2 and §3 write it, on a number of folds."""
    share = 0.25 if design.kind == "random" else 0.0
    se = float(np.std(values, ddof=1)) * float(np.sqrt(1 / folds + share))
    return verdict(float(np.mean(values)), se, folds - 1, margin, a).word


@given(DIFFERENCES, st.sampled_from([0.05, 0.005, 0.0001]), st.sampled_from([None, 0.01, 0.05]))
def test_it_is_the_smallest_number_of_folds_that_makes_a_word(
    values: list[float], a: float, margin: float | None
) -> None:
    assume(np.std(values) > 1e-6)
    found = folds_needed(values, REPEATED, a, margin)
    words = {folds: word(values, REPEATED, folds, a, margin) for folds in range(max(len(values), 3), 16)}
    settled = [folds for folds, said in words.items() if said != "inconclusive"]
    assert found.folds == (settled[0] if settled else None)
    assert found.word == (words[settled[0]] if settled else "")
    assert bool(found.reason) is not bool(settled)


@given(st.lists(st.floats(0.01, 0.02), min_size=5, max_size=12))
def test_sites_are_independent_units(values: list[float]) -> None:
    assume(np.std(values) > 1e-6)
    found = folds_needed(values, SITES, 0.05)
    reach = stats.t.isf(0.025, 11) * np.std(values, ddof=1) / np.sqrt(12)
    assert (found.folds is not None) == (reach < np.mean(values))


@given(DIFFERENCES, st.sampled_from([0.05, 0.001]))
def test_the_sign_does_not_matter_but_for_the_word(values: list[float], a: float) -> None:
    one, other = folds_needed(values, REPEATED, a), folds_needed([-value for value in values], REPEATED, a)
    assert one.folds == other.folds
    assert one.reason == other.reason


def test_a_stricter_level_needs_no_fewer_folds() -> None:
    values = [0.03, 0.02, 0.04, 0.01]
    counts = [folds_needed(values, REPEATED, a).folds or 99 for a in (0.1, 0.05, 0.01, 0.001)]
    assert counts == sorted(counts)


def test_one_fold_shows_no_spread() -> None:
    assert folds_needed([0.1], REPEATED, 0.05).reason == "one fold shows no spread"


@pytest.mark.parametrize(
    ("values", "reason"),
    [([0.0, 0.0], "the folds so far show no difference"), ([0.1, 0.1], "the folds so far show the same difference")],
)
def test_folds_that_do_not_vary_forecast_nothing(values: list[float], reason: str) -> None:
    assert folds_needed(values, REPEATED, 0.05).reason == reason


def test_where_the_folds_do_not_suffice_it_says_so() -> None:
    assert folds_needed([0.1, -0.1, 0.01], REPEATED, 0.05).reason == "15 folds do not suffice for it"


def test_a_design_without_a_procedure_forecasts_nothing() -> None:
    single = Design("single", (80,), (20,))
    assert folds_needed([0.1, 0.2], single, 0.05).reason == single.procedure.reason


def test_a_verdict_never_comes_from_fewer_folds_than_its_kind_needs() -> None:
    assert folds_needed([0.1, 0.1001], SITES, 0.05).folds == 5
    assert folds_needed([0.1, 0.1001], REPEATED, 0.05).folds == 3
