"""Wilcoxon's signed ranks over problems, and Holm's adjustment."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bancada.exceptions import DataError, ProcedureRefused
from bancada.scoring.problems import holm, signed_ranks

# Demšar (2006), Table 2: AUC of C4.5 and of C4.5 with m tuned on 14 data sets.
C45 = [0.763, 0.599, 0.954, 0.628, 0.882, 0.936, 0.661, 0.583, 0.775, 1.000, 0.940, 0.619, 0.972, 0.957]
C45_M = [0.768, 0.591, 0.971, 0.661, 0.888, 0.931, 0.668, 0.583, 0.838, 1.000, 0.962, 0.666, 0.981, 0.978]

SOME = st.lists(st.integers(-9, 9), min_size=10, max_size=16)


def test_demsar_2006_table_2_r_plus_93_r_minus_12() -> None:
    found = signed_ranks(np.array(C45_M) - np.array(C45), scale=1.0)
    assert (found.plus, found.minus) == (93.0, 12.0)
    # The table of exact critical values for N = 14 at α = .05 says 21; 12 is below it.
    assert found.p < 0.05


@given(st.lists(st.floats(-1, 1), min_size=10, max_size=30, unique_by=abs))
def test_without_ties_and_zeros_it_is_scipy_s_exact_test(differences: list[float]) -> None:
    if min(abs(d) for d in differences) < 1e-6 or min(np.diff(np.sort(np.abs(differences)))) < 1e-6:
        return
    oracle = stats.wilcoxon(differences, zero_method="zsplit", method="exact")
    found = signed_ranks(differences)
    assert min(found.plus, found.minus) == oracle.statistic
    assert found.p == pytest.approx(float(oracle.pvalue))


@given(SOME)
def test_rank_sums_with_ties_and_zeros_are_scipy_s(differences: list[int]) -> None:
    if not any(differences):
        assert signed_ranks(differences).p == 1.0
        return
    oracle = stats.wilcoxon(np.array(differences), zero_method="zsplit", method="approx", alternative="greater")
    found = signed_ranks(differences)
    assert found.plus == pytest.approx(float(oracle.statistic))
    assert found.plus + found.minus == len(differences) * (len(differences) + 1) / 2


@given(SOME)
def test_turning_the_pair_round_turns_the_ranks_round(differences: list[int]) -> None:
    one, other = signed_ranks(differences), signed_ranks([-d for d in differences])
    assert (one.plus, one.minus, one.p) == (other.minus, other.plus, other.p)


def test_the_exact_p_of_tied_ranks_is_that_of_all_signs() -> None:
    d = np.array([1, 1, 2, -2, 3, 3, 3, -1, 4, 5])
    ranks = stats.rankdata(np.abs(d))
    signs = np.array(np.meshgrid(*[[0, 1]] * 10)).reshape(10, -1)
    sums = ranks @ signs
    smaller = min(ranks[d > 0].sum(), ranks[d < 0].sum())
    assert signed_ranks(d).p == pytest.approx(2 * float(np.mean(sums <= smaller)))


def test_few_problems_and_missing_numbers_are_refused() -> None:
    with pytest.raises(ProcedureRefused, match="Wilcoxon's signed-rank test was asked for on 9"):
        signed_ranks([0.1] * 9)
    with pytest.raises(DataError, match="one finite difference per problem"):
        signed_ranks([float("nan")] * 12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_monotone_and_between_p_and_bonferroni(p: list[float]) -> None:
    found = holm(p)
    for raw, adjusted in zip(p, found, strict=True):
        assert raw <= adjusted <= min(1.0, len(p) * raw) + 1e-15
    order = sorted(range(len(p)), key=lambda i: p[i])
    assert [found[i] for i in order] == sorted(found)


def test_holm_s_adjusted_values_are_statsmodels() -> None:
    """`multipletests(p, method="holm")` of statsmodels 0.15.0."""
    assert holm([0.001, 0.04, 0.03, 0.2, 0.012]) == pytest.approx((0.005, 0.09, 0.09, 0.2, 0.048))
