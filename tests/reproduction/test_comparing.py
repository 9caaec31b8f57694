"""Predictions held against each other: equal means to the bit; what differs is told by its first and its largest."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.reproduction._comparing import Compared, same_number

numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8)


def table(values: Any, **more: Any) -> pa.Table:
    ids = more.pop("ids", range(len(values)))
    return pa.table({"id": list(ids), "repeat": [0] * len(values), "fold": [0] * len(values), "value": values, **more})


def compared(one: pa.Table, other: pa.Table, **tolerances: float) -> Compared:
    found = Compared(tolerances)
    found.add(0, 0, one, other)
    return found


@given(values=numbers)
def test_equal_predictions_do_not_differ(values: list[float]) -> None:
    found = compared(table(values), table(values))
    assert (found.predictions, found.differing, found.beyond, found.diverged) == (len(values), 0, 0, False)
    assert (found.largest, found.first_difference, found.largest_difference) == (0.0, None, None)


@given(values=numbers, others=numbers)
def test_every_difference_is_counted_and_the_largest_is_numpy_s(values: list[float], others: list[float]) -> None:
    size = min(len(values), len(others))
    one, other = np.array(values[:size]), np.array(others[:size])
    found = compared(table(one), table(other))
    assert found.differing == int((one.view(np.int64) != other.view(np.int64)).sum())
    assert found.largest == pytest.approx(np.abs(one - other).max(), abs=1e-300)
    if found.differing:
        assert found.first_difference is not None
        assert found.first_difference.id == int(np.argmax(one.view(np.int64) != other.view(np.int64)))


@given(values=numbers, shift=st.floats(1e-9, 1.0))
def test_within_the_tolerance_nothing_diverges_and_beyond_it_everything_does(values: list[float], shift: float) -> None:
    other = [value + shift for value in values]
    apart = max(abs(a - b) for a, b in zip(values, other, strict=True))
    least = min(abs(a - b) for a, b in zip(values, other, strict=True))
    assert not compared(table(values), table(other), value=apart).diverged
    if least > 0:
        assert compared(table(values), table(other), value=least / 2).beyond == len(values)


def test_without_a_tolerance_the_last_bit_counts() -> None:
    found = compared(table([1.0]), table([math.nextafter(1.0, 2.0)]))
    assert (found.differing, found.beyond) == (1, 1)


def test_zeros_of_either_sign_differ_and_lie_within_any_tolerance() -> None:
    found = compared(table([0.0]), table([-0.0]), value=1e-12)
    assert (found.differing, found.beyond, found.diverged) == (1, 0, False)


def test_a_number_that_became_none_is_beyond_every_tolerance() -> None:
    assert compared(table([1.0]), table([float("nan")]), value=1e9).beyond == 1


def test_labels_and_texts_are_exact_whatever_the_tolerance() -> None:
    one, other = table([1.0, 2.0], label=["a", "b"]), table([1.0, 2.0], label=["a", "c"])
    found = compared(one, other, label=9.0, value=9.0)
    assert (found.differing, found.beyond) == (1, 1)
    assert found.first_difference is not None
    assert (found.first_difference.id, found.first_difference.column) == (1, "label")
    assert (found.first_difference.recorded, found.first_difference.found) == ("b", "c")


def test_the_first_difference_is_that_of_the_first_row_and_the_largest_of_the_largest() -> None:
    found = compared(table([0.0, 1.0, 2.0]), table([0.5, 1.0, 9.0]))
    assert found.first_difference is not None
    assert found.largest_difference is not None
    assert (found.first_difference.id, found.largest_difference.id, found.largest) == (0, 2, 7.0)


def test_a_fold_of_another_order_is_compared_by_its_ids() -> None:
    assert compared(table([1.0, 2.0], ids=[5, 3]), table([2.0, 1.0], ids=[3, 5])).differing == 0


def test_rows_that_were_forgotten_are_not_missed() -> None:
    found = compared(table([2.0], ids=["b"]), table([1.0, 2.0], ids=["a", "b"]))
    assert (found.predictions, found.differing) == (1, 0)


def test_other_rows_diverge() -> None:
    found = compared(table([1.0, 2.0]), table([1.0, 2.0], ids=[7, 8]))
    assert (found.diverged, found.differing) == (True, 2)
    assert found.first_difference is not None
    assert "other ids" in str(found.first_difference.found)


@pytest.mark.parametrize(
    ("one", "other", "named"),
    [
        (table([1.0], label=["a"]), table([1.0]), "label"),
        (table([1.0]), table([1.0], label=["a"]), "label"),
        (table([1.0]), table([1]), "value"),
    ],
)
def test_a_column_that_is_not_the_same_kind_diverges_and_is_named(one: pa.Table, other: pa.Table, named: str) -> None:
    found = compared(one, other)
    assert found.diverged
    assert found.first_difference is not None
    assert (found.first_difference.column, found.differing) == (named, 1)


def test_lists_and_structs_are_compared_by_value() -> None:
    one, other = table([1.0], answer=[[{"a": 1}]]), table([1.0], answer=[[{"a": 2}]])
    assert compared(one, one).differing == 0
    assert compared(one, other).differing == 1


def test_a_fold_that_failed_diverges() -> None:
    found = Compared({})
    found.failed(1, 2, "30 rows", "ValueError: no")
    assert found.diverged
    assert found.first_difference is not None
    assert (found.first_difference.repeat, found.first_difference.found) == (1, "ValueError: no")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (None, None, True),
        (None, 1.0, False),
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1.0 + 1e-6, False),
        (float("nan"), float("nan"), True),
        (float("inf"), float("inf"), True),
    ],
)
def test_scores_of_equal_predictions_differ_by_the_order_of_a_sum_at_most(
    one: float | None, other: float | None, *, same: bool
) -> None:
    assert same_number(one, other) is same
