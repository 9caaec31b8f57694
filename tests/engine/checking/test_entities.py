"""Columns that name whom a row is about are found by how alike their rows are, inside of X or out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from tests.engine.checking.conftest import parts

from bancada.engine.checking._entities import find_entities

if TYPE_CHECKING:
    import numpy.typing as npt
    from tests.engine.checking.conftest import Clean


def plant(clean: Clean) -> npt.NDArray[np.int64]:
    """Give rows a customer who has a level of the target of their own."""
    customer = clean.draw.integers(0, 250, clean.n_rows)
    level = clean.draw.normal(size=250)
    clean.y = (level[customer] + 0.5 * clean.draw.normal(size=clean.n_rows) > 0).astype(np.float64)
    return customer


@pytest.mark.parametrize("text", [False, True])
def test_a_customer_in_x_is_serious(clean: Clean, *, text: bool) -> None:
    customer = plant(clean)
    clean.columns["who"] = np.array([f"c{number}" for number in customer]) if text else customer * 7
    (finding,) = find_entities(clean.rows()).findings
    assert (finding.columns, finding.severity) == (("who",), "serious")
    assert "groups='who'" in finding.remedy
    assert finding.evidence["share_crossing"] > 0.9


def test_a_customer_out_of_x_is_serious_too(clean: Clean) -> None:
    others = pa.table({"who": plant(clean)})
    (finding,) = find_entities(clean.rows(others=others)).findings
    assert finding.severity == "serious"
    assert "which is not in X" in finding.remedy


def test_folds_that_keep_a_customer_together_are_fine(clean: Clean) -> None:
    clean.columns["who"] = plant(clean)
    assert find_entities(clean.rows(folds=parts(clean.columns["who"] % 5))).findings == ()


def test_a_customer_whose_rows_share_columns_alone_is_a_note(clean: Clean) -> None:
    customer = clean.draw.integers(0, 250, clean.n_rows)
    clean.columns |= {"who": customer, "height": clean.draw.normal(size=250)[customer]}
    (finding,) = find_entities(clean.rows()).findings
    assert (finding.severity, finding.evidence["alike_in"]) == ("note", ["height"])


def test_an_amount_that_predicts_is_no_entity(clean: Clean) -> None:
    amount = clean.draw.integers(0, 400, clean.n_rows)
    clean.columns |= {"amount": amount, "amount_squared": amount**2.0, "level": np.where(amount > 200, "high", "low")}
    clean.y = (amount + 50 * clean.draw.normal(size=clean.n_rows) > 200).astype(np.float64)
    assert find_entities(clean.rows()).findings == ()


def test_a_name_is_enough_for_a_note(clean: Clean) -> None:
    clean.columns["visitor_id"] = clean.draw.integers(0, 300, clean.n_rows)
    (finding,) = find_entities(clean.rows()).findings
    assert finding.severity == "note"


def test_folds_that_are_periods_are_not_asked(clean: Clean) -> None:
    assert "cut by time" in find_entities(clean.rows(kind="time")).skipped
