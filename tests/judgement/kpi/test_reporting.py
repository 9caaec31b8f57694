"""KPIs over real runs: groups, several seeds, other tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.engine.conftest import HEAD, PROBLEM, folder

from bancada.judgement.kpi import kpi_document
from bancada.judgement.kpi._candidates import group_numbers
from bancada.judgement.kpi._relating import Halves

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

__all__ = ["folder"]

KPI = 'kpi=bc.Kpi("cost", unit="EUR", costs={"c10": 1, "c01": 4})'
VALUES = """
def late(y_true, y_pred, region, dear: float = 3.0):
    return np.where(region == "north", dear, 1.0) * abs(y_true - y_pred)
"""


def test_groups_stay_whole_in_halves(folder: Folder) -> None:
    text = PROBLEM.replace('"log_loss"]', f'"log_loss"], {KPI}').replace("features=", 'groups="region", features=')
    folder.write(problem=text.replace("KFold(4, repeats=2, seed=1)", "KFold(2)"))
    binding = folder.binding()
    numbers = group_numbers(binding)
    assert numbers is not None
    north = np.arange(120) % 3 == 0
    assert len(set(numbers[north])) == len(set(numbers[~north])) == 1
    assert set(numbers.tolist()) == {0, 1}
    for mask in Halves(binding).first[:20]:
        assert len(set(mask[north])) == len(set(mask[~north])) == 1


def test_a_line_of_several_seeds_says_which_one_it_tells(folder: Folder) -> None:
    folder.write(problem=PROBLEM.replace('"log_loss"]', f'"log_loss"], {KPI}'))
    folder.run("bayes", seeds=[0, 1])
    line = kpi_document(folder.index, folder.binding()).kpis[0].lines[0]
    assert line.flags == ("the newest of 2 seeds, of which the board shows the mean",)


def test_a_function_serves_any_task(folder: Folder) -> None:
    text = PROBLEM.replace('target="noisy"', 'target="c"').replace("bc.tasks.Binary()", "bc.tasks.Regression()")
    text = text.replace('features=["a", "b", "c"]', 'features=["a", "b"]')
    text = text.replace(
        'primary="roc_auc", metrics=["accuracy", "log_loss"]',
        'primary="rmse", kpi=bc.Kpi("late", unit="hours", function=late, greater_is_better=False)',
    )
    more = "from sklearn.linear_model import Ridge\n\n@bc.candidate\ndef ridge():\n    return Ridge()\n"
    folder.write(head=HEAD + VALUES, problem=text, candidates=more)
    run = folder.run("ridge")[0].record
    report = kpi_document(folder.index, folder.binding()).kpis[0]
    score = next(score for score in run.scores if score.metric == "late")
    assert report.lines[0].value == pytest.approx(score.estimate.value)
    assert (report.threshold, report.costs, report.columns, report.sensitivity) == (None, None, ("region",), ())
