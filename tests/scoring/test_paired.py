"""Paired differences: the corrected resampled t, its Bayesian twin, blocks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.datasets import make_moons
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.svm import SVC

from bancada.exceptions import DataError
from bancada.scoring import Design, verdict
from bancada.scoring._paired import bayesian_t, block_t, corrected_t, moments, paired

SCORES = st.lists(st.floats(-10, 10), min_size=3, max_size=12)


@pytest.fixture(scope="module")
def moons() -> npt.NDArray[np.float64]:
    """ROC AUC of rbf − linear, the data of STATISTICS §10 figure 1."""
    X, y = make_moons(noise=0.352, random_state=1, n_samples=100)
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=10, random_state=0)
    rbf, linear = (cross_val_score(SVC(kernel=k), X, y, scoring="roc_auc", cv=folds) for k in ("rbf", "linear"))
    return np.asarray(rbf - linear)


def test_figure_1_the_corrected_t_of_the_moons(moons: npt.NDArray[np.float64]) -> None:
    found = corrected_t(moons, 10 / 90)
    assert found.t == pytest.approx(0.750313, abs=5e-7)
    assert found.p_greater == pytest.approx(0.227423, abs=5e-7)
    assert found.df == 99


def test_figure_1_the_plain_t_would_have_called_it(moons: npt.NDArray[np.float64]) -> None:
    plain = stats.ttest_1samp(moons, 0.0)
    assert plain.statistic == pytest.approx(2.611165, abs=5e-7)
    assert block_t(moons).t == pytest.approx(plain.statistic)


def test_figure_1_the_bayesian_twin(moons: npt.NDArray[np.float64]) -> None:
    found = corrected_t(moons, 10 / 90)
    assert bayesian_t(found.delta, found.se, found.df, None).better == pytest.approx(0.772577, abs=5e-7)
    assert bayesian_t(found.delta, found.se, found.df, 0.01).inside == pytest.approx(0.431682, abs=5e-7)


NBC = [94.203, 92.754, 95.652, 91.176, 92.647, 91.176, 92.647, 92.647, 86.765, 91.176]
J48 = [92.754, 92.754, 89.855, 89.706, 95.588, 89.706, 95.588, 94.118, 91.176, 92.647]


def test_figure_2_the_bayesian_twin_of_two_trees() -> None:
    found = corrected_t(np.array(J48) - np.array(NBC), 1 / 9)
    one_sided = bayesian_t(found.delta, found.se, found.df, None)
    assert one_sided.worse == pytest.approx(0.4145119975, abs=5e-11)
    assert one_sided.better == pytest.approx(0.5854880025, abs=5e-11)
    assert one_sided.inside == 0.0
    three = bayesian_t(found.delta, found.se, found.df, 0.5)
    # The published three add up to 1.000000002: the first is off in its ninth digit, the other two fix it.
    assert three.worse == pytest.approx(0.2858446437, abs=2.5e-9)
    assert three.worse == pytest.approx(1 - 0.2691518717 - 0.4450034866, abs=1e-10)
    assert three.inside == pytest.approx(0.2691518717, abs=5e-11)
    assert three.better == pytest.approx(0.4450034866, abs=5e-11)


@given(SCORES, st.floats(-2, 2))
def test_the_order_of_folds_changes_nothing(d: list[float], shift: float) -> None:
    values = np.array(d) + shift
    permuted = values[np.random.default_rng(len(d)).permutation(len(d))]
    one, other = corrected_t(values, 0.25), corrected_t(permuted, 0.25)
    assert one.delta == pytest.approx(other.delta, abs=1e-12)
    assert one.se == pytest.approx(other.se, abs=1e-10)


@given(SCORES, st.floats(0, 1))
def test_the_standard_error_is_the_formula(d: list[float], rho: float) -> None:
    values = np.array(d) + np.linspace(0, 1, len(d))
    found = corrected_t(values, rho)
    if found.s > 0:
        assert found.se == pytest.approx(np.sqrt(values.var(ddof=1) * (1 / len(d) + rho)), rel=1e-9)
        assert found.delta == pytest.approx(values.mean(), abs=1e-12)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 9), st.integers(0, 99))
def test_a_pair_has_the_same_bits_alone_and_among_many(n_a: int, n_b: int, n_folds: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(n_folds, n_a, 1)), rng.normal(size=(n_folds, 1, n_b))
    delta, s = moments(a, b, np.ones((n_a, n_b)))
    for i in range(n_a):
        for j in range(n_b):
            alone = moments(a[:, i, 0], b[:, 0, j], np.asarray(1.0))
            assert (float(alone[0]), float(alone[1])) == (delta[i, j], s[i, j])


def test_rounding_noise_is_identical() -> None:
    design = Design("random", (80,) * 5, (20,) * 5)
    a = np.array([0.9, 0.8, 0.7, 0.9, 0.8])
    found = paired(a, a + np.array([1e-16, 0, -1e-16, 0, 1e-16]), design)
    assert (found.delta, found.se) == (0.0, 0.0)
    assert verdict(found.delta, found.se, found.df, None, 0.05).word == "identical"


def test_a_constant_difference_has_estimates_and_no_word() -> None:
    design = Design("random", (80,) * 5, (20,) * 5)
    a = np.array([0.9, 0.8, 0.7, 0.9, 0.8])
    found = paired(a, a - 0.1, design)
    assert found.delta == pytest.approx(0.1)
    assert verdict(found.delta, found.se, found.df, None, 0.05).word == "none"


def test_the_bayesian_twin_of_degenerate_differences_is_certain() -> None:
    assert bayesian_t(0.1, 0.0, 4, 0.05).better == 1.0
    assert bayesian_t(0.0, 0.0, 4, 0.05).inside == 1.0


def test_a_site_is_a_unit_of_its_own() -> None:
    design = Design("site", (80,) * 6, (20,) * 6)
    a, b = np.random.default_rng(0).normal(size=(2, 6))
    assert paired(a, b, design).t == pytest.approx(stats.ttest_rel(a, b).statistic)


def test_nan_is_refused_and_never_averaged() -> None:
    design = Design("random", (80,) * 5, (20,) * 5)
    with pytest.raises(DataError, match="Found 5 folds, 1 of them without a number"):
        paired([0.1, 0.2, float("nan"), 0.1, 0.1], [0.0] * 5, design)
    with pytest.raises(DataError, match="Found 0 folds"):
        corrected_t([], 0.25)


def test_scores_of_other_folds_are_refused() -> None:
    design = Design("random", (80,) * 5, (20,) * 5)
    with pytest.raises(DataError, match=r"Found shapes \(4,\) and \(5,\) for 5 folds"):
        paired([0.1] * 4, [0.0] * 5, design)
