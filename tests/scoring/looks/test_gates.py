"""Gates are passed by the end of an interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bancada.exceptions import DefinitionError
from bancada.scoring.looks import Gate, judge_gates

VALUES = st.floats(-1, 1)
ERRORS = st.floats(1e-3, 1)


@given(VALUES, ERRORS, st.integers(2, 500), VALUES)
def test_the_end_of_the_shown_interval_decides(value: float, se: float, df: int, threshold: float) -> None:
    low, high = stats.t.interval(0.95, df, loc=value, scale=se)
    up = judge_gates([Gate("v", value, se, df, threshold)])
    down = judge_gates([Gate("v", value, se, df, threshold, greater_is_better=False)])
    if abs(low - threshold) > 1e-7:
        assert up.passed == (low > threshold)
    if abs(high - threshold) > 1e-7:
        assert down.passed == (high < threshold)


def test_any_of_divides_the_level_and_all_of_does_not() -> None:
    gates = [Gate(name, 0.2, 0.1, 10_000, 0.0) for name in ("a", "b", "c")]
    every, one = judge_gates(gates), judge_gates(gates, rule="any")
    assert (every.level, every.passed) == (0.05, True)
    assert one.level == pytest.approx(0.05 / 3)
    assert one.passed is False
    assert every.text == "all of 3 gates: passed (each at level 0.05, no adjustment)"
    assert one.text == "any of 3 gates: not passed (each at level 0.0167, divided by 3)"


@pytest.mark.parametrize(
    ("rule", "values", "passed"),
    [
        ("all", [9.0, None], None),
        ("all", [-9.0, None], False),
        ("any", [9.0, None], True),
        ("any", [-9.0, None], None),
        ("any", [-9.0, -9.0], False),
    ],
)
def test_a_gate_without_interval_leaves_open_what_it_would_decide(
    rule: Any, values: list[float | None], passed: bool | None
) -> None:
    gates = [Gate("g", 9.0 if v is None else v, float("nan") if v is None else 1.0, 99, 0.0) for v in values]
    assert judge_gates(gates, rule=rule).passed is passed


def test_a_gate_without_interval_says_so() -> None:
    assert judge_gates([Gate("accuracy", 1.0, 0.0, 99, 0.9)]).results[0].text == (
        "accuracy > 0.9: not decided, 1 has no interval"
    )


def test_the_false_passes_of_any_of_stay_below_alpha_one_sided() -> None:
    rng = np.random.default_rng(5)
    passes = sum(
        judge_gates([Gate("g", float(v), 1.0, 10_000, 0.0) for v in rng.standard_normal(5)], rule="any").passed is True
        for _ in range(4000)
    )
    assert passes / 4000 < 0.033


def test_gates_that_mean_nothing_are_refused() -> None:
    gate = Gate("g", 0.5, 0.1, 9, 0.0)
    wrong: Any = "most"
    with pytest.raises(DefinitionError, match="A decision by gates needs a gate"):
        judge_gates([])
    with pytest.raises(DefinitionError, match="The rule is 'most'"):
        judge_gates([gate], rule=wrong)
    with pytest.raises(DefinitionError, match="A level lies between 0 and 1"):
        judge_gates([gate], alpha=0)
