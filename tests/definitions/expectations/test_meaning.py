"""What the names of an expectation mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from bancada.datasets import Dataset
from bancada.definitions import Evaluation, Problem, Slice, find_project
from bancada.definitions.expectations import check_metric, expectation, meant_slice
from bancada.exceptions import DefinitionError, NotFoundError
from bancada.splits import KFold
from bancada.tasks import Binary

if TYPE_CHECKING:
    from pathlib import Path

DECLARED = (Slice("new customers", "tenure < 3"), "region")
NAMES = ("new customers", "region=north", "region=south", "region is null")


@pytest.mark.parametrize(
    ("where", "meant"),
    [
        ("new customers", ("new customers", "")),
        ("`new customers`", ("new customers", "")),
        ("tenure<3", ("new customers", "")),
        ("region=north", ("region=north", "")),
        ('region == "north"', ("region=north", "")),
        ("region is null", ("region is null", "")),
        ('region == "west"', (None, "region == 'west'")),
        ("tenure<4 and a==true", (None, "tenure < 4 and a == true")),
    ],
)
def test_a_slice_is_meant_by_name_or_by_what_it_says(where: str, meant: tuple[str | None, str]) -> None:
    assert meant_slice(expectation(f"> 0.8 where {where}"), DECLARED, NAMES) == meant


def test_the_names_of_values_are_left_open_until_the_data_are_read() -> None:
    assert meant_slice(expectation("> 0.8 where region=north"), DECLARED, None) == (None, "")


@pytest.mark.parametrize(
    ("where", "remedy"),
    [("new custmers", "Did you mean `new customers`?"), ("region=nort", "Did you mean `region=north`?")],
)
def test_an_unknown_slice_is_told_with_the_nearest(where: str, remedy: str) -> None:
    with pytest.raises(NotFoundError, match="Found no slice") as caught:
        meant_slice(expectation(f"> 0.8 where {where}"), DECLARED, NAMES)
    assert caught.value.remedy == remedy


def test_an_expression_that_does_not_parse_is_pointed_at_in_the_whole_text() -> None:
    with pytest.raises(DefinitionError, match=r"at character 24: 'roc_auc > 0.8 where a <▸'"):
        meant_slice(expectation("roc_auc > 0.8 where a <"), DECLARED, NAMES)


def test_without_declared_slices_a_sign_of_equality_is_doubled() -> None:
    with pytest.raises(DefinitionError, match="Write `==` to compare"):
        meant_slice(expectation("> 0.8 where a = 3"), (), ())
    with pytest.raises(NotFoundError, match="Write an expression, such as"):
        meant_slice(expectation("> 0.8 where north"), (), ())


def test_an_unknown_metric_is_told_with_the_nearest(tmp_path: Path) -> None:
    table = pa.table({"id": [1, 2], "x": [1.0, 2.0], "y": [0, 1]})
    problem = Problem(
        name="churn",
        dataset=Dataset.from_frame(table, name="churn", version="1", id="id"),
        target="y",
        split=KFold(5),
        evaluation=Evaluation(primary="brier"),
        task=Binary(positive=1),
    )
    project = find_project(tmp_path, {}, home=tmp_path)
    check_metric(expectation("brier < 0.2"), problem, project)
    check_metric(expectation("< 0.2"), problem, project)
    with pytest.raises(NotFoundError, match=r"Found no metric `brierr`\. Did you mean `brier`\?"):
        check_metric(expectation("brierr < 0.2"), problem, project)
