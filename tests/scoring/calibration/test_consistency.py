"""What a calibrated model would show."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bancada.scoring.calibration._binning import binned
from bancada.scoring.calibration._consistency import _weighted_sum, drawn
from bancada.scoring.calibration._rows import rows_of


def moments(p: np.ndarray, weight: np.ndarray | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean and sd of the drawn gaps, and the sd that theory gives."""
    rows = rows_of(np.zeros(len(p)), p, weight)
    bins = binned(rows)
    gaps = drawn(rows, bins, 4000, 1).gaps
    variance = np.bincount(bins.place, weights=rows.weight**2 * rows.p * (1 - rows.p))
    total = np.bincount(bins.place, weights=rows.weight)
    return gaps.mean(axis=0), gaps.std(axis=0), np.sqrt(variance) / total


@pytest.mark.parametrize("n", [40, 3000, 20_000])
@pytest.mark.parametrize("weighted", [False, True])
def test_gaps_have_the_mean_and_the_spread_of_bernoulli_draws(n: int, weighted: bool) -> None:
    rng = np.random.default_rng(n)
    p = rng.beta(0.3, 2, n)
    mean, sd, theory = moments(p, rng.lognormal(0, 1, n) if weighted else None)
    assert (np.abs(mean) < 5 * theory / np.sqrt(4000) + 1e-12).all()
    # A bin of very rare positives varies more than 4,000 draws can tell.
    common = theory > np.median(theory)
    assert sd[common] == pytest.approx(theory[common], rel=0.08)


def test_rare_positives_of_many_weighted_rows_have_their_mean_and_spread() -> None:
    rng = np.random.default_rng(5)
    p, weight = rng.uniform(0, 0.004, 8000), rng.lognormal(0, 1.2, 8000)
    sums = _weighted_sum(p, weight, 4000, rng)
    assert sums.mean() == pytest.approx(weight @ p, rel=0.03)
    assert sums.std() == pytest.approx(np.sqrt(np.sum(weight**2 * p * (1 - p))), rel=0.1)
    assert stats.skew(sums) > 0.3


def test_rows_of_one_in_a_piece_are_drawn_exactly() -> None:
    p = np.array([0.0, 1.0, 0.0, 1.0])
    rows = rows_of([0, 1, 0, 1], p)
    bins = binned(rows, 1)
    assert drawn(rows, bins, 50, 0).gaps == pytest.approx(0)


def test_one_seed_gives_one_answer() -> None:
    rng = np.random.default_rng(3)
    rows = rows_of(rng.random(100) < 0.4, rng.random(100))
    bins = binned(rows)
    assert (drawn(rows, bins, 10, 7).gaps == drawn(rows, bins, 10, 7).gaps).all()
