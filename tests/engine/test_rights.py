"""Rows that are right as a whole, by kind of answer."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from bancada.engine._rights import rights


@pytest.mark.parametrize(
    ("truth", "told", "expected"),
    [
        ({"label": [True, False]}, {"score": [0.1, 0.2], "label": [True, True]}, [True, False]),
        (
            {"label": pa.array(["a", "b"]).dictionary_encode()},
            {"label": pa.array(["b", "b"]).dictionary_encode()},
            [False, True],
        ),
        (
            {"label_a": [True, False, True], "label_b": [True, True, False]},
            {"label_b": [True, True, True], "label_a": [True, True, True]},
            [True, False, False],
        ),
        ({"text": ["caf\u00e9", "x"]}, {"text": ["cafe\u0301", "y"]}, [True, False]),
        (
            {"references": [["a", "cafe\u0301"], ["x"], ["z", "z"]]},
            {"text": ["caf\u00e9", "a", "z"]},
            [True, False, True],
        ),
    ],
    ids=["label", "classes", "labels", "text", "references"],
)
def test_a_row_is_right_as_a_whole(truth: dict[str, Any], told: dict[str, Any], expected: list[bool]) -> None:
    found = rights(pa.table(truth), pa.table(told))
    assert found is not None
    assert found.tolist() == expected


@pytest.mark.parametrize(
    ("truth", "told"),
    [
        ({"value": [1.0]}, {"value": [1.0]}),
        ({"query": ["q"], "relevance": [1.0]}, {"score": [1.0]}),
        ({"label": [True]}, {"probability": [0.5]}),
        ({"label": [True]}, {"label": ["yes"]}),
        ({"label_a": [True], "label_b": [True]}, {"probability_a": [0.5], "probability_b": [0.5]}),
        ({"text": [["a"]]}, {"text": ["a"]}),
        ({"kind": ["a"]}, {"text": ["a"]}),
        ({"text": ["a"]}, {"text": [1]}),
    ],
    ids=range(8),
)
def test_answers_by_degrees_have_no_right_rows(truth: dict[str, Any], told: dict[str, Any]) -> None:
    assert rights(pa.table(truth), pa.table(told)) is None
