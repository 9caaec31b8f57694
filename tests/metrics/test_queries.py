"""Metrics of rankings: scikit-learn, every order of the ties one by one, and published figures."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle

from bancada.metrics import from_function, get

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.samples import Sample

    Make = Callable[..., Sample]

rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12)
CUTS = [None, 1, 2, 3, 10]


def of_order(name: str, relevance: Any, k: int | None) -> float:
    """Compute a metric of one query in one order, best first, from its definition."""
    grades = np.asarray(relevance, dtype=np.float64)
    hit = grades > 0
    ranks = np.arange(1, len(grades) + 1)
    inside = ranks <= (k or len(grades))
    if name == "precision":
        return float(hit[inside].sum() / (k or len(grades)))
    if name == "recall":
        return float(hit[inside].sum() / hit.sum())
    if name == "mrr":
        return float(max(hit[inside] / ranks[inside]))
    if name == "map":
        precision = np.cumsum(hit) / ranks
        return float((precision * hit)[inside].sum() / min(hit.sum(), k or len(grades)))
    discounts = inside / np.log2(ranks + 1)
    return float((grades * discounts).sum() / (np.sort(grades)[::-1] * discounts).sum())


@settings(max_examples=30)
@given(drawn=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=6))
@pytest.mark.parametrize("k", CUTS)
@pytest.mark.parametrize("name", ["ndcg", "map", "mrr", "precision", "recall"])
def test_a_tie_is_the_mean_over_all_its_orders(
    name: str, k: int | None, drawn: list[tuple[int, int]], ranking: Make
) -> None:
    if name in {"precision", "recall"}:
        k = k or 4
    if not any(grade for grade, _ in drawn):
        return
    found = [of_order(name, [g for g, _ in order], k) for order in orders(drawn)]
    sample = ranking([0] * len(drawn), [g for g, _ in drawn], [s for _, s in drawn])
    assert get(name, k=k).score(sample) == pytest.approx(np.mean(found))


def orders(drawn: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """List the orders by score, the highest first, that a sort could give."""
    every = itertools.permutations(drawn)
    return [list(order) for order in every if all(a[1] >= b[1] for a, b in itertools.pairwise(order))]


@settings(max_examples=40)
@given(drawn=rows)
@pytest.mark.parametrize("k", CUTS)
def test_ndcg_agrees_with_scikit_learn_query_by_query(k: int | None, drawn: list[Any], ranking: Make) -> None:
    query, relevance, score = (np.array(column, dtype=np.float64) for column in zip(*drawn, strict=True))
    expected = []
    for one in np.unique(query):
        mine = query == one
        if relevance[mine].any():
            # A query of one row: its order is always the best, and scikit-learn refuses it.
            several = mine.sum() > 1
            expected.append(oracle.ndcg_score([relevance[mine]], [score[mine]], k=k) if several else 1.0)
    found = get("ndcg", k=k).score(ranking(query, relevance, score))
    assert found == pytest.approx(np.mean(expected) if expected else float("nan"), nan_ok=True)


def test_the_published_ndcg() -> None:
    # Järvelin & Kekäläinen's measure as Wikipedia's "Discounted cumulative gain" works it out: 3 2 3 0 1 2.
    assert of_order("ndcg", [3, 2, 3, 0, 1, 2], None) == pytest.approx(0.961, abs=5e-4)


def test_the_metrics_of_that_order(ranking: Make) -> None:
    sample = ranking([1] * 6, [3, 2, 3, 0, 1, 2], [6, 5, 4, 3, 2, 1])
    assert get("ndcg").score(sample) == pytest.approx(0.961, abs=5e-4)
    # Manning, Raghavan & Schütze §8.4: mean of the precisions at the relevant ranks 1, 2, 3, 5, 6.
    assert get("map").score(sample) == pytest.approx((1 + 1 + 1 + 4 / 5 + 5 / 6) / 5)
    assert get("mrr").score(ranking([1] * 3, [0, 0, 1], [3, 2, 1])) == pytest.approx(1 / 3)
    assert get("precision@3").score(sample) == 1.0
    assert get("recall@3").score(sample) == pytest.approx(3 / 5)


@given(drawn=rows, shift=st.integers(-3, 3))
@pytest.mark.parametrize("name", ["ndcg", "map", "mrr@2", "precision@2", "recall@2"])
def test_scores_of_one_query_say_nothing_of_another(name: str, drawn: list[Any], shift: int, ranking: Make) -> None:
    query, relevance, score = (np.array(column) for column in zip(*drawn, strict=True))
    moved = ranking(query, relevance, score + shift * query)
    assert get(name).score(moved) == pytest.approx(get(name).score(ranking(query, relevance, score)), nan_ok=True)


@pytest.mark.parametrize("name", ["ndcg", "map", "mrr"])
def test_a_constant_score_is_worth_what_chance_is(name: str, ranking: Make) -> None:
    relevance = [2, 0, 1, 0, 0]
    by_chance = np.mean([of_order(name, order, None) for order in itertools.permutations(relevance)])
    assert get(name).score(ranking([0] * 5, relevance, [0.0] * 5)) == pytest.approx(by_chance)


def test_queries_without_a_relevant_row_are_counted_and_left_out(ranking: Make) -> None:
    sample = ranking(["a", "a", "b", "b", "c"], [0, 1, 0, 0, 2], [1, 2, 2, 1, 0])
    metric = get("ndcg")
    assert metric.score(sample) == 1.0
    left_out = metric.left_out(sample)
    assert left_out is not None
    assert (left_out.count, left_out.total, left_out.parts) == (1, 3, "queries")
    assert math.isnan(metric.score(ranking(["a", "b"], [0, 0], [1, 2])))


@given(seed=st.integers(0, 500))
@pytest.mark.parametrize("name", ["ndcg", "map", "mrr", "precision@2", "recall@2"])
def test_a_query_of_weight_two_is_a_query_twice(name: str, seed: int, ranking: Make) -> None:
    random = np.random.default_rng(seed)
    query, relevance, score = np.repeat(np.arange(5), 4), random.integers(0, 3, 20), random.integers(0, 3, 20)
    twice = [np.concatenate([part, part[query < 2]]) for part in (query, relevance, score)]
    twice[0][20:] += 10
    weighted = ranking(query, relevance, score, np.where(query < 2, 2.0, 1.0))
    assert get(name).score(weighted) == pytest.approx(get(name).score(ranking(*twice)), nan_ok=True)


def test_a_query_without_weight_does_not_count(ranking: Make) -> None:
    sample = ranking([0, 0, 1, 1], [0, 1, 0, 1], [1, 2, 2, 1], np.array([0.0, 0.0, 1.0, 1.0]))
    assert get("mrr").score(sample) == 0.5


def test_a_function_gets_relevance_and_score(ranking: Make) -> None:
    def gap(y_true: Any, y_pred: Any) -> float:
        return float(np.mean(y_true - y_pred))

    assert from_function(gap, greater_is_better=False).score(ranking([0, 0], [1, 2], [0.5, 0.5])) == 1.0


def test_a_hundred_thousand_rows_are_ranked_at_once(ranking: Make) -> None:
    random = np.random.default_rng(1)
    sample = ranking(np.arange(100_000) // 10, random.integers(0, 2, 100_000), random.random(100_000))
    for name in ("ndcg@10", "map", "mrr"):
        assert 0 < get(name).score(sample) < 1
