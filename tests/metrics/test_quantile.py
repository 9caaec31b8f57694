"""Metrics of quantiles against scikit-learn, SciPy and figures worked by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import mean_pinball_loss

from bancada.exceptions import DefinitionError
from bancada.metrics import get

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.samples import Sample

    Make = Callable[..., Sample]

LEVELS = (0.05, 0.5, 0.95)
number = st.floats(-100, 100)
rows = st.lists(st.tuples(number, number, number, number, st.floats(0.1, 4)), min_size=1, max_size=30)


def parts(drawn: list[tuple[float, ...]]) -> tuple[Any, Any, Any]:
    table = np.array(drawn)
    return table[:, 0], table[:, 1:4], table[:, 4]


@given(drawn=rows)
def test_the_pinball_loss_is_the_mean_of_scikit_learns(drawn: list[tuple[float, ...]], quantile: Make) -> None:
    truth, matrix, weight = parts(drawn)
    for weights in (None, weight):
        wanted = [
            mean_pinball_loss(truth, matrix[:, index], alpha=level, sample_weight=weights)
            for index, level in enumerate(LEVELS)
        ]
        assert get("pinball").score(quantile(truth, matrix, weights)) == pytest.approx(np.mean(wanted), abs=1e-9)


def test_the_pinball_loss_of_the_median_is_half_the_absolute_error(quantile: Make) -> None:
    sample = quantile([1.0, 5.0], [[3.0], [4.0]], levels=(0.5,))
    assert get("pinball").score(sample) == (2.0 + 1.0) / 2 / 2


@given(drawn=rows)
def test_the_interval_score_is_that_of_gneiting_and_raftery(drawn: list[tuple[float, ...]], quantile: Make) -> None:
    truth, matrix, weight = parts(drawn)
    low, high, alpha = matrix[:, 0], matrix[:, 2], 0.1
    wanted = (high - low) + 2 / alpha * (low - truth) * (truth < low) + 2 / alpha * (truth - high) * (truth > high)
    got = get("interval_score").score(quantile(truth, matrix, weight))
    assert got == pytest.approx(np.average(wanted, weights=weight), abs=1e-6)
    assert got >= -1e-9


def test_intervals_by_hand(quantile: Make) -> None:
    matrix = [[0.0, 1.0, 2.0], [0.0, 1.0, 4.0], [1.0, 2.0, 3.0], [5.0, 6.0, 6.0]]
    sample = quantile([1.0, 5.0, 0.5, 5.0], matrix)
    assert get("coverage_error").score(sample) == pytest.approx(0.9 - 0.5)
    assert get("interval_width").score(sample) == (2 + 4 + 2 + 1) / 4
    assert get("interval_score").score(sample) == pytest.approx((2 + (4 + 20) + (2 + 10) + 1) / 4)
    weighted = quantile([1.0, 5.0, 0.5, 5.0], matrix, np.array([9.0, 1.0, 0.0, 0.0]))
    assert get("coverage_error").score(weighted) == pytest.approx(0.0, abs=1e-12)
    assert get("interval_width").score(weighted) == pytest.approx(2.2)


def test_the_true_quantiles_minimise_the_interval_score(quantile: Make) -> None:
    truth = np.random.default_rng(0).normal(size=20_000)
    best = stats.norm.ppf([0.05, 0.5, 0.95])

    def score(shift: float, factor: float) -> float:
        return get("interval_score").score(quantile(truth, np.tile(best * factor + shift, (len(truth), 1))))

    assert score(0, 1) < min(score(0.3, 1), score(-0.3, 1), score(0, 0.8), score(0, 1.2))


@pytest.mark.parametrize("outcome", [-1.5, 0.0, 0.7])
def test_the_crps_of_many_quantiles_is_that_of_the_normal_distribution(outcome: float, quantile: Make) -> None:
    levels = tuple(number / 1000 for number in range(1, 1000))
    sample = quantile([outcome], stats.norm.ppf([levels]), levels=levels)
    # Gneiting & Raftery 2007, eq. 21.
    density, below = stats.norm.pdf(outcome), stats.norm.cdf(outcome)
    wanted = outcome * (2 * below - 1) + 2 * density - 1 / math.sqrt(math.pi)
    assert get("crps_quantiles").score(sample) == pytest.approx(wanted, rel=2e-3)


def test_equally_spaced_levels_weigh_alike_but_for_the_outermost(quantile: Make) -> None:
    sample = quantile([0.0], [[1.0, 1.0, 1.0]], levels=(0.25, 0.5, 0.75))
    losses, weights = np.array([0.75, 0.5, 0.25]), np.array([0.375, 0.25, 0.375])
    assert get("crps_quantiles").score(sample) == pytest.approx(2 * losses @ weights)


@pytest.mark.parametrize("name", ["coverage_error", "interval_score", "interval_width"])
def test_one_level_is_no_interval(name: str, quantile: Make) -> None:
    assert math.isnan(get(name).score(quantile([1.0], [[1.0]], levels=(0.5,))))


@pytest.mark.parametrize("name", ["pinball", "crps_quantiles", "coverage_error", "interval_score", "interval_width"])
def test_a_quantile_that_is_nan_gives_no_number(name: str, quantile: Make) -> None:
    matrix = np.array([[0.0, 1.0, 2.0], [0.0, 1.0, np.nan]])
    assert math.isnan(get(name).score(quantile([1.0, 1.0], matrix)))


def test_levels_are_read_from_names_in_any_order(quantile: Make) -> None:
    ordered = quantile([1.0], [[0.0, 2.0, 10.0]], levels=(0.05, 0.5, 0.95))
    mixed = quantile([1.0], [[10.0, 0.0, 2.0]], levels=(0.95, 0.05, 0.5))
    for name in ("pinball", "crps_quantiles", "coverage_error", "interval_score", "interval_width"):
        assert get(name).score(mixed) == get(name).score(ordered)


def test_crossing_is_told_by_a_negative_width(quantile: Make) -> None:
    assert get("interval_width").score(quantile([1.0], [[3.0, 2.0, 1.0]])) == -2.0


def test_other_tasks_lack_quantiles() -> None:
    truth, predictions = pa.schema([("value", pa.float64())]), pa.schema([("value", pa.float64())])
    assert get("pinball").missing(truth, predictions) == ("predictions.q_<level>",)


def test_a_share_names_a_central_interval(quantile: Make) -> None:
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
    sample = quantile([1.0, 9.0], [[0.0, 1.0, 2.0, 3.0, 10.0]] * 2, levels=levels)
    assert get("interval_width@0.5").score(sample) == 2.0
    assert get("interval_width", share=0.9).score(sample) == get("interval_width").score(sample) == 10.0
    assert get("coverage_error@0.5").score(sample) == 0.0
    assert get("interval_score@0.5").score(sample) == (2 + 2 + 6 / 0.25) / 2
    names = {get(name).identity().digest for name in ("interval_score", "interval_score@0.5", "interval_score@0.9")}
    assert len(names) == 3


def test_a_share_whose_levels_are_not_predicted_is_refused(quantile: Make) -> None:
    with pytest.raises(DefinitionError, match=r"has the levels 0\.1 and 0\.9\. Predicted are 0\.05, 0\.5, 0\.95\."):
        get("coverage_error@0.8").score(quantile([1.0], [[0.0, 1.0, 2.0]]))


@pytest.mark.parametrize("share", ["0", "90", "most", "nan"])
def test_other_shares_are_refused(share: str) -> None:
    with pytest.raises(DefinitionError, match=r"`share` of a metric is a share between 0 and 1"):
        get(f"coverage_error@{share}")
