"""A column that predicts alone is found, in whatever form it does."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from tests.engine.checking.conftest import Clean

from bancada.engine.checking._alone import find_alone


@pytest.mark.parametrize("form", ["same", "reversed", "around zero", "category", "missing"])
@pytest.mark.parametrize("numbers", [False, True])
def test_a_leak_is_serious_in_any_form(form: str, *, numbers: bool) -> None:
    clean = Clean(numbers=numbers)
    y = clean.y
    if form == "category":
        leak = np.array([f"level {value}" for value in (np.digitize(y, np.quantile(y, np.arange(1, 50) / 50)))])
        leak = leak if numbers else np.where(y > 0, "paid", "open")
    elif form == "missing":
        leak = pa.array(clean.draw.normal(size=len(y)), mask=y > 0) if not numbers else y
    else:
        told = y if numbers else y + 0.1 * clean.draw.normal(size=len(y))
        leak = {"same": told, "reversed": -told, "around zero": np.abs(told - np.median(told)) * 0 + told**3}[form]
    clean.columns["leak"] = leak
    (finding,) = find_alone(clean.rows()).findings
    assert (finding.columns, finding.severity) == (("leak",), "serious")
    assert finding.evidence["value"] >= 0.99
    assert "exclude=['leak']" in finding.remedy


def test_a_leak_that_is_not_monotone_is_found(clean: Clean) -> None:
    sign = clean.draw.choice([-1.0, 1.0], clean.n_rows)
    clean.columns["leak"] = np.where(clean.y > 0, sign * (3 + clean.draw.random(clean.n_rows)), clean.columns["a"] / 9)
    (finding,) = find_alone(clean.rows()).findings
    assert finding.severity == "serious"


def test_of_several_classes_one_that_is_told_is_not_enough(clean: Clean) -> None:
    clean.y = clean.draw.integers(0, 3, clean.n_rows).astype(np.float64)
    clean.columns["one"] = (clean.y == 0) + 0.1 * clean.draw.random(clean.n_rows)
    assert find_alone(clean.rows()).findings == ()
    clean.columns["all"] = clean.y + 0.1 * clean.draw.random(clean.n_rows)
    (finding,) = find_alone(clean.rows()).findings
    assert finding.columns == ("all",)


def test_rare_classes_and_other_targets_are_not_judged(clean: Clean) -> None:
    clean.y = (np.arange(clean.n_rows) < 9).astype(np.float64)
    assert "fewer than 10 rows" in find_alone(clean.rows()).skipped
    assert "neither" in find_alone(clean.rows(target=None)).skipped


def test_many_rows_are_sampled_and_it_is_said(clean: Clean) -> None:
    clean.columns["leak"] = clean.y
    looked = find_alone(clean.rows(sample_rows=300))
    assert (looked.sampled, looked.findings[0].columns) == (300, ("leak",))
