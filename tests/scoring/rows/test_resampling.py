"""Resamples are the same for every score; none is left out in silence."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import bootstrap

from bancada.exceptions import DataError, DefinitionError
from bancada.samples import CellCounts
from bancada.scoring.rows._resampling import cell_scores, joint_scores, percentiles, resampled, resamples


def test_resamples_are_shared() -> None:
    first, again = (np.concatenate(list(resamples(20, 5))) for _ in range(2))
    assert (first == again).all()
    assert not (first == np.concatenate(list(resamples(20, 5, seed=1)))).all()


def test_percentiles_agree_with_those_of_scipy() -> None:
    values = np.random.default_rng(3).gamma(2.0, size=80)
    ends = percentiles(resampled(lambda rows: float(np.median(values[rows])), 80, count=4000), 0.05)
    expected = bootstrap((values,), np.median, n_resamples=4000, method="percentile", rng=1).confidence_interval
    assert (ends.low, ends.high) == pytest.approx((expected.low, expected.high), abs=0.03)


def test_groups_are_drawn_whole() -> None:
    groups = np.repeat(np.arange(10), 3)
    seen: list[int] = []

    def score(rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
        counts = np.bincount(groups[rows], minlength=10)
        seen.append(int((counts % 3).sum()))
        return float(rows.size)

    assert (resampled(score, 30, groups=groups, count=100) == 30).all()
    assert not any(seen)
    with pytest.raises(DataError, match="Each row belongs to one group"):
        resampled(score, 30, groups=groups[:4])


def test_what_is_undefined_once_has_no_interval() -> None:
    assert percentiles(np.array([0.1, np.nan, 0.3]), 0.05).reason == "undefined on 1 of 3 resamples: no interval"
    assert percentiles(np.full(200, 0.5), 0.05).reason == "all resamples give the same value: no interval"


def test_a_maximum_has_no_interval_from_the_rows_seen() -> None:
    values = np.random.default_rng(0).gamma(2.0, size=80)
    scores = resampled(lambda rows: float(values[rows].max()), 80)
    assert percentiles(scores, 0.05, values.max()).reason == "it hangs on single rows, as a maximum does: no interval"
    assert not percentiles(resampled(lambda rows: float(np.median(values[rows])), 80), 0.05, np.median(values)).reason


def test_too_few_resamples_are_refused() -> None:
    with pytest.raises(DefinitionError, match="at least 100 resamples"):
        resampled(float, 10, count=10)


def table(codes: np.ndarray[tuple[int], np.dtype[np.int64]]) -> CellCounts:
    counts = np.bincount(codes, minlength=4).astype(np.float64)
    return CellCounts(codes, counts, np.ones(4), lambda cells: float(cells.trace() / cells.sum()), 2)


def test_cells_spread_as_their_rows_do() -> None:
    codes = np.random.default_rng(0).choice(4, 200, p=[0.4, 0.1, 0.1, 0.4])
    scores = cell_scores(table(codes), 200, 3000)
    right = float(np.isin(codes, [0, 3]).mean())
    assert scores.mean() == pytest.approx(right, abs=0.003)
    assert scores.std() == pytest.approx(np.sqrt(right * (1 - right) / 200), rel=0.08)


def test_joint_cells_keep_the_pairs() -> None:
    draw = np.random.default_rng(0)
    truth, first = draw.integers(0, 2, (2, 300))
    other = np.where(draw.random(300) < 0.9, first, 1 - first)
    a, b = (table(truth * 2 + label) for label in (first, other))
    scores = joint_scores(a, b, np.ones(300), 300, 3000)
    apart = (first == truth).astype(float) - (other == truth)
    assert scores.mean() == pytest.approx(apart.mean(), abs=0.003)
    assert scores.std() == pytest.approx(apart.std() / np.sqrt(300), rel=0.08)
