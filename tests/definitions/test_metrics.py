"""Tests of the metrics of a problem."""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import make_scorer, mean_absolute_error

from bancada.datasets import Dataset
from bancada.definitions import Evaluation, Problem, load, resolved_metrics
from bancada.definitions._metrics import named_metrics
from bancada.exceptions import DefinitionError, NotFoundError
from bancada.metrics import from_function, get
from bancada.tasks import Binary, Multiclass, Regression

if TYPE_CHECKING:
    from bancada.contracts import Task
    from bancada.definitions import Project

    class Write(Protocol):
        def __call__(self, files: dict[str, str], *modules: str) -> Project: ...


DATA = Dataset.from_frame({"id": [1, 2], "x": [1.0, 2.0], "y": [0, 1]}, name="data", id="id")
TARGET = pa.table({"y": [0, 1]})


def problem(**evaluation: Any) -> Problem:
    return Problem(name="churn", dataset=DATA, target="y", evaluation=Evaluation(**evaluation) if evaluation else None)


def rate(y_true: Any, y_pred: Any) -> float:
    return float(np.mean(y_true == y_pred))


SHARE = 0.5


def halved(y_true: Any, y_pred: Any) -> float:
    return SHARE * rate(y_true, y_pred)


@pytest.fixture
def project(write_project: Write) -> Project:
    return write_project({})


def names(made: Problem, task: Task, project: Project) -> list[str]:
    return [metric.name for metric in resolved_metrics(made, task, project)]


BINARY = Binary(positive=1).resolve(TARGET)


def test_without_an_evaluation_the_tasks_metrics_judge(project: Project) -> None:
    assert names(problem(), BINARY, project) == list(BINARY.metrics)
    assert names(problem(slices=["x"]), BINARY, project) == list(BINARY.metrics)


def test_the_primary_comes_first_and_is_the_tasks_where_none_is_named(project: Project) -> None:
    assert names(problem(primary="brier"), BINARY, project) == ["brier"]
    assert names(problem(primary="brier", metrics=["roc_auc", "brier"]), BINARY, project) == ["brier", "roc_auc"]
    assert names(problem(metrics=["brier"]), BINARY, project) == [BINARY.metrics[0], "brier"]


def test_functions_and_scorers_and_metrics_mix(project: Project) -> None:
    scorer = make_scorer(mean_absolute_error, greater_is_better=False)
    made = problem(primary=from_function(rate, greater_is_better=True), metrics=[scorer, get("rmse")])
    found = resolved_metrics(made, Regression(), project)
    assert [metric.greater_is_better for metric in found] == [True, True, False]


def test_a_metric_twice_is_one_and_two_of_one_name_are_refused(project: Project) -> None:
    own = from_function(rate, greater_is_better=True)
    assert names(problem(primary=own, metrics=[from_function(rate, greater_is_better=True)]), BINARY, project) == [
        "rate"
    ]
    other = from_function(rate, name="brier", greater_is_better=True)
    with pytest.raises(DefinitionError, match=r"Each metric of problem `churn` .* Found two called `brier`"):
        resolved_metrics(problem(primary="brier", metrics=[other]), BINARY, project)


def test_an_unknown_metric_is_refused_with_the_nearest(project: Project) -> None:
    with pytest.raises(NotFoundError, match="Did you mean `roc_auc`"):
        resolved_metrics(problem(primary="roc_au"), BINARY, project)


@pytest.mark.parametrize(("metric", "task"), [("roc_auc", Regression()), ("rmse", BINARY), ("brier", Regression())])
def test_a_metric_that_cannot_read_the_tasks_predictions_is_refused(metric: str, task: Task, project: Project) -> None:
    message = f"Metric `{metric}` reads .*, but truth has .* and predictions have .* such as `{task.metrics[0]}`"
    with pytest.raises(DefinitionError, match=message):
        resolved_metrics(problem(primary=metric), task, project)


def test_names_need_no_resolved_task_and_no_task_at_all_where_all_are_named(project: Project) -> None:
    assert [metric.name for metric in named_metrics(problem(), Multiclass(), project)] == list(Multiclass().metrics)
    assert [metric.name for metric in named_metrics(problem(primary="rmse"), None, project)] == ["rmse"]
    with pytest.raises(DefinitionError, match=r"names its task or its primary metric. Found neither"):
        named_metrics(problem(), None, project)


