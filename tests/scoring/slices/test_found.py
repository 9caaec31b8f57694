"""Slices that are searched for."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from bancada.scoring.slices import Literal, complement, find_slices, halves, mean_part


def literals(n_rows: int, n_columns: int = 4, seed: int = 0) -> tuple[np.ndarray, list[Literal]]:
    x = np.random.default_rng(seed).integers(0, 4, size=(n_rows, n_columns))
    found = [Literal(f"x{j}", f"x{j} == {v}", x[:, j] == v) for j in range(n_columns) for v in range(4)]
    return x, found


def test_a_planted_slice_is_found_and_confirmed() -> None:
    x, conditions = literals(4_000)
    rng = np.random.default_rng(1)
    losses = rng.exponential(size=4_000) + 2.0 * ((x[:, 0] == 1) & (x[:, 2] == 3))
    found = find_slices(losses, conditions)
    assert found[0].text == "x0 == 1 and x2 == 3"
    assert found[0].columns == ("x0", "x2")
    assert found[0].confirmed
    assert found[0].held.delta == pytest.approx(2.0, abs=0.4)
    assert not any(item.confirmed for item in found[1:] if not {"x0", "x2"} & set(item.columns))


def test_a_single_condition_is_not_made_longer_than_it_is() -> None:
    x, conditions = literals(4_000)
    losses = np.random.default_rng(2).exponential(size=4_000) + 2.0 * (x[:, 1] == 2)
    assert find_slices(losses, conditions)[0].text == "x1 == 2"


def test_where_nothing_differs_hardly_anything_is_confirmed() -> None:
    confirmed = 0
    for seed in range(60):
        _, conditions = literals(800, seed=seed)
        losses = np.random.default_rng(1_000 + seed).exponential(size=800)
        confirmed += any(item.confirmed for item in find_slices(losses, conditions))
    # Bonferroni's 5 % of both directions: about 1.5 of 60 in the direction that counts.
    assert confirmed <= 6


def test_the_confirming_half_is_the_one_that_was_not_searched() -> None:
    x, conditions = literals(2_000)
    rng = np.random.default_rng(3)
    first = halves(2_000)
    # The slice stands out on the half that is searched, and there alone.
    losses = rng.exponential(size=2_000) + 3.0 * ((x[:, 0] == 1) & first)
    found = find_slices(losses, conditions)
    assert found[0].text == "x0 == 1"
    assert found[0].searched > 2
    assert not any(item.confirmed for item in found)
    among = conditions[1].among
    inside, outside = (mean_part(losses, part & ~first) for part in (among, ~among))
    assert found[0].held == complement(inside, outside, family=len(found))


def test_the_search_counts_what_a_plain_loop_counts() -> None:
    x, conditions = literals(1_000, n_columns=3)
    losses = np.random.default_rng(4).exponential(size=1_000) + (x[:, 0] == 2) * (x[:, 1] == 0) * 1.5
    first = halves(1_000)

    def effect(among: np.ndarray) -> float:
        inside, outside = losses[among & first], losses[~among & first]
        if not 50 <= len(inside) <= len(losses[first]) / 2:
            return -np.inf
        spread = inside.var(ddof=1) / len(inside) + outside.var(ddof=1) / len(outside)
        return float((inside.mean() - outside.mean()) / np.sqrt(spread))

    alone = {item.text: effect(item.among) for item in conditions}
    pairs = {
        f"{a.text} and {b.text}": effect(a.among & b.among)
        for a, b in combinations(conditions, 2)
        if effect(a.among & b.among) > max(alone[a.text], alone[b.text])
    }
    best = max(alone | pairs, key=(alone | pairs).__getitem__)
    assert find_slices(losses, conditions)[0].text == best


def test_groups_are_in_one_half_each() -> None:
    groups = np.repeat(np.arange(50), 7)
    first = halves(350, groups)
    assert all(len(set(first[groups == number])) == 1 for number in range(50))
    assert 0.4 < first.mean() < 0.6


def test_few_rows_and_no_conditions_find_nothing() -> None:
    _, conditions = literals(150)
    assert find_slices(np.arange(150.0), conditions) == ()
    assert find_slices(np.arange(5_000.0), []) == ()


def test_more_conditions_than_are_paired_keep_the_promising_ones() -> None:
    x, conditions = literals(2_000, n_columns=150, seed=7)
    losses = np.random.default_rng(5).exponential(size=2_000) + 3.0 * (x[:, 149] == 1)
    assert find_slices(losses, conditions)[0].text == "x149 == 1"
