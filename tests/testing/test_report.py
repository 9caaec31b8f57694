"""All checks of a block in one call."""

from __future__ import annotations

import pytest
from tests.testing.test_split_laws import Leaking

from bancada import splits
from bancada.exceptions import LawBroken, UsageError
from bancada.testing import RoundRobin, check


def test_a_good_block_gets_a_report_with_the_reasons_of_skips() -> None:
    report = check(splits.KFold(5, repeats=2))
    assert "parts_are_disjoint" in report.passed
    assert report.broken == {}
    assert report.skipped == {"sealed_rows_stay_sealed": "it has no holdout"}
    assert "skipped  sealed_rows_stay_sealed: it has no holdout" in str(report)


def test_a_bad_block_raises_all_that_it_breaks() -> None:
    with pytest.raises(LawBroken, match="`Leaking` must keep every law") as caught:
        check(Leaking())
    assert "broken   parts_are_disjoint: In a fold, training" in str(caught.value)


@pytest.mark.parametrize("value", [object(), RoundRobin, 7])
def test_what_is_no_block_is_refused(value: object) -> None:
    with pytest.raises(UsageError, match="has the methods of none of `"):
        check(value)
