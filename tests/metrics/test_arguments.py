"""What a function receives, by task."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from bancada.metrics._arguments import arguments, lacking
from bancada.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Sample]


def seen(sample: Sample, reads: str | tuple[str, ...] = "auto", hint: str = "label") -> tuple[Any, Any]:
    assert lacking(reads, hint, sample.truth.schema, sample.predictions.schema) == ()
    return arguments(reads, hint, sample)


def test_a_binary_label_is_one_where_positive(binary: Make) -> None:
    y_true, y_pred = seen(binary([0, 1, 1], [0.1, 0.4, 0.9]))
    assert (y_true.dtype, y_true.tolist(), y_pred.dtype, y_pred.tolist()) == (np.int8, [0, 1, 1], np.int8, [0, 0, 1])


@pytest.mark.parametrize("reads", ["probability", "score"])
def test_binary_numbers_are_floats(reads: str, binary: Make) -> None:
    sample = binary([0, 1], [0.25, 0.75])
    y_true, y_pred = seen(sample, reads)
    assert y_true.tolist() == [0, 1]
    assert y_pred.tolist() == sample.predictions.column(reads).to_pylist()


@pytest.mark.parametrize("classes", [("a", "b", "c"), (1, 2, 10)])
def test_classes_are_given_as_their_own_values(classes: tuple[Any, ...], multiclass: Make) -> None:
    y_true, y_pred = seen(multiclass([2, 0], [[0.1, 0.8, 0.1], [1, 0, 0]], classes=classes))
    assert (y_true.tolist(), y_pred.tolist()) == ([classes[2], classes[0]], [classes[1], classes[0]])


def test_class_probabilities_are_a_matrix(multiclass: Make) -> None:
    matrix = [[0.1, 0.8, 0.1], [1.0, 0.0, 0.0]]
    y_true, y_pred = seen(multiclass([2, 0], matrix), "probability")
    assert (y_true.tolist(), y_pred.tolist()) == (["c", "a"], matrix)


def test_a_regression_is_floats(regression: Make) -> None:
    y_true, y_pred = seen(regression([1, 2], [3, 4]))
    assert (y_true.tolist(), y_pred.tolist()) == ([1.0, 2.0], [3.0, 4.0])


def test_the_hint_decides_where_the_task_has_classes(binary: Make, multiclass: Make, regression: Make) -> None:
    assert seen(binary([0, 1], [0.25, 0.75]), hint="probability")[1].tolist() == [0.25, 0.75]
    assert seen(multiclass([0], [[1, 0, 0]]), hint="score")[1].shape == (1, 3)
    assert seen(regression([1], [3]), hint="probability")[1].tolist() == [3.0]


@pytest.mark.parametrize("reads", ["auto", ("tags",)])
def test_structured_columns_are_python_values(reads: Any, tags: Sample) -> None:
    assert seen(tags, reads) == ([["a"], ["a", "b"], []], [["a"], ["b"], ["c"]])


def test_a_column_of_another_name_meets_the_only_truth(tags: Sample) -> None:
    y_true, y_pred = seen(tags, ("confidence",))
    assert y_true == [["a"], ["a", "b"], []]
    assert y_pred.tolist() == [0.9, 0.5, 0.1]


def test_several_columns_are_mappings(tags: Sample) -> None:
    y_true, y_pred = seen(tags, ("tags", "confidence"))
    assert list(y_true) == ["tags"]
    assert y_pred["tags"] == [["a"], ["b"], ["c"]]
    assert y_pred["confidence"].tolist() == [0.9, 0.5, 0.1]


def test_auto_takes_the_only_prediction_where_no_name_is_shared(tags: Sample) -> None:
    sample = replace(tags, predictions=pa.table({"text": ["x", "y", "z"]}))
    assert seen(sample) == ([["a"], ["a", "b"], []], ["x", "y", "z"])


def test_auto_takes_all_columns_that_are_shared() -> None:
    table = pa.table({"start": [1, 2], "end": [3, None]})
    y_true, y_pred = seen(Sample(table, table, pa.table({})))
    assert list(y_true) == list(y_pred) == ["start", "end"]
    assert y_true["end"] == [3, None]


def test_what_is_lacking_is_named(tags: Sample, binary: Make) -> None:
    truth, predictions = tags.truth.schema, tags.predictions.schema
    assert lacking(("text",), "label", truth, predictions) == ("predictions.text",)
    assert lacking("label", "label", truth, predictions) == ("truth.label", "predictions.label")
    assert lacking("auto", "label", truth, pa.schema([("a", pa.int8()), ("b", pa.int8())])) == ("predictions.tags",)
    two = pa.schema([("a", pa.int8()), ("b", pa.int8())])
    assert lacking(("c",), "label", two, pa.schema([("c", pa.int8())])) == ("truth.c",)
    labels = binary([0, 1], [0, 1]).predictions.select(["label"]).schema
    assert lacking("auto", "score", binary([0], [0]).truth.schema, labels) == ("predictions.score",)


def test_a_task_without_truth_has_nothing_to_compare(tags: Sample) -> None:
    assert lacking(("tags",), "label", pa.schema([]), tags.predictions.schema) == ("truth.tags",)
    assert lacking("auto", "label", pa.schema([]), tags.predictions.schema) == ("truth",)