METRICS = """\
from helper import scaled

def gain(y_true, y_pred):
    return scaled(sum(y_true == y_pred))

def unrelated():
    return 1
"""
HELPER = "def scaled(value):\n    return value * 2\n"
PROBLEM = """\
from bancada.datasets import Dataset
from bancada.definitions import Evaluation, Problem
from bancada.metrics import from_function
from sklearn.metrics import make_scorer
from measures import gain

gain.greater_is_better = True
data = Dataset.from_frame({"id": [1], "x": [1.0], "y": [0]}, name="data", id="id")
churn = Problem(name="churn", dataset=data, target="y", evaluation=Evaluation(primary=PRIMARY))
"""
WAYS = ["gain", "from_function(gain, greater_is_better=True)", "make_scorer(gain)"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("file", "text", "same"),
    [
        ("helper.py", HELPER.replace("2", "3"), False),
        ("measures.py", METRICS.replace("sum(", "len("), False),
        ("measures.py", METRICS.replace("return 1", "return 2"), True),
        ("helper.py", "# a comment\n" + HELPER, True),
    ],
)
def test_a_users_function_is_known_by_all_that_it_calls(
    way: str,
    file: str,
    text: str,
    same: bool,
    write_project: Write,
) -> None:
    files = {"measures.py": METRICS, "helper.py": HELPER, "problems.py": PROBLEM.replace("PRIMARY", way)}
    loaded = load(write_project(files, "problems"))
    (before,) = resolved_metrics(loaded.problem(), BINARY, loaded.project)
    changed = write_project({file: text})
    (after,) = resolved_metrics(loaded.problem(), BINARY, changed)
    assert (before.identity().digest == after.identity().digest) is same


DECORATORS = """\
import functools

def times(factor):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(y_true, y_pred):
            return factor * function(y_true, y_pred)
        return wrapper
    return decorate
"""


@pytest.mark.parametrize(
    ("metric", "changed"),
    [
        (
            "@times(2)\ndef gain(y_true, y_pred):\n    return 1\n",
            "@times(3)\ndef gain(y_true, y_pred):\n    return 1\n",
        ),
        (
            "def plain(y_true, y_pred):\n    return 1\ngain = times(2)(plain)\n",
            "def plain(y_true, y_pred):\n    return 1\ngain = times(3)(plain)\n",
        ),
    ],
    ids=["above its definition", "on the way"],
)
def test_a_decorated_function_is_known_by_its_decorator_too(metric: str, changed: str, write_project: Write) -> None:
    primary = "from_function(gain, greater_is_better=True)"
    found = []
    for text in (metric, metric, changed):
        files = {
            "decorators.py": DECORATORS,
            "measures.py": "from decorators import times\n" + text,
            "problems.py": PROBLEM.replace("PRIMARY", primary),
        }
        for name in ("decorators", "measures", "problems"):
            sys.modules.pop(name, None)
        loaded = load(write_project(files, "problems"))
        found += [item.identity().digest for item in resolved_metrics(loaded.problem(), BINARY, loaded.project)]
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_a_code_that_the_user_gave_stands(project: Project) -> None:
    metric = from_function(rate, greater_is_better=True).with_code("version 1")
    assert resolved_metrics(problem(primary=metric), BINARY, project) == (metric,)


def test_a_resolved_metric_stays_what_it_was_when_its_helpers_change(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    metric = from_function(halved, greater_is_better=True)
    (found,) = resolved_metrics(problem(primary=metric), BINARY, project)
    before = found.identity()
    monkeypatch.setitem(globals(), "SHARE", 0.25)
    assert found.identity() == before
    (again,) = resolved_metrics(problem(primary=metric), BINARY, project)
    assert again.identity() != before


def test_a_function_of_no_project_is_known_by_all_that_it_calls(project: Project) -> None:
    def local(y_true: Any, y_pred: Any) -> float:
        return rate(y_true, y_pred)

    for function in (rate, local, functools.partial(rate)):
        metric = from_function(function, greater_is_better=True)
        (found,) = resolved_metrics(problem(primary=metric), BINARY, project)
        assert found.identity() == metric.identity()


def test_a_reason_for_no_metric_is_refused_with_the_nearest(project: Project) -> None:
    made = problem(primary="roc_auc", reasons={"roc_auk": "the order counts"})
    with pytest.raises(DefinitionError, match=r"Found a reason for `roc_auk`.* Did you mean `roc_auc`\?"):
        named_metrics(made, BINARY, project)
