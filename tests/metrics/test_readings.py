"""Columns as the arrays that metrics read."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from bancada.metrics._readings import (
    BINARY_LABELS,
    CLASS_LABELS,
    CLASS_PROBABILITIES,
    class_values,
    codes,
    matrix,
    nearest_missing,
    probability_names,
)


def labelled(values: list[str], classes: list[str]) -> pa.Table:
    indices = pa.array([classes.index(value) for value in values], pa.int32())
    return pa.table({"label": pa.DictionaryArray.from_arrays(indices, pa.array(classes))})


def test_codes_follow_the_class_list_whatever_the_dictionary() -> None:
    classes = pa.array(["a", "b", "c"])
    table = pa.concat_tables([labelled(["c", "a"], ["a", "b", "c"]), labelled(["b", "c"], ["c", "b"])])
    assert codes(table, classes).tolist() == [2, 0, 1, 2]


def test_codes_of_no_chunks_are_empty() -> None:
    table = labelled(["a"], ["a"]).schema.empty_table()
    assert codes(table, class_values(table)).tolist() == []


def test_the_class_list_holds_classes_without_rows() -> None:
    assert class_values(labelled(["a"], ["a", "b"])).to_pylist() == ["a", "b"]


def test_probabilities_stand_in_the_order_of_the_classes() -> None:
    classes = pa.array([2, 10])
    table = pa.table({"probability_10": [0.9], "probability_2": [0.1]})
    assert probability_names(classes) == ["probability_2", "probability_10"]
    assert np.array_equal(matrix(table, classes), [[0.1, 0.9]])


def test_the_nearest_reading_tells_what_is_missing() -> None:
    truth = pa.schema([("label", pa.dictionary(pa.int32(), pa.string()))])
    lacking = nearest_missing((BINARY_LABELS, CLASS_LABELS), truth, pa.schema([]))
    assert lacking == ("predictions.label",)
    assert nearest_missing((BINARY_LABELS, CLASS_LABELS), truth, truth) == ()


def test_a_text_column_is_no_probability() -> None:
    truth = pa.schema([("label", pa.dictionary(pa.int32(), pa.string()))])
    predictions = pa.schema([("probability_a", pa.string())])
    assert CLASS_PROBABILITIES.missing(truth, predictions) == ("predictions.probability_<class>",)
