"""How many repeats, or rows, would settle it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bancada.scoring import Design, repeats_needed

KFOLD = Design("random", (80,) * 5, (20,) * 5)
FACTOR = KFOLD.procedure.factor
SITES_FACTOR = 0.2**0.5


@given(st.floats(1e-3, 3), st.sampled_from([0.05, 0.01, 0.0005]))
def test_it_is_the_smallest_number_of_repeats_that_excludes_zero(delta: float, a: float) -> None:
    s = 1.0
    found = repeats_needed(delta, s * FACTOR, KFOLD, a)
    assert found is not None

    def reach(repeats: int) -> float:
        j = 5 * repeats
        return float(stats.t.isf(a / 2, j - 1)) * s * float(np.sqrt(1 / j + 0.25))

    if found.repeats is not None:
        assert reach(found.repeats) < delta
        assert found.repeats == 1 or reach(found.repeats - 1) >= delta
        assert found.text.endswith("repeats would") or found.text == "1 repeat would"
    else:
        assert delta <= reach(10_000)
        assert found.text.startswith("no number of repeats would; about ")


def test_rows_are_the_formula_where_no_number_of_repeats_would_do() -> None:
    found = repeats_needed(0.1, FACTOR, KFOLD, 0.05)
    assert found is not None
    assert found.rows == int(np.ceil(100 * (stats.norm.isf(0.025) * 0.5 / 0.1) ** 2))


def test_many_rows_are_written_with_their_thousands() -> None:
    found = repeats_needed(0.001, 0.02, Design("random", n_train=(800,) * 5, n_test=(200,) * 5), 0.05)
    assert found is not None
    assert found.rows is not None
    assert found.rows > 1_000
    assert found.text == f"no number of repeats would; about {found.rows:,} rows would"


def test_groups_are_named_where_groups_were_counted() -> None:
    design = Design("random", (80,) * 5, (20,) * 5, rows_test=(60,) * 5)
    found = repeats_needed(0.1, FACTOR, design, 0.05)
    assert found is not None
    assert found.text.endswith("groups would")


def test_sites_are_settled_by_sites() -> None:
    design = Design("site", (80,) * 5, (20,) * 5)
    found = repeats_needed(0.5, SITES_FACTOR, design, 0.05)
    assert found is not None
    assert found.units is not None
    assert stats.t.isf(0.025, found.units - 1) / np.sqrt(found.units) < 0.5
    assert stats.t.isf(0.025, found.units - 2) / np.sqrt(found.units - 1) >= 0.5
    assert found.text == f"{found.units} sites would"


def test_a_tiny_difference_of_time_blocks_is_beyond_the_search() -> None:
    design = Design("time", (80,) * 5, (20,) * 5)
    found = repeats_needed(1e-6, SITES_FACTOR, design, 0.05)
    assert found is not None
    assert (found.units, found.text) == (None, "more than 10000 time blocks would")


def test_a_difference_of_zero_is_settled_by_nothing() -> None:
    found = repeats_needed(0.0, FACTOR, KFOLD, 0.05)
    assert found is not None
    assert found.repeats is None
    assert found.text == "no amount of evidence would: the difference found is 0"


def test_without_a_procedure_or_a_spread_there_is_no_answer() -> None:
    assert repeats_needed(0.1, 0.0, KFOLD, 0.05) is None
    assert repeats_needed(0.1, float("nan"), Design("single", (80,), (20,)), 0.05) is None
