"""Values whose lack tells the target are found; values that lack by chance are not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from tests.engine.checking.conftest import Clean

from bancada.engine.checking._missing import find_missing


@pytest.mark.parametrize("numbers", [False, True])
@pytest.mark.parametrize(("share", "severity"), [(0.99, "serious"), (0.4, "note")])
def test_a_lack_that_goes_with_the_target_is_told(share: float, severity: str, *, numbers: bool) -> None:
    clean = Clean(numbers=numbers)
    high = clean.y > (1.0 if numbers else 0.5)
    lacks = np.where(high, clean.draw.random(clean.n_rows) < share, clean.draw.random(clean.n_rows) < 1 - share)
    if severity == "note":
        lacks = high & (clean.draw.random(clean.n_rows) < 0.1)
    clean.columns["left"] = pa.array(clean.draw.normal(size=clean.n_rows), mask=lacks)
    (finding,) = find_missing(clean.rows()).findings
    expected = severity if not numbers else finding.severity
    assert (finding.columns, finding.severity) == (("left",), expected)
    assert finding.evidence["share"] == pytest.approx(lacks.mean())


def test_a_lack_that_decides_a_number_is_serious() -> None:
    clean = Clean(numbers=True)
    clean.columns["left"] = pa.array(clean.draw.normal(size=clean.n_rows), mask=clean.y > 1)
    (finding,) = find_missing(clean.rows()).findings
    assert finding.severity == "serious"


def test_what_lacks_by_chance_is_not_told(clean: Clean) -> None:
    assert find_missing(clean.rows()).findings == ()


def test_other_targets_are_not_judged(clean: Clean) -> None:
    assert "neither" in find_missing(clean.rows(target=None)).skipped
