"""What a metric says about a KPI: against scipy, and on candidates whose worth is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import spearmanr

from bancada.exceptions import DefinitionError
from bancada.scoring.costs import half_means, halves, relation
from bancada.scoring.costs._relation import _spearman

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def halved(losses: Floats) -> tuple[Floats, Floats]:
    first, second = half_means(halves(len(losses), 200), losses)
    return -first, -second


def test_the_rank_correlation_is_that_of_scipy() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 5, (20, 9)).astype(float), rng.integers(0, 5, (20, 9)).astype(float)
    expected = [spearmanr(x, y).statistic for x, y in zip(a, b, strict=True)]
    assert _spearman(a, b) == pytest.approx(expected)
    assert np.isnan(_spearman(np.ones((1, 9)), b[:1])).all()


def test_candidates_that_differ_show_what_the_metric_says() -> None:
    rng = np.random.default_rng(1)
    worth = np.linspace(0, 1, 10)
    metric = worth + 3 * rng.normal(size=(2_000, 10))
    kpi = 3 * worth + 9 * rng.normal(size=(2_000, 10))
    found = relation(halved(metric), halved(kpi))
    assert found.word == ""
    assert found.rho > 0.7
    assert found.low < found.rho < found.high <= 1
    assert abs(found.regret) < 0.3
    against = relation(halved(-metric), halved(kpi))
    assert against.rho < -0.7
    assert against.regret == pytest.approx(3, abs=1)


def test_equal_candidates_are_too_alike_and_show_no_correlation() -> None:
    found = []
    for seed in range(20):
        shared = np.random.default_rng(seed).normal(size=(300, 12))
        both = halved(shared)
        found.append(relation(both, both))
        # The KPI is the metric: on shared rows the correlation is 1, though no candidate is better than another.
        assert relation(both, both[::-1]).rho == pytest.approx(1)
    assert sum(one.word == "too alike to tell" for one in found) >= 14
    assert abs(np.mean([one.rho for one in found])) < 0.25


def test_fewer_than_eight_names_are_refused() -> None:
    part = np.zeros((3, 7))
    with pytest.raises(DefinitionError, match=r"at least 8 candidates, each by another name. There are 7"):
        relation((part, part), (part, part))


def test_candidates_that_a_kpi_cannot_tell_apart_are_too_alike() -> None:
    metric, tied = np.random.default_rng(0).normal(size=(50, 8)), np.ones((50, 8))
    for found in (relation((metric, metric), (tied, tied)), relation((tied, tied), (metric, metric))):
        assert np.isnan(found.rho)
        assert found.word == "too alike to tell"


def test_halves_on_which_a_score_is_undefined_do_not_count() -> None:
    rng = np.random.default_rng(2)
    one, other = rng.normal(size=(4, 8)), rng.normal(size=(4, 8))
    holed = one.copy()
    holed[0, 0] = np.nan
    assert relation((holed, other), (one, other)).rho == pytest.approx(
        float(np.mean(_spearman(np.concatenate([one[1:], other]), np.concatenate([other[1:], one]))))
    )
    nothing = np.full((4, 8), np.nan)
    assert relation((nothing, nothing), (one, other)).word == "undefined on halves of the rows"
