"""Tests of evaluations."""

from __future__ import annotations

import math
from typing import Any

import pyarrow as pa
import pytest

from bancada.definitions import Evaluation, Slice
from bancada.exceptions import DefinitionError


def test_an_evaluation_stores_what_it_was_given() -> None:
    slices: list[str | Slice] = ["region", Slice("new", "tenure < 3")]
    evaluation = Evaluation(primary="roc_auc", metrics=["log_loss"], margin=0.005, slices=slices)
    assert (evaluation.primary, evaluation.metrics, evaluation.margin) == ("roc_auc", ["log_loss"], 0.005)
    assert evaluation.slices is slices


def test_the_rows_of_every_slice_are_told() -> None:
    evaluation = Evaluation(slices=["region", Slice("new", "tenure < 3")])
    masks = evaluation.slice_masks(pa.table({"region": ["n", "s"], "tenure": [5, 1]}))
    assert {name: mask.tolist() for name, mask in masks.items()} == {
        "region=n": [True, False],
        "region=s": [False, True],
        "new": [False, True],
    }


@pytest.mark.parametrize("margin", [0, -0.1, math.nan, math.inf, True, "0.1"])
def test_a_margin_is_a_number_above_zero(margin: Any) -> None:
    with pytest.raises(DefinitionError, match=r"`margin` is the smallest difference .* Found "):
        Evaluation(margin=margin)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"metrics": "roc_auc"}, "`metrics` of an evaluation is a list. Found 'roc_auc'"),
        ({"primary": "roc auc"}, "The name of a metric begins with"),
        ({"metrics": ["roc auc"]}, "The name of a metric begins with"),
        ({"title": "a\nb"}, "The title of an evaluation is one line"),
        ({"rationale": 3}, "The rationale of an evaluation is a text"),
        ({"reasons": ["x"]}, "`reasons` of an evaluation says why each metric was chosen"),
        ({"alternatives": ["accuracy"]}, "`alternatives` of an evaluation is a list"),
        ({"slices": "region"}, "`slices` is a list"),
        ({"slices": [3]}, "`slices` of an evaluation names columns"),
    ],
)
def test_what_needs_no_data_is_refused_at_once(options: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        Evaluation(**options)
