"""What models return, as arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.exceptions import PredictionError
from bancada.tasks._outputs import class_matrix, label_codes, numbers, probabilities


@given(codes=st.lists(st.integers(0, 3), min_size=1))
def test_labels_and_codes_are_one_to_one(codes: list[int]) -> None:
    classes = ["d", "a", "c", "b"]
    assert label_codes([classes[code] for code in codes], classes, len(codes)).tolist() == codes


def test_text_is_no_number() -> None:
    for array in (np.array(["1"]), np.array(["1"], object), np.array(["2024"], "M8[D]")):
        with pytest.raises(PredictionError, match="`predict` must return numbers"):
            numbers("predict", array)


def test_a_float_array_is_not_copied() -> None:
    array = np.array([0.1, 0.9])
    assert np.shares_memory(numbers("predict", array), array)


def test_no_rows_are_valid_probabilities() -> None:
    assert probabilities("predict_proba", np.zeros((0, 2)), 0).shape == (0, 2)
    assert class_matrix(np.zeros((0, 2)), np.array([0, 2]), 3).shape == (0, 3)


@pytest.mark.parametrize("error", [0.0, 9e-4, -9e-4])
def test_a_row_may_miss_one_by_rounding(error: float) -> None:
    row = np.array([[0.5, 0.5 + error]])
    assert np.array_equal(class_matrix(row, None, 2), row)


def test_a_row_may_not_miss_one_by_more() -> None:
    with pytest.raises(PredictionError, match=r"misses it by 0\.0011"):
        class_matrix(np.array([[0.5, 0.5011]]), None, 2)
