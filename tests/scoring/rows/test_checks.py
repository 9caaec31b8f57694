"""DeLong's and McNemar's tests: the published figures of STATISTICS §10, and brute force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from bancada.exceptions import DataError
from bancada.metrics import get
from bancada.samples import Sample
from bancada.scoring.rows import delong, mcnemar
from bancada.scoring.rows._checks import mcnemar_counts

if TYPE_CHECKING:
    import numpy.typing as npt

# STATISTICS §10.3; scores and figures of the example that the fast DeLong implementations are tested on.
A = np.array([0.1, 0.2, 0.05, 0.3, 0.1, 0.6, 0.6, 0.7, 0.8, 0.99, 0.8, 0.67, 0.5])
B = np.array([0.3, 0.6, 0.2, 0.1, 0.1, 0.9, 0.23, 0.7, 0.9, 0.4, 0.77, 0.3, 0.89])
Y = np.repeat([False, True], [6, 7])


def sample(positive: npt.NDArray[np.bool_], score: npt.NDArray[np.float64]) -> Sample:
    import pyarrow as pa  # noqa: PLC0415 - a table for the two figures below

    return Sample(pa.table({"label": positive}), pa.table({"score": score}), pa.table({}))


def test_delong_gives_the_published_figures() -> None:
    found = delong(Y, A, B)
    assert get("roc_auc").score(sample(Y, A)) == pytest.approx(0.9642857, abs=5e-8)
    assert get("roc_auc").score(sample(Y, B)) == pytest.approx(0.7380952, abs=5e-8)
    assert found.statistic == pytest.approx(1.6719928662, abs=5e-11)
    assert found.p == pytest.approx(0.0945257288, abs=5e-11)


def placements(up: npt.NDArray[np.float64], down: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray((up[:, None] > down) + 0.5 * (up[:, None] == down), dtype=np.float64)


@given(seed=st.integers(0, 10_000), n=st.integers(4, 40))
def test_delong_is_the_covariance_of_all_pairs(seed: int, n: int) -> None:
    draw = np.random.default_rng(seed)
    y = np.concatenate([[True, True, False, False], draw.random(n) < 0.4])
    first, other = (np.round(draw.normal(size=n + 4) + y, 1) for _ in range(2))
    table = placements(first[y], first[~y]) - placements(other[y], other[~y])
    variance = table.mean(axis=1).var(ddof=1) / y.sum() + table.mean(axis=0).var(ddof=1) / (~y).sum()
    found = delong(y, first, other)
    if variance > 1e-20:
        assert found.statistic == pytest.approx(table.mean() / np.sqrt(variance), rel=1e-9, abs=1e-9)


def test_equal_scores_differ_in_nothing() -> None:
    assert delong(Y, A, A * 2).p == 1.0
    assert np.isnan(delong(Y, np.where(Y, 1.0, 0.0), np.where(Y, 0.0, 1.0)).p)


@pytest.mark.parametrize(("b", "c", "p"), [(11, 1, 0.00634765625), (25, 15, 0.1538599442)])
def test_mcnemar_gives_the_published_figures(b: int, c: int, p: float) -> None:
    # STATISTICS §10.4
    assert mcnemar_counts(b, c).p == pytest.approx(p, abs=5e-11)


@given(b=st.integers(0, 60), c=st.integers(0, 60))
def test_mcnemar_is_a_binomial_test(b: int, c: int) -> None:
    first = np.repeat([True, False, True, False], [b, c, 5, 5])
    other = np.repeat([False, True, True, False], [b, c, 5, 5])
    expected = binomtest(b, b + c).pvalue if b + c else 1.0
    assert mcnemar(first, other).p == pytest.approx(expected, abs=1e-12)


def test_checks_of_other_rows_are_refused() -> None:
    with pytest.raises(DataError, match="two scores of the same rows, at least two rows of each class"):
        delong(Y, A, B[:-1])
    with pytest.raises(DataError, match="at least two rows of each class"):
        delong(np.arange(13) == 0, A, B)
    with pytest.raises(DataError, match="two models on the same rows"):
        mcnemar(Y, Y[1:])
    with pytest.raises(DataError, match="not negative"):
        mcnemar_counts(-1, 3)
