"""Where in time rows stand, as metrics and slices see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bancada.engine._places import with_places
from bancada.exceptions import DataError, DefinitionError

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

HEAD = """
import numpy as np
from sklearn.linear_model import Ridge

import bancada as bc

def table():
    row = np.arange(60)
    columns = {"shop": row % 2, "day": row // 2, "lag": row * 1.0, "sold": np.cos(row), "horizon": row % 5}
    return {"row": row[::-1], **columns}
"""
PROBLEM = """
problem = bc.Problem(
    name="sales",
    dataset=bc.Dataset.from_function(table, name="sales", version="1", id="row"),
    target="sold",
    task=bc.tasks.Forecast(),
    time="day",
    groups="shop",
    split=bc.splits.TimeOrdered(5, test=2, holdout=28),
    features=["lag"],
    evaluation=bc.Evaluation(slices=[bc.Slice("ahead", "step > 24"), "horizon", "series"]),
)
"""
CANDIDATES = """
@bc.candidate
def ridge():
    return Ridge()
"""


@pytest.fixture
def sales(folder: Folder) -> Folder:
    """Make a project with two series of thirty steps, whose ids go against time."""
    folder.write(head=HEAD, problem=PROBLEM, candidates=CANDIDATES)
    return folder


def test_places_stand_beside_the_rows_that_are_not_sealed(sales: Folder) -> None:
    binding = sales.binding()
    places = binding.places
    assert places is not None
    assert len(places) == len(binding.positions) == 56
    assert set(places.column("series").to_pylist()) == {"0", "1"}
    for part in binding.repeats[0].parts:
        assert set(places.column("horizon").to_numpy()[part.test]) == {1, 2}
        assert len(part.test) == 4


def test_a_column_of_the_dataset_goes_before_a_place_of_its_name(sales: Folder) -> None:
    masks = sales.binding().slices
    assert [name for name in masks if name.startswith("horizon")] == [f"horizon={value}" for value in range(5)]
    assert masks["ahead"].sum() == 2 * 3
    assert {name for name in masks if name.startswith("series")} == {"series=0", "series=1"}


def test_a_stored_column_gives_way_to_the_place_of_its_name(sales: Folder) -> None:
    places = sales.binding().places
    assert places is not None
    told = with_places(places.select(["horizon"]).append_column("value", places.column("step")), places)
    assert told.column_names == ["value", *places.column_names]


def test_stored_predictions_hold_what_the_model_said(sales: Folder) -> None:
    answers = sales.run("ridge")
    assert [answer.status for answer in answers] == ["done", "done"]
    for answer in answers:
        use = answer.record.folds[0]
        table = sales.store.folds.predictions(use.key, use.content or "")
        assert table.column_names == ["id", "repeat", "fold", "value"]
        assert use.n_test == use.rows_test == 4


def test_a_task_without_places_has_none(sales: Folder) -> None:
    sales.write(
        problem=PROBLEM.replace("Forecast", "Regression").replace('"step > 24"', '"lag > 24"').replace(', "series"', "")
    )
    assert sales.binding().places is None


def test_folds_by_chance_are_refused(sales: Folder) -> None:
    sales.write(problem=PROBLEM.replace("TimeOrdered(5, test=2, holdout=28)", "Single(0.2)"))
    with pytest.raises(DataError, match=r"Fold 0 tests 30 rows that are not after the last training time"):
        sales.binding()
    sales.write(problem=PROBLEM.replace("TimeOrdered(5, test=2, holdout=28)", "KFold(3)"))
    with pytest.raises(
        DefinitionError, match=r"`forecast` needs folds that are ordered in time\. The split is 'kfold'"
    ):
        sales.binding()
