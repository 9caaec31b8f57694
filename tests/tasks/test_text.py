"""The text task: its laws, its reading of models, its refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bancada.contracts import Task
from bancada.exceptions import DataError, DefinitionError, PredictionError
from bancada.tasks import Text

if TYPE_CHECKING:
    from collections.abc import Callable

ONE = pa.table({"answer": ["yes", "", "no"]})
SEVERAL = pa.table({"answer": [["yes", "yeah"], [""], ["no"]]})
utf8 = st.text(alphabet=st.characters(codec="utf-8"))


@pytest.mark.parametrize(("target", "column"), [(ONE, "text"), (SEVERAL, "references")], ids=["one", "several"])
def test_truth_is_the_target(target: pa.Table, column: str) -> None:
    task = Text().resolve(target)
    assert isinstance(task, Task)
    assert task.truth(target).schema == task.truth_schema()
    assert task.truth(target).column(column).to_pylist() == target.column("answer").to_pylist()
    assert task.resolve(target) == task
    assert task.identity() == {"name": "text", "references": column == "references"}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, 2], "`answer` is int64"),
        (["a", None], "`answer` is null or NaN in 1 of 2 rows"),
        ([["a"], []], "`answer` is an empty list in 1 of 2 rows"),
        ([["a"], [None]], "A list of `answer` holds null"),
        ([[{"x": 1}]], "`answer` is list<"),
    ],
    ids=range(5),
)
def test_another_target_is_refused(values: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Text().resolve(pa.table({"answer": values}))


def test_lists_must_be_what_was_said() -> None:
    with pytest.raises(DataError, match="With `references=True` the target holds lists of texts"):
        Text(references=True).resolve(ONE)


@given(texts=st.lists(utf8, min_size=3, max_size=3))
def test_whatever_utf8_holds_is_read(texts: list[str], returning: Callable[..., Any]) -> None:
    task = Text().resolve(ONE)
    for values in (texts, pd.Series(texts), np.array(texts, dtype=object), tuple(texts)):
        assert task.read(returning(predict=values), None, 3).column("text").to_pylist() == texts


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["a", None, "b"], "such as None, in 1 of 3 rows"),
        (["a", float("nan"), 3], "such as nan, in 2 of 3 rows"),
        (["a", b"b", "c"], "such as b'b', in 1 of 3 rows"),
        (["a", "b"], "returned 2 for 3 rows"),
        ("abc", "returned a str"),
        (["a", "\ud83d", "b"], "half of a surrogate pair"),
    ],
    ids=range(6),
)
def test_what_is_no_text_is_refused(values: Any, message: str, returning: Callable[..., Any]) -> None:
    with pytest.raises(PredictionError, match=message):
        Text().resolve(ONE).read(returning(predict=values), None, 3)


@pytest.mark.parametrize(
    ("y", "expected"), [(["b", "a", "b", "a"], "a"), ([["b", "c"], ["b"], ["a"]], "b"), (["", "x", ""], "")]
)
def test_the_baseline_gives_the_most_frequent_text(y: Any, expected: str) -> None:
    model = Text().baseline()
    model.fit(None, y)
    assert model.predict([0, 1]) == [expected] * 2


def test_an_unresolved_task_has_no_truth_schema() -> None:
    with pytest.raises(DefinitionError, match=r"Text\(.*\) is not"):
        Text().truth_schema()
