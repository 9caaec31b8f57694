"""Costs by outcome: against a loop over the rows, and against the threshold of Elkan (2001)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.exceptions import DataError, DefinitionError
from bancada.metrics.kpi import CostMatrix, cost_matrix
from bancada.metrics.kpi._costs import pays
from bancada.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

costs = st.integers(-20, 20).map(float)
rows_of = st.lists(st.tuples(st.booleans(), st.integers(0, 8).map(lambda n: n / 8)), min_size=1, max_size=30)


def sample(rows: Sequence[tuple[bool, float]], **columns: Any) -> Sample:
    truth = pa.table({"label": pa.array([positive for positive, _ in rows])})
    share = np.array([probability for _, probability in rows])
    predictions = pa.table({"probability": share, "label": pa.array(share >= 0.5)})
    return Sample(truth, predictions, pa.table(columns))


@given(rows_of, costs, costs, costs, costs)
def test_each_row_costs_what_its_cell_says(
    rows: list[tuple[bool, float]], c10: float, c01: float, c00: float, c11: float
) -> None:
    table = {(1, 0): c10, (0, 1): c01, (0, 0): c00, (1, 1): c11}
    expected = [table[int(probability >= 0.5), int(positive)] for positive, probability in rows]
    assert CostMatrix(c10, c01, c00, c11).amounts(sample(rows)).tolist() == expected


@given(rows_of, costs, costs, costs, costs)
def test_the_threshold_decides_by_what_is_expected_to_cost_less(
    rows: list[tuple[bool, float]], c10: float, c01: float, c00: float, c11: float
) -> None:
    found = CostMatrix(c10, c01, c00, c11, decide="threshold").amounts(sample(rows))
    for (positive, p), cost in zip(rows, found.tolist(), strict=True):
        of_yes, of_no = p * c11 + (1 - p) * c10, p * c01 + (1 - p) * c00
        assert cost in ({c11, c01} if positive else {c10, c00})
        if abs(of_yes - of_no) > 1e-9:
            assert cost == ((c11 if positive else c10) if of_yes < of_no else (c01 if positive else c00))


@given(st.floats(0.1, 50), st.floats(0.1, 50), st.floats(0, 1))
def test_with_a_positive_denominator_deciding_positive_pays_from_p_star_on(c10: float, c01: float, p: float) -> None:
    table = {"c10": np.array([c10]), "c01": np.array([c01]), "c00": np.zeros(1), "c11": np.zeros(1)}
    star = c10 / (c10 + c01)
    if abs(p - star) > 1e-9:
        assert pays(table, np.array([p]))[0] == (p > star)


def test_a_column_gives_each_row_its_amount_and_a_minus_makes_it_a_gain() -> None:
    rows = [(True, 0.0), (True, 1.0), (False, 1.0), (False, 0.0)]
    matrix = cost_matrix({"false_positive": 5, "false_negative": "invoice", "true_positive": "-invoice"})
    assert matrix.columns == ("invoice",)
    assert matrix.amounts(sample(rows, invoice=[10, 20, 30, 40])).tolist() == [10.0, -20.0, 5.0, 0.0]


def test_a_missing_probability_has_no_cost() -> None:
    assert np.isnan(CostMatrix(1.0, 1.0, decide="threshold").amounts(sample([(True, float("nan"))]))).all()


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ([1.0, None, None], "Column `invoice` has 2 rows without one"),
        ([1.0, float("nan"), 2.0], "Column `invoice` has 1 row without one"),
        ([1.0, -2.0, 3.0], "Column `invoice` is negative in 1 row"),
        (["a", "b", "c"], "Column `invoice` holds string"),
    ],
)
def test_amounts_that_are_missing_negative_or_no_numbers_are_refused(column: list[Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        CostMatrix(1.0, "invoice").check(pa.table({"invoice": column}))


@pytest.mark.parametrize(
    ("given_costs", "options", "message"),
    [
        ([1, 2], {}, r"`costs` of a KPI is a table .* Found \[1, 2\]"),
        ({"c10": 1}, {}, "Found no `c01`"),
        ({"c10": 1, "c02": 1}, {}, "Found 'c02'. Did you mean `c10`"),
        ({"c10": 1, "false_positve": 1}, {}, "Did you mean `false_positive`"),
        ({"c10": 1, "false_positive": 1, "c01": 1}, {}, "Found `c10` twice"),
        ({"c10": True, "c01": 1}, {}, "`c10` is True"),
        ({"c10": float("nan"), "c01": 1}, {}, "`c10` is nan"),
        ({"c10": "-", "c01": 1}, {}, "`c10` is '-'"),
        ({"c10": 1, "c01": 1}, {"decide": "treshold"}, "Did you mean `threshold`"),
    ],
)
def test_a_table_of_costs_that_is_none_is_refused(given_costs: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        cost_matrix(given_costs, **options)
