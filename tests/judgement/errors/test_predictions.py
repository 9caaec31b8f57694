"""What was predicted for each row, over all folds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada import tasks
from bancada.judgement.errors._predictions import majority, right_share, row_predictions, row_tests

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.engine.examples import Examples

    Maker = Callable[..., Examples]


def test_numbers_are_averaged_labels_are_voted_and_untested_rows_are_null(made: Maker) -> None:
    side = [
        (0, [0, 1], {"probability": [0.2, 0.9], "label": [False, True]}),
        (1, [1, 0], {"probability": [0.5, 0.4], "label": [False, False]}),
        (2, [0, 1], {"probability": [0.6, 0.7], "label": [True, True]}),
    ]
    examples = made([0, 1, 1], [side])
    found = row_predictions(examples, 0)
    assert np.allclose(found.column("probability").to_pylist()[:2], [0.4, 0.7])
    assert found.column("label").to_pylist() == [False, True, None]
    assert found.column("probability").to_pylist()[2] is None
    assert row_tests(examples, 0).tolist() == [3, 3, 0]
    share = right_share(examples, 0)
    assert share is not None
    assert np.allclose(share, [2 / 3, 2 / 3, np.nan], equal_nan=True)
    assert majority(share).tolist() == [1, 1, 0]
    one = right_share(examples, 0, {1})
    assert one is not None
    assert np.allclose(one, [1, 0, np.nan], equal_nan=True)


def test_an_even_vote_takes_the_value_that_any_row_had_first_and_is_no_majority(made: Maker) -> None:
    kinds = pa.array(["a", "b"]).dictionary_encode()
    side = [(0, [0, 1], {"label": kinds}), (1, [0, 1], {"label": kinds.take(pa.array([1, 0]))})]
    examples = made(["a", "b"], [side], task=tasks.Multiclass())
    assert row_predictions(examples, 0).column("label").to_pylist() == ["a", "a"]
    share = right_share(examples, 0)
    assert share is not None
    assert majority(share).tolist() == [0, 0]


def test_answers_that_are_better_or_worse_by_degrees_are_not_voted_on(made: Maker) -> None:
    examples = made([1.0, 2.0], [[(0, [0, 1], {"value": [1.0, 2.5]})]], task=tasks.Regression())
    assert right_share(examples, 0) is None


def test_texts_are_those_of_the_first_fold(made: Maker) -> None:
    side = [(0, [0], {"text": ["x"]}), (0, [1], {"text": ["y"]}), (1, [0, 1], {"text": ["z", "z"]})]
    examples = made(["x", "q"], [side], task=tasks.Text())
    assert row_predictions(examples, 0).column("text").to_pylist() == ["x", "y"]
