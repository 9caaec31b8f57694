"""Non-inferiority."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bancada.exceptions import DefinitionError
from bancada.scoring import verdict
from bancada.scoring.looks import non_inferior

DELTAS = st.floats(-0.05, 0.05)
ERRORS = st.floats(1e-4, 0.05)


@given(DELTAS, ERRORS, st.integers(2, 500), st.floats(1e-3, 0.05), st.floats(1e-4, 0.3))
def test_it_is_the_one_sided_t_test_of_a_loss_by_the_margin(
    delta: float, se: float, df: int, margin: float, a: float
) -> None:
    p = float(stats.t.sf((delta + margin) / se, df))
    found = non_inferior(delta, se, df, margin, a)
    if abs(p - a) > 1e-9:
        assert found.shown == (p < a)


@given(DELTAS, ERRORS, st.integers(2, 500), st.floats(1e-3, 0.05))
def test_what_is_equivalent_is_non_inferior(delta: float, se: float, df: int, margin: float) -> None:
    if verdict(delta, se, df, margin, 0.05).word == "equivalent":
        assert non_inferior(delta, se, df, margin).shown


def test_on_the_margin_it_is_claimed_in_five_percent_of_cases() -> None:
    rng = np.random.default_rng(8)
    claimed = 0
    for _ in range(4000):
        d = rng.standard_normal(30) * 0.02 - 0.005
        claimed += bool(non_inferior(d.mean(), d.std(ddof=1) / np.sqrt(30), 29, 0.005).shown)
    assert claimed / 4000 == pytest.approx(0.05, abs=0.011)


def test_without_an_interval_nothing_is_said() -> None:
    for se, df in [(0.0, 30), (float("nan"), 30), (0.1, 1)]:
        found = non_inferior(0.0, se, df, 0.01)
        assert (found.shown, found.low) == (None, None)
        assert found.text == "no interval: nothing is said about non-inferiority"


def test_not_shown_is_no_word_of_being_worse() -> None:
    assert non_inferior(0.0, 0.01, 99, 0.01).text.startswith("not shown to be non-inferior (lower end −0.0166 ≤ −0.01")


@pytest.mark.parametrize("margin", [0, -0.1, float("nan"), float("inf")])
def test_a_margin_must_be_declared(margin: float) -> None:
    with pytest.raises(DefinitionError, match="Non-inferiority needs a margin"):
        non_inferior(0.0, 0.1, 9, margin)


@pytest.mark.parametrize("level", [0, 0.5, 1])
def test_a_level_without_an_interval_is_refused(level: float) -> None:
    with pytest.raises(DefinitionError, match="A one-sided level lies between"):
        non_inferior(0.0, 0.1, 9, 0.1, level)
