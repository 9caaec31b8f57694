"""The rough figure is the formula of the corrected resampled t test, and it is held against the margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from bancada.engine.checking._enough import find_too_few, rough_mde

if TYPE_CHECKING:
    from tests.engine.checking.conftest import Clean


@pytest.mark.parametrize(("n_folds", "times"), [(5, 3.717), (10, 3.146), (15, 3.013), (100, 2.829)])
def test_the_multiples_are_those_of_the_statistics(n_folds: int, times: float) -> None:
    # No rows tested beside those trained: ρ = 0, and the standard error is s/√J.
    assert rough_mde(n_folds * 1.0, n_folds, 1, 0) == pytest.approx(times, abs=5e-4)


def test_a_fold_that_shares_its_training_rows_is_worth_less() -> None:
    plain, shared = rough_mde(0.01, 15, 1, 0), rough_mde(0.01, 15, 800, 200)
    assert shared == pytest.approx(plain * np.sqrt(1 + 15 * 200 / 800))


def test_one_split_takes_normal_quantiles() -> None:
    assert rough_mde(4.0, 1, 80, 20) == pytest.approx(2 * (stats.norm.ppf(0.975) + stats.norm.ppf(0.8)))


@pytest.mark.parametrize("metric", ["accuracy", "roc_auc"])
def test_a_margin_below_the_figure_is_told_and_one_above_is_not(clean: Clean, metric: str) -> None:
    (finding,) = find_too_few(clean.rows(metric=metric, margin=0.001)).findings
    mde = finding.evidence["mde"]
    assert finding.severity == "serious"
    assert finding.evidence["rows_needed"] == pytest.approx(1_000 * (mde / 0.001) ** 2, abs=10)
    (finding,) = find_too_few(clean.rows(metric=metric, margin=mde / 1.5)).findings
    assert finding.severity == "note"
    assert find_too_few(clean.rows(metric=metric, margin=mde * 1.01)).findings == ()


def test_accuracy_reproduces_a_difference_that_was_simulated() -> None:
    # Two models that differ on 10 % of the rows, on one split of 2,000 rows: the figure is found in 80 % of draws.
    draw, n = np.random.default_rng(0), 2_000
    mde = rough_mde(0.1 / n, 1, 8_000, n)
    better, worse = 0.05 + mde / 2, 0.05 - mde / 2
    counts = draw.multinomial(n, [better, worse, 1 - better - worse], size=4_000)
    difference = (counts[:, 0] - counts[:, 1]) / n
    se = np.sqrt((counts[:, 0] + counts[:, 1]) / n - difference**2) / np.sqrt(n)
    assert np.mean(difference / se > stats.norm.ppf(0.975)) == pytest.approx(0.8, abs=0.02)


def test_what_has_no_rough_figure_is_said(clean: Clean) -> None:
    assert "no `margin`" in find_too_few(clean.rows()).skipped
    assert "no rough figure for `log_loss`" in find_too_few(clean.rows(metric="log_loss", margin=0.01)).skipped
    assert "no random parts" in find_too_few(clean.rows(kind="time", margin=0.01)).skipped
