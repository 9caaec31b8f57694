"""The model confidence set."""

from __future__ import annotations

import numpy as np
import pytest

from bancada.scoring.choosing import model_confidence_set


def losses(means: list[float], n: int = 300, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(means, 1.0, (n, len(means))) + rng.normal(0, 1, (n, 1))


def by_hand(table: np.ndarray, draws: int, seed: int) -> list[float]:
    """Hansen, Lunde & Nason (2011) step by step: T_R of the set, eliminate, start anew; p by running maximum."""
    n, k = table.shape
    theta, f = table.mean(axis=0), table - table.mean(axis=0)
    z = np.random.default_rng(seed).standard_normal((draws, n)) @ f / n
    left, p, running = list(range(k)), [1.0] * k, 0.0
    while len(left) > 1:
        pairs = [(i, j) for i in left for j in left if i != j]
        sd = {(i, j): np.sqrt(((f[:, i] - f[:, j]) ** 2).sum()) / n for i, j in pairs}
        t = {(i, j): (theta[i] - theta[j]) / sd[i, j] for i, j in pairs}
        drawn = np.max([np.abs(z[:, i] - z[:, j]) / sd[i, j] for i, j in pairs], axis=0)
        running = max(running, float(np.mean(drawn >= max(t.values()))))
        worst = max(t, key=lambda pair: t[pair])[0]
        p[worst] = running
        left.remove(worst)
    return p


def test_it_is_hansen_lunde_and_nason_s_procedure() -> None:
    table = losses([0.0, 0.02, 0.1, 0.3, 0.12, 0.2])
    found = model_confidence_set(table, greater_is_better=False)
    assert list(found.p) == pytest.approx(by_hand(table, 10_000, 5), abs=0.02)


def test_the_best_is_always_a_member_and_p_is_one_for_it() -> None:
    for seed in range(10):
        table = losses([0.0, 0.1, 0.2, 0.5], seed=seed)
        found = model_confidence_set(table, greater_is_better=False, draws=500)
        assert found.p[found.eliminated[-1]] == 1.0
        assert int(table.mean(axis=0).argmin()) in found.members
        ordered = [found.p[i] or 0.0 for i in found.eliminated]
        assert ordered == sorted(ordered)


def test_equal_models_all_stay_in_95_percent_of_cases() -> None:
    stayed = sum(
        len(model_confidence_set(losses([0.0] * 6, 100, seed), greater_is_better=False, draws=400).members) == 6
        for seed in range(300)
    )
    assert 0.91 <= stayed / 300 <= 0.985


def test_two_models_have_the_p_of_the_paired_z() -> None:
    table = losses([0.0, 0.12], 400, 3)
    d = table[:, 1] - table[:, 0]
    t = d.mean() / np.sqrt(((d - d.mean()) ** 2).sum() / 400**2)
    draws = np.abs(np.random.default_rng(0).standard_normal(200_000))
    assert min(p or 0.0 for p in model_confidence_set(table, greater_is_better=False).p) == pytest.approx(
        float(np.mean(draws >= t)), abs=0.015
    )


def test_scores_and_losses_mirror_each_other_and_order_does_not_matter() -> None:
    table = losses([0.0, 0.1, 0.4])
    one = model_confidence_set(table, greater_is_better=False)
    assert model_confidence_set(-table, greater_is_better=True).p == one.p
    turned = model_confidence_set(table[:, ::-1], greater_is_better=False)
    assert list(turned.p)[::-1] == pytest.approx(list(one.p), abs=0.02)


def test_identical_models_stay_together_and_a_sure_difference_goes() -> None:
    column = np.random.default_rng(1).random(50)
    found = model_confidence_set(np.stack([column, column, column + 1.0], axis=1), greater_is_better=False)
    assert found.members == (0, 1)
    assert found.p[:2] == (1.0, 1.0)


def test_rounding_of_large_scores_eliminates_nobody() -> None:
    rng = np.random.default_rng(0)
    same = np.hstack([rng.random((300, 1)) * 1e9] * 7)
    assert model_confidence_set(same, greater_is_better=False, weight=rng.random(300)).p == (1.0,) * 7


def test_groups_widen_the_set() -> None:
    by_group = losses([0.0, 0.35], 40, 2)
    table, groups = np.repeat(by_group, 10, axis=0), np.repeat(np.arange(40), 10)
    rows = model_confidence_set(table, greater_is_better=False).p
    together = model_confidence_set(table, greater_is_better=False, groups=groups).p
    alone = model_confidence_set(by_group, greater_is_better=False).p
    assert min(p or 0 for p in rows) < min(p or 0 for p in together)
    assert min(p or 0 for p in together) == pytest.approx(min(p or 0 for p in alone), abs=0.02)


def test_weights_of_two_change_nothing_and_few_rows_exclude_nobody() -> None:
    table = losses([0.0, 0.1, 0.4])
    one = model_confidence_set(table, greater_is_better=False)
    assert model_confidence_set(table, greater_is_better=False, weight=np.full(300, 2.0)).p == one.p
    few = model_confidence_set(table[:9], greater_is_better=False)
    assert (few.members, few.p) == ((0, 1, 2), (None, None, None))


def test_the_text_says_what_membership_means() -> None:
    found = model_confidence_set(losses([0.0, 0.1, 0.9]), greater_is_better=False)
    assert found.text.endswith("of 3 models not shown to be worse (model confidence set, 95 %)")
