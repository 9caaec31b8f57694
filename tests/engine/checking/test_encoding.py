"""Columns of every type become numbers in which equal values are equal."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from bancada.engine.checking._encoding import codes_of, encode


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pa.array([1, None, 3]), "number"),
        (pa.array([1.5, float("nan"), 2.5]), "number"),
        (pa.array([1.5, float("inf"), 2.5]), "number"),
        (pa.array([Decimal("1.5"), None, Decimal("2.5")]), "number"),
        (pa.array([dt.date(2024, 1, 1), None, dt.date(2024, 1, 2)]), "number"),
        (pa.array([dt.datetime(2024, 1, 1), None, dt.datetime(2024, 1, 2)]), "number"),  # noqa: DTZ001 - a column without a zone
        (pa.array(["a", None, "b"]), "category"),
        (pa.array(["a", None, "b"]).dictionary_encode(), "category"),
        (pa.array([False, None, True]), "category"),
        (pa.chunked_array([["a", None], ["b"]]), "category"),
    ],
)
def test_what_is_missing_is_told_and_order_is_kept(column: pa.Array, kind: str) -> None:
    found = encode("x", column)
    assert found is not None
    assert (found.kind, found.missing.tolist()) == (kind, [False, True, False])
    assert found.values[0] < found.values[2]
    assert codes_of(column)[0] != codes_of(column)[2]


def test_what_has_no_equality_is_left_out() -> None:
    assert encode("x", pa.array([[1], [2]])) is None
    assert encode("x", pa.array([{"a": 1}])) is None


def test_zeros_are_one_value_and_nan_is_missing() -> None:
    assert codes_of(pa.array([0.0, -0.0, float("nan"), None, 1.0])).tolist() == [0, 0, -1, -1, 1]


def test_a_column_without_rows_has_no_codes() -> None:
    assert codes_of(pa.chunked_array([], pa.string())).tolist() == []
    found = encode("x", pa.chunked_array([], pa.string()))
    assert found is not None
    assert np.array_equal(found.values, [])
