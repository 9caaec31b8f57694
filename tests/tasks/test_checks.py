"""What every table of predictions must satisfy."""

from __future__ import annotations

import pyarrow as pa
import pytest

from bancada.exceptions import PredictionError
from bancada.tasks._checks import check_probability, check_table

SCHEMA = pa.schema([("value", pa.float64()), ("label", pa.bool_())])


def test_a_column_stands_once() -> None:
    table = pa.table([[1.0], [2.0]], names=["value", "value"])
    with pytest.raises(PredictionError, match=r"The columns are \['value', 'value'\]"):
        check_table(table, SCHEMA, 1)


def test_predictions_need_a_column() -> None:
    with pytest.raises(PredictionError, match="at least one column"):
        check_table(pa.table({}), SCHEMA, 0)


def test_the_order_of_columns_is_free() -> None:
    check_table(pa.table({"label": [True], "value": [1.0]}), SCHEMA, 1)


@pytest.mark.parametrize("value", [-1e-12, 1 + 1e-12])
def test_a_stored_probability_is_within_the_range(value: float) -> None:
    with pytest.raises(PredictionError, match="Probabilities must lie between 0 and 1"):
        check_probability(pa.table({"p": [value]}), "p")


def test_both_ends_of_the_range_are_probabilities() -> None:
    check_probability(pa.table({"p": [0.0, 1.0]}), "p")
