"""Equal rows across folds are found, and those that chance explains are a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bancada.engine.checking._duplicates import find_duplicates

if TYPE_CHECKING:
    import numpy.typing as npt
    from tests.engine.checking.conftest import Clean


def repeat(clean: Clean, count: int) -> None:
    """Make the last rows copies of the first ones, tested in other folds."""
    for name in clean.columns:
        column = clean.columns[name]
        values = np.asarray(column) if not hasattr(column, "to_numpy") else column.to_numpy(zero_copy_only=False)
        values[-count:] = values[:count]
        clean.columns[name] = values
    clean.fold[-count:] = (clean.fold[:count] + 1) % 5


@pytest.mark.parametrize(("count", "severity"), [(50, "serious"), (3, "note")])
def test_equal_rows_on_both_sides_are_told_with_a_few_ids(clean: Clean, count: int, severity: str) -> None:
    repeat(clean, count)
    (finding,) = find_duplicates(clean.rows()).findings
    assert (finding.severity, finding.evidence["rows"], finding.evidence["pairs"]) == (severity, 2 * count, count)
    assert "in every column of X" in finding.found
    assert len(finding.ids) == 4
    first, second = map(int, finding.ids[:2])
    assert abs(first - second) == 1_000 - count
    assert not any(identity in finding.found for identity in finding.ids if int(identity) > 500)


def test_rows_that_are_equal_to_six_digits_are_told(clean: Clean) -> None:
    repeat(clean, 50)
    clean.columns["a"][-50:] *= 1 + 1e-9
    (finding,) = find_duplicates(clean.rows()).findings
    assert finding.severity == "serious"
    assert "to six digits" in finding.found


def test_equal_rows_in_one_fold_are_none_of_its_business(clean: Clean) -> None:
    repeat(clean, 50)
    clean.fold[-50:] = clean.fold[:50]
    assert find_duplicates(clean.rows()).findings == ()


def test_columns_with_few_values_give_equal_rows_by_chance(clean: Clean) -> None:
    clean.columns = {name: clean.columns[name] for name in ("city", "flag")}
    (finding,) = find_duplicates(clean.rows()).findings
    assert finding.severity == "note"
    assert "by chance" in finding.found


def test_columns_without_equality_are_said(clean: Clean) -> None:
    clean.columns["list"] = [[1]] * clean.n_rows
    assert "`list`" in find_duplicates(clean.rows()).skipped


@pytest.mark.parametrize("seed", range(3))
def test_the_count_is_that_of_a_plain_loop(clean: Clean, seed: int) -> None:
    draw = np.random.default_rng(seed)
    clean.columns = {"x": draw.integers(0, 400, clean.n_rows), "y": draw.integers(0, 3, clean.n_rows)}
    rows = clean.rows()
    words = list(zip(clean.columns["x"].tolist(), clean.columns["y"].tolist(), strict=True))

    def known(positions: npt.NDArray[np.int64]) -> set[tuple[int, int]]:
        return {words[place] for place in positions}

    expected = sum(words[place] in known(part.train) for part in rows.folds for place in part.test)
    assert find_duplicates(rows).findings[0].evidence["rows"] == expected
