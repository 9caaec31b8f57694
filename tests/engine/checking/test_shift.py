"""Test rows that are distributed otherwise are found, and what that means depends on the design."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bancada.engine.checking._shift import find_shift

if TYPE_CHECKING:
    from tests.engine.checking.conftest import Clean


@pytest.mark.parametrize(("kind", "severity"), [("random", "serious"), ("site", "note"), ("single", "note")])
def test_a_column_that_tells_the_fold_is_told(clean: Clean, kind: str, severity: str) -> None:
    clean.columns["a"][clean.fold == 2] += 1.5
    (finding,) = find_shift(clean.rows(kind=kind)).findings
    assert (finding.columns, finding.evidence["fold"], finding.severity) == (("a",), 2, severity)


def test_a_category_that_tells_the_fold_is_told(clean: Clean) -> None:
    clean.columns["city"][clean.fold == 1] = "a"
    (finding,) = find_shift(clean.rows()).findings
    assert (finding.columns, finding.evidence["statistic"]) == (("city",), "Cramér's V")


def test_values_that_training_never_had_are_serious_by_any_design(clean: Clean) -> None:
    clean.columns["a"][clean.fold == 4] += 100
    (finding,) = find_shift(clean.rows(kind="time")).findings
    assert finding.severity == "serious"


def test_the_column_of_times_may_tell_the_fold(clean: Clean) -> None:
    clean.columns["day"] = clean.fold * 10
    assert find_shift(clean.rows(kind="time", time_column="day")).findings == ()


def test_rows_of_a_group_count_once(clean: Clean) -> None:
    # Twenty groups whose rows are alike: by rows every fold differs, by groups none does.
    groups = np.arange(clean.n_rows) % 20
    clean.columns["a"] = clean.draw.normal(size=20)[groups] + 0.01 * clean.columns["a"]
    clean.fold = groups % 5
    assert find_shift(clean.rows()).findings != ()
    assert find_shift(clean.rows(groups=groups)).findings == ()
