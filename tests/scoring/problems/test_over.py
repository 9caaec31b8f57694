"""All that is said about candidates over many problems."""

from __future__ import annotations

import numpy as np
import pytest

from bancada.exceptions import DataError
from bancada.scoring.problems import over_problems


def scores(n: int, means: list[float], seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.uniform(0.6, 0.9, (n, 1)) + rng.normal(means, 0.01, (n, len(means)))


def test_under_ten_problems_there_are_raw_differences_and_no_test() -> None:
    table = scores(9, [0.0, 0.05, 0.01])
    found = over_problems(table, ["a", "b", "c"])
    assert found.note == "fewer than 10 problems: raw differences only, no test"
    assert (found.friedman, found.critical_difference) == (None, None)
    assert [(pair.p, pair.plus, pair.word) for pair in found.pairs] == [(None, None, "")] * 3
    assert found.pairs[0].deltas == pytest.approx(tuple(table[:, 0] - table[:, 1]))


def test_two_candidates_are_told_by_wilcoxon_alone() -> None:
    found = over_problems(scores(12, [0.03, 0.0]), ["a", "b"])
    assert found.friedman is None
    assert found.pairs[0].word == "better"
    assert found.pairs[0].p is not None
    assert found.pairs[0].p < 0.05


def test_several_are_told_by_friedman_and_holm() -> None:
    found = over_problems(scores(15, [0.03, 0.0, 0.0]), ["a", "b", "c"])
    assert found.friedman is not None
    assert found.friedman.p_f < 0.05
    words = {(pair.a, pair.b): pair.word for pair in found.pairs}
    assert words == {("a", "b"): "better", ("a", "c"): "better", ("b", "c"): "inconclusive"}
    assert found.critical_difference == pytest.approx(0.8556, abs=1e-3)


def test_in_a_loss_the_smaller_one_is_better() -> None:
    table = scores(12, [0.03, 0.0])
    assert over_problems(table, ["a", "b"], greater_is_better=False).pairs[0].word == "worse"


def test_where_friedman_does_not_reject_no_pair_has_a_word() -> None:
    for seed in range(40):
        found = over_problems(scores(12, [0.0, 0.0, 0.0, 0.0], seed), list("abcd"))
        if found.friedman is not None and found.friedman.p_f >= 0.05:
            assert {pair.word for pair in found.pairs} == {"inconclusive"}


def test_equal_candidates_are_told_apart_in_five_percent_of_cases() -> None:
    rejected = 0
    for seed in range(400):
        found = over_problems(scores(12, [0.0, 0.0, 0.0], seed), list("abc"))
        rejected += any(pair.word in {"better", "worse"} for pair in found.pairs)
    assert rejected / 400 <= 0.075


def test_unlike_metrics_allow_no_test() -> None:
    found = over_problems(scores(12, [0.03, 0.0]), ["a", "b"], unlike="the problems have unlike metrics")
    assert (found.note, found.pairs[0].p) == ("the problems have unlike metrics", None)


def test_a_name_too_few_is_refused() -> None:
    with pytest.raises(DataError, match="Found 3 columns for 2 names"):
        over_problems(scores(12, [0.0, 0.0, 0.0]), ["a", "b"])
