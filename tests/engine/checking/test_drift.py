"""Columns that change in time are told, and a target that does while folds mix the times is serious."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bancada.engine.checking._drift import find_drift

if TYPE_CHECKING:
    from tests.engine.checking.conftest import Clean


def test_a_feature_that_drifts_is_a_note(clean: Clean) -> None:
    clean.columns["a"] += np.arange(clean.n_rows) / clean.n_rows
    (finding,) = find_drift(clean.rows(time=np.arange(clean.n_rows), time_column="day")).findings
    assert (finding.columns, finding.severity) == (("a",), "note")
    assert "TimeOrdered" in finding.remedy


@pytest.mark.parametrize(("kind", "severity"), [("random", "serious"), ("time", "note")])
def test_a_target_that_drifts_is_serious_where_folds_mix_the_times(clean: Clean, kind: str, severity: str) -> None:
    late = np.arange(clean.n_rows) >= clean.n_rows // 2
    clean.y = (clean.draw.random(clean.n_rows) < np.where(late, 0.8, 0.3)).astype(np.float64)
    (finding,) = find_drift(clean.rows(kind=kind, time=np.arange(clean.n_rows), time_column="day")).findings
    assert (finding.columns, finding.severity) == (("y",), severity)
    assert ("mix past and future" in finding.found) == (kind == "random")


def test_rows_that_stay_alike_are_not_told(clean: Clean) -> None:
    assert find_drift(clean.rows(time=np.arange(clean.n_rows), time_column="day")).findings == ()


def test_it_needs_times(clean: Clean) -> None:
    assert "no `time`" in find_drift(clean.rows()).skipped
    assert "no time that can be read" in find_drift(clean.rows(time_column="day")).skipped
    assert "one time" in find_drift(clean.rows(time=np.zeros(clean.n_rows, dtype=np.int64))).skipped
