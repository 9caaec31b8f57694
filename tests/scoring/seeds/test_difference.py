"""Two procedures on one split, several seeds each."""

from __future__ import annotations

import numpy as np
import pytest

from bancada.exceptions import ProcedureRefused
from bancada.samples import Influence
from bancada.scoring.rows import row_difference
from bancada.scoring.seeds import seeds_difference


def side(losses: np.ndarray) -> list[Influence]:
    """Return score and influences of each seed from losses, (n_seeds, n_rows)."""
    return [Influence(float(row.mean()), row - row.mean()) for row in losses]


def draws(seed: int = 0, n_seeds: int = 4, n: int = 300) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    rows = rng.normal(0, 1, n)
    a, b = (rows + rng.normal(0, 0.5, (n_seeds, n)) + rng.normal(0, 0.05, (n_seeds, 1)) for _ in range(2))
    return a, b


def test_the_formula_is_rows_and_seeds_added() -> None:
    a, b = draws()
    found = seeds_difference(side(a), side(b), greater_is_better=False)
    d = a.mean(axis=0) - b.mean(axis=0)
    rows = d.var(ddof=1) / 300
    seeds = [x.mean(axis=1).var(ddof=1) / 4 for x in (a, b)]
    assert found.delta == pytest.approx(-d.mean())
    assert found.se == pytest.approx(np.sqrt(rows + sum(seeds)))
    satterthwaite = (rows + sum(seeds)) ** 2 / (rows**2 / 299 + sum(s**2 / 3 for s in seeds))
    assert found.df == int(satterthwaite)
    assert found.procedure == "paired t over rows, and seeds"


def test_seeds_that_change_nothing_leave_the_interval_of_the_rows() -> None:
    a, b = draws(n_seeds=1)
    many = seeds_difference(side(np.repeat(a, 3, axis=0)), side(np.repeat(b, 3, axis=0)), greater_is_better=False)
    one = row_difference(*side(a), *side(b), greater_is_better=False)
    assert (many.delta, many.se, many.df) == pytest.approx((one.delta, one.se, one.df))


def test_the_interval_is_never_narrower_than_that_of_the_rows_alone() -> None:
    for seed in range(20):
        a, b = draws(seed)
        found = seeds_difference(side(a), side(b), greater_is_better=True)
        d = a.mean(axis=0) - b.mean(axis=0)
        assert found.se >= d.std(ddof=1) / np.sqrt(300)


def test_turning_the_pair_round_turns_the_difference_round() -> None:
    a, b = draws()
    one, other = (seeds_difference(side(x), side(y), greater_is_better=True) for x, y in ((a, b), (b, a)))
    assert (one.delta, one.se, one.df) == (-other.delta, other.se, other.df)


def test_groups_are_the_units() -> None:
    a, b = draws(n=100)
    wide_a, wide_b = np.repeat(a, 3, axis=1), np.repeat(b, 3, axis=1)
    grouped = seeds_difference(side(wide_a), side(wide_b), greater_is_better=True, groups=np.repeat(np.arange(100), 3))
    rows = seeds_difference(side(a), side(b), greater_is_better=True)
    assert grouped.se == pytest.approx(rows.se, rel=1e-3)
    assert grouped.procedure == "paired t over groups, and seeds"


def test_two_seeds_and_other_rows_are_refused() -> None:
    a, b = draws()
    with pytest.raises(ProcedureRefused, match=r"at least three seeds of each side\. One side has 2"):
        seeds_difference(side(a), side(b[:2]), greater_is_better=True)
    with pytest.raises(ProcedureRefused, match=r"on the same rows\. Found \[200, 300\] rows"):
        seeds_difference(side(a), side(b[:, :200]), greater_is_better=True)


def test_equal_predictions_of_all_seeds_are_degenerate() -> None:
    a, _ = draws(n_seeds=1)
    same = np.repeat(a, 3, axis=0)
    found = seeds_difference(side(same), side(same), greater_is_better=True)
    assert (found.delta, found.se) == (0.0, 0.0)
    assert found.verdict().word == "identical"


def test_a_metric_of_the_order_needs_two_rows_of_each_class() -> None:
    values = np.random.default_rng(0).normal(size=(6, 100))
    for fewest, word in ((1.0, False), (30.0, True)):
        given = [Influence(0.8, row - row.mean(), "logit", "auc", (fewest, 60.0)) for row in values]
        found = seeds_difference(given[:3], given[3:], greater_is_better=True)
        assert (found.ends()[0] is not None) == word


def test_an_undefined_seed_leaves_nothing_said() -> None:
    a, b = draws()
    broken = [*side(a)[:3], Influence(float("nan"), np.full(300, np.nan))]
    found = seeds_difference(broken, side(b), greater_is_better=True)
    assert np.isnan(found.delta)
    assert found.verdict().word == "none"
