"""Friedman's tests and Nemenyi's critical difference."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bancada.exceptions import ProcedureRefused
from bancada.scoring.problems import critical_difference, friedman, mean_ranks
from bancada.scoring.problems._friedman import friedman_of

# Demšar (2006), Table 6: AUC of C4.5, C4.5+m, C4.5+cf and C4.5+m+cf on 14 data sets.
# The last two of "voting" are .975 there and ranked 2 and 3, by digits that are not printed.
TABLE_6 = [
    [0.763, 0.768, 0.771, 0.798],
    [0.599, 0.591, 0.590, 0.569],
    [0.954, 0.971, 0.968, 0.967],
    [0.628, 0.661, 0.654, 0.657],
    [0.882, 0.888, 0.886, 0.898],
    [0.936, 0.931, 0.916, 0.931],
    [0.661, 0.668, 0.609, 0.685],
    [0.583, 0.583, 0.563, 0.625],
    [0.775, 0.838, 0.866, 0.875],
    [1.000, 1.000, 1.000, 1.000],
    [0.940, 0.962, 0.965, 0.962],
    [0.619, 0.666, 0.614, 0.669],
    [0.972, 0.981, 0.9751, 0.9749],
    [0.957, 0.978, 0.946, 0.970],
]


def test_demsar_2006_mean_ranks_of_table_6() -> None:
    assert mean_ranks(TABLE_6) == pytest.approx((3.143, 2.000, 2.893, 1.964), abs=5e-4)


def test_demsar_2006_chi2_9_28_and_f_3_69() -> None:
    found = friedman(TABLE_6)
    assert found.chi2 == pytest.approx(9.28, abs=5e-3)
    assert found.f == pytest.approx(3.69, abs=5e-3)
    # As the paper says of 3 and 39 degrees of freedom:
    assert stats.f.ppf(0.95, 3, 39) == pytest.approx(2.85, abs=5e-3)
    assert found.p_f < 0.05
    from_ranks = friedman_of((3.143, 2.000, 2.893, 1.964), 14)
    assert from_ranks.chi2 == pytest.approx(9.28, abs=0.02)


def test_demsar_2006_critical_differences_1_25_and_1_12() -> None:
    assert critical_difference(4, 14) == pytest.approx(1.25, abs=5e-3)
    assert critical_difference(4, 14, 0.10) == pytest.approx(1.12, abs=5e-3)


def test_scipy_corrects_for_ties_and_is_shown_beside() -> None:
    found = friedman(TABLE_6)
    oracle = stats.friedmanchisquare(*np.array(TABLE_6).T)
    assert found.chi2_ties == pytest.approx(float(oracle.statistic))
    assert found.p_ties == pytest.approx(float(oracle.pvalue))
    assert found.chi2_ties is not None
    assert found.chi2_ties > found.chi2


@given(st.lists(st.permutations(range(4)), min_size=10, max_size=20))
def test_without_ties_both_are_one(rows: list[list[int]]) -> None:
    found = friedman(rows)
    assert found.chi2 == pytest.approx(found.chi2_ties, abs=1e-9)
    assert sum(mean_ranks(rows)) == pytest.approx(10)


def test_one_order_on_all_problems_is_the_largest_chi2() -> None:
    found = friedman([[1.0, 2.0, 3.0]] * 12)
    assert found.chi2 == pytest.approx(24.0)
    assert (found.f, found.p_f) == (inf, 0.0)


def test_equal_scores_everywhere_have_no_tie_corrected_statistic() -> None:
    found = friedman([[0.5, 0.5, 0.5]] * 10)
    assert (found.chi2, found.chi2_ties, found.p_f) == (0.0, None, 1.0)


def test_where_less_is_better_the_least_has_rank_one() -> None:
    assert mean_ranks([[0.1, 0.2], [0.3, 0.4]], greater_is_better=False) == (1.0, 2.0)


def test_few_problems_are_refused() -> None:
    with pytest.raises(ProcedureRefused, match="Friedman's test was asked for on 9"):
        friedman([[1.0, 2.0, 3.0]] * 9)
    with pytest.raises(ProcedureRefused, match="Nemenyi's critical difference was asked for on 5"):
        critical_difference(3, 5)
