"""How many seeds would settle it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bancada.samples import Influence
from bancada.scoring.seeds import SeedsNeeded, seeds_needed


def fits(level: float, spread: float, n_rows: int = 400, seed: int = 0) -> list[Influence]:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=n_rows)
    return [Influence(level + step * spread, values - values.mean()) for step in (-1.0, 0.0, 1.0)]


def asked(delta: float, spread: float, a: float = 0.05, n_rows: int = 400) -> SeedsNeeded:
    first, other = fits(delta, spread, n_rows, 1), fits(0.0, spread, n_rows, 2)
    found = seeds_needed(first, other, greater_is_better=True, a=a)
    assert found is not None
    return found


def reach(seeds: int, se_rows: float, spread: float, a: float, n_rows: int) -> float:
    """Spell the formula of the docstring out."""
    parts = np.array([se_rows**2, spread**2 / seeds, spread**2 / seeds])
    df = int(parts.sum() ** 2 / (parts**2 / np.array([n_rows - 1, seeds - 1, seeds - 1])).sum())
    return float(stats.t.ppf(1 - a / 2, df) * np.sqrt(parts.sum()))


@settings(max_examples=40, deadline=None)
@given(st.floats(0.15, 0.6), st.floats(0.05, 0.5), st.sampled_from([0.05, 0.01]))
def test_it_is_the_smallest_number_whose_interval_excludes_0(delta: float, spread: float, a: float) -> None:
    values = [fits(0.0, spread, seed=seed)[0].values for seed in (1, 2)]
    se_rows = float(np.std(values[0] - values[1], ddof=1) / np.sqrt(400))
    found = asked(delta, spread, a)
    if found.seeds is None:
        assert delta <= stats.norm.ppf(1 - a / 2) * se_rows * 1.01
    else:
        assert reach(found.seeds, se_rows, spread, a, 400) < delta
        assert found.seeds == 3 or reach(found.seeds - 1, se_rows, spread, a, 400) >= delta


def test_where_the_rows_alone_leave_it_open_it_names_rows() -> None:
    found = asked(0.05, 0.2)
    assert found.seeds is None
    assert found.rows is not None
    assert found.rows > 400
    assert found.text == f"no number of seeds would; about {found.rows:,} test rows would"


@pytest.mark.parametrize(("delta", "text"), [(0.0, "no amount of evidence would"), (2.0, "3 seeds of each would")])
def test_the_ends_of_the_scale(delta: float, text: str) -> None:
    assert asked(delta, 0.01).text.startswith(text)
