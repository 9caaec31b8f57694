"""The level of a look at a holdout."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.exceptions import DefinitionError
from bancada.scoring.looks import look_level


@given(st.integers(1, 5000), st.floats(1e-6, 0.5))
def test_all_looks_together_never_exceed_alpha(looks: int, alpha: float) -> None:
    spent = sum(look_level(j, alpha) for j in range(1, looks + 1))
    assert spent < alpha
    # The tail Σ 1/j² beyond n lies between 1/(n + 1) and 1/n: nothing is given away either.
    assert spent > alpha * (1 - 0.61 / looks)


@given(st.integers(1, 10_000))
def test_a_later_look_has_a_smaller_level(number: int) -> None:
    assert look_level(number + 1) < look_level(number)


def test_dividing_by_the_number_of_the_look_would_add_up_to_three_times_alpha() -> None:
    assert sum(0.05 / j for j in range(1, 11)) == pytest.approx(0.146, abs=5e-4)
    assert sum(look_level(j) for j in range(1, 11)) == pytest.approx(0.0471, abs=5e-5)


@pytest.mark.parametrize("number", [0, -1, 1.5, True, "1"])
def test_a_number_that_counts_no_look_is_refused(number: Any) -> None:
    with pytest.raises(DefinitionError, match=r"Looks at a holdout are counted from 1\. The number is"):
        look_level(number)


@pytest.mark.parametrize("alpha", [0, 1, -0.1, float("nan")])
def test_a_level_outside_zero_and_one_is_refused(alpha: float) -> None:
    with pytest.raises(DefinitionError, match="A level lies between 0 and 1"):
        look_level(1, alpha)
