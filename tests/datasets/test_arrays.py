"""Features and target as scikit-learn users hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy import sparse

from bancada.datasets import Dataset
from bancada.exceptions import DataError

if TYPE_CHECKING:
    from pathlib import Path

VALUES = [[1.0, 2.0], [3.0, np.nan], [5.0, 6.0]]


@pytest.mark.parametrize(
    "X",
    [
        np.array(VALUES),
        np.asfortranarray(VALUES),
        VALUES,
        pd.DataFrame(VALUES, columns=["x0", "x1"]),
        pl.DataFrame({"x0": [1.0, 3.0, 5.0], "x1": [2.0, None, 6.0]}),
        pa.table({"x0": [1.0, 3.0, 5.0], "x1": [2.0, None, 6.0]}),
    ],
)
@pytest.mark.parametrize(
    "y",
    [
        np.array([0, 1, 0]),
        [0, 1, 0],
        pd.Series([0, 1, 0], index=[5, 6, 7]),
        pl.Series([0, 1, 0]),
        pa.array([0, 1, 0]),
        pa.chunked_array([[0, 1], [0]]),
        np.array([[0], [1], [0]]),
    ],
)
def test_one_table_comes_of_every_kind_of_features_and_target(tmp_path: Path, X: Any, y: Any) -> None:
    data = Dataset.from_arrays(X, y).at(tmp_path, tmp_path)
    assert data.target_names == ("target",)
    assert data.rows(["x0", "x1", "target"]).to_pydict() == {
        "x0": [1.0, 3.0, 5.0],
        "x1": [2.0, None, 6.0],
        "target": [0, 1, 0],
    }


@pytest.mark.parametrize(
    ("y", "columns", "wanted"),
    [
        (pd.Series([0, 1], name="churned"), ["a"], ("churned",)),
        (pl.Series("churned", [0, 1]), ["a"], ("churned",)),
        (pd.Series([0, 1], name="a"), ["a"], ("target",)),
        (pd.Series([0, 1], name="a"), ["a", "target"], ("target_1",)),
        ([0, 1], ["target", "target_1"], ("target_2",)),
        (np.zeros((2, 2)), ["a"], ("target_0", "target_1")),
        (pd.DataFrame({"u": [0, 1], "v": [1, 0]}), ["a"], ("u", "v")),
        (pl.DataFrame({"u": [0, 1], "a": [1, 0]}), ["a"], ("u", "target")),
    ],
)
def test_a_target_keeps_its_name_unless_a_feature_has_it(y: Any, columns: list[str], wanted: tuple[str, ...]) -> None:
    features = pd.DataFrame(np.zeros((2, len(columns))), columns=columns)
    data = Dataset.from_arrays(features, y)
    assert data.target_names == wanted
    assert data.schema().names == [*columns, *wanted]


def test_target_names_survive_binding_and_pickling(tmp_path: Path) -> None:
    assert Dataset.from_arrays([[1]], [0]).at(tmp_path, tmp_path).target_names == ("target",)
    assert Dataset.from_frame({"a": [1]}, name="d").target_names == ()


def test_types_are_kept(tmp_path: Path) -> None:
    data = Dataset.from_arrays(np.ones((2, 1), dtype=np.float32), np.array(["a", "b"])).at(tmp_path, tmp_path)
    assert [str(field.type) for field in data.schema()] == ["float", "string"]
    mixed = Dataset.from_arrays([[1, "a"], [2, "b"]], [0, 1]).at(tmp_path, tmp_path)
    assert [str(field.type) for field in mixed.schema()] == ["int64", "string", "int64"]


def test_texts_are_one_feature(tmp_path: Path) -> None:
    for texts in (["a b", "c"], np.array(["a b", "c"], dtype=object), pd.Series(["a b", "c"])):
        data = Dataset.from_arrays(texts, [0, 1]).at(tmp_path, tmp_path)
        assert data.rows(["x0"]).to_pydict() == {"x0": ["a b", "c"]}


@pytest.mark.parametrize(
    ("X", "y", "match"),
    [
        ([[1], [2]], [0], r"must have the same count of rows\. X has 2, y has 1\."),
        (sparse.csr_array([[1, 0]]), [0], r"It is a sparse csr_array of shape \(1, 2\)"),
        ([[1]], sparse.csr_array([[1]]), r"It is a sparse csr_array"),
        (np.zeros((2, 2, 2)), [0, 1], r"X must have two dimensions: rows and features\. Its shape is \(2, 2, 2\)"),
        ([[1], [1, 2]], [0, 1], r"The rows of X must have the same length"),
        (pd.DataFrame({"x": [1, "a"]}, dtype=object), [0, 1], r"must have values of one type"),
    ],
)
def test_what_does_not_fit_is_refused_at_once(X: Any, y: Any, match: str) -> None:
    with pytest.raises(DataError, match=match):
        Dataset.from_arrays(X, y)
