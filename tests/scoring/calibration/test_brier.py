"""The parts of the Brier score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss

from bancada.scoring.calibration import brier_parts

ROWS = st.lists(st.tuples(st.booleans(), st.floats(0, 1), st.floats(0.01, 10)), min_size=1, max_size=60)


@given(ROWS, st.integers(1, 20))
def test_the_parts_add_up_exactly(rows: list[tuple[bool, float, float]], bins: int) -> None:
    y, p, w = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    parts = brier_parts(y, p, weight=w, bins=bins)
    total = parts.reliability - parts.resolution + parts.uncertainty + parts.within_variance - parts.within_covariance
    assert total == pytest.approx(parts.brier, abs=1e-12)
    assert parts.brier == pytest.approx(np.average((p - y) ** 2, weights=w), abs=1e-12)


def test_without_the_within_bin_terms_they_would_not() -> None:
    rng = np.random.default_rng(2)
    p = rng.random(3000)
    y = rng.random(3000) < p
    parts = brier_parts(y, p)
    assert parts.brier == pytest.approx(brier_score_loss(y, p))
    assert abs(parts.reliability - parts.resolution + parts.uncertainty - parts.brier) > 1e-6


def test_a_forecast_of_few_values_has_murphy_s_parts() -> None:
    # Two forecasts: .25 with 1 of 4 positive, .75 with 2 of 4.
    y, p = [0, 0, 0, 1, 0, 0, 1, 1], [0.25] * 4 + [0.75] * 4
    parts = brier_parts(y, p)
    assert parts.within_variance == pytest.approx(0)
    assert parts.within_covariance == pytest.approx(0)
    assert parts.reliability == pytest.approx(0.5 * 0.25**2)
    assert parts.resolution == pytest.approx(0.5 * (0.25 - 0.375) ** 2 + 0.5 * (0.5 - 0.375) ** 2)
    assert parts.uncertainty == pytest.approx(0.375 * 0.625)
