"""Columns with one value are told in one finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.engine.checking._constant import find_constant

if TYPE_CHECKING:
    from tests.engine.checking.conftest import Clean


def test_one_value_and_no_value_are_told(clean: Clean) -> None:
    n = clean.n_rows
    clean.columns |= {
        "one": np.ones(n),
        "same": ["x"] * n,
        "empty": pa.nulls(n, pa.float64()),
        "nearly": np.append(np.zeros(n - 1), 1.0),
        "seldom": pa.array(np.ones(n), mask=np.arange(n) < 9),
    }
    (finding,) = find_constant(clean.rows()).findings
    assert (finding.columns, finding.severity) == (("one", "same", "empty"), "note")
    assert "none at all: `empty`" in finding.found


def test_columns_with_several_values_are_not_told(clean: Clean) -> None:
    assert find_constant(clean.rows()).findings == ()
