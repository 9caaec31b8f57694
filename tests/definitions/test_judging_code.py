"""Tests of which definitions of a project make an evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from bancada.definitions import load
from bancada.definitions._judging_code import judging_code
from bancada.definitions._metrics import named_metrics

if TYPE_CHECKING:
    from bancada.definitions import Project

    class Write(Protocol):
        def __call__(self, files: dict[str, str], *modules: str) -> Project: ...


HEAD = """\
import functools
from sklearn.metrics import make_scorer
from sklearn.model_selection import KFold
from bancada.datasets import Dataset
from bancada.definitions import Evaluation, Problem
from bancada.metrics import from_function
from bancada.splits import KFold as Folds
from bancada.tasks import Binary
from bancada.definitions.kpi import Kpi
from costs import amount, weighed

def gain(y_true, y_pred):
    return 1.0

def kept(function):
    @functools.wraps(function)
    def inner(y_true, y_pred):
        return function(y_true, y_pred)
    return inner

@kept
def net(y_true, y_pred):
    return 1.0

def made():
    def inner(y_true, y_pred):
        return 1.0
    return inner

of = functools.partial(from_function, greater_is_better=True)
kept = Kpi("kept", unit="EUR", function=amount)
lost = Kpi("lost", unit="EUR", costs={"c10": 2, "c01": 9})

class Weeks(KFold):
    pass

def chosen(frame):
    return ["x"]

data = Dataset.from_frame({"id": [1], "x": [1.0], "y": [0]}, name="data", version="7", id="id")
options = dict(name="churn", dataset=data, target="y")
"""
COSTS = "def weighed(y_true, y_pred):\n    return 2.0\ndef amount(y_true, y_pred):\n    return y_true\n"


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        ('evaluation=Evaluation(primary="roc_auc")', []),
        (
            "evaluation=Evaluation(primary=of(gain), metrics=[of(weighed)])",
            [("metric gain", "judged", "gain"), ("metric weighed", "costs", "weighed")],
        ),
        ("evaluation=Evaluation(primary=of(net))", [("metric net", "judged", "net")]),
        ("evaluation=Evaluation(primary=make_scorer(gain))", [("metric gain", "judged", "gain")]),
        (
            'evaluation=Evaluation(primary="roc_auc", kpi=[kept, lost])',
            [("KPI kept", "costs", "amount")],
        ),
        (
            "evaluation=Evaluation(primary=of(made()))",
            [("metric inner", "judged", None)],
        ),
        (
            'evaluation=Evaluation(primary="roc_auc"), split=Weeks(3), features=chosen',
            [("split", "judged", "Weeks"), ("features", "judged", "chosen")],
        ),
    ],
)
def test_only_what_the_project_defines_counts(
    problem: str, expected: list[tuple[str, str, str | None]], write_project: Write
) -> None:
    text = HEAD + f"churn = Problem(task=Binary(positive=1), {problem}, **options)\n"
    project = write_project({"judged.py": text, "costs.py": COSTS}, "judged")
    found = load(project).problem()
    told = judging_code(found, named_metrics(found, found.task, project), project)
    assert [(item["what"], item["module"], item["qualname"]) for item in told] == expected
