"""Columns that number rows are told; amounts, prose and paths are not."""

from __future__ import annotations

import numpy as np
from tests.engine.checking.conftest import Clean

from bancada.engine.checking._id_like import find_id_like


def test_numbers_and_texts_that_name_rows_are_told(clean: Clean) -> None:
    n = clean.n_rows
    clean.columns |= {
        "line": clean.draw.permutation(n) + 5_000,
        "token": [f"t{number:x}" for number in range(n)],
        "order_id": clean.draw.permutation(n) * 1_000_003,
    }
    found = find_id_like(clean.rows()).findings
    assert [finding.columns for finding in found] == [("line",), ("token",), ("order_id",)]
    assert {finding.severity for finding in found} == {"note"}


def test_amounts_prose_and_paths_are_not_told(clean: Clean) -> None:
    n = clean.n_rows
    clean.columns |= {
        "salary": np.cumsum(clean.draw.integers(1, 1_000, n)),
        "story": [f"once upon a time {number}" for number in range(n)],
        "file": [f"scans/{number}.png" for number in range(n)],
        "half": np.arange(n) // 2,
    }
    assert find_id_like(clean.rows()).findings == ()


def test_few_rows_are_not_judged() -> None:
    assert "fewer than 50" in find_id_like(Clean(n_rows=40).rows()).skipped
