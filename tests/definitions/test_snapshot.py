"""Tests of the snapshot of definitions."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from bancada.definitions import evaluation_identity, load, resolved_metrics
from bancada.identity import canonical_json

if TYPE_CHECKING:
    from bancada.definitions import Project

    class Write(Protocol):
        def __call__(self, files: dict[str, str], *modules: str) -> Project: ...


DEFINED = '''\
import enum
import helper
from bancada.datasets import Dataset
from bancada.definitions import Evaluation, Problem, candidate
from bancada.tasks import Binary, Regression

class Kernel(enum.Enum):
    rbf = 1

data = Dataset.from_frame({"id": [1], "x": [1.0], "y": [0]}, name="data", version="7", id="id")
churn = Problem(name="churn", dataset=data, target="y", task=Binary(positive=1), exclude=["x"])
left = Problem(name="left", dataset=data, target="y")
named = Problem(name="named", dataset=data, target="y", evaluation=Evaluation(primary="rmse"))
wrong = Problem(name="wrong", dataset=data, target="y", task=Regression(), evaluation=Evaluation(primary="rmsee"))

@candidate
def forest(trees: int, kernel: Kernel | None = Kernel.rbf, label: str = "a,b", free=None):
    """Grow a forest.

    Slowly.
    """

@candidate(frame="numpy")
def plain(): ...
'''
FILES = {"defined.py": DEFINED, "helper.py": "", "unused.py": "", "broken.py": "1 / 0\n"}


@pytest.fixture
def project(write_project: Write) -> Project:
    return write_project(FILES, "defined", "broken")


@pytest.fixture
def taken(project: Project) -> dict[str, Any]:
    return load(project).snapshot()


def test_a_snapshot_is_canonical_json_and_the_same_each_time(project: Project, taken: dict[str, Any]) -> None:
    assert canonical_json(taken) == canonical_json(load(project).snapshot())
    assert json.loads(canonical_json(taken)) == taken
    assert taken["schema"] == "store.snapshot/1"


def test_problems_are_told_with_metrics_and_place(project: Project, taken: dict[str, Any]) -> None:
    churn = taken["problems"][0]
    problem = load(project).problem("churn")
    metrics = resolved_metrics(problem, problem.task, project)  # type: ignore[arg-type] # it has a task
    assert churn["name"] == "churn"
    assert churn["dataset"] == {"name": "data", "version": "7"}
    assert churn["evaluation"] == evaluation_identity(problem, metrics).digest
    assert churn["metrics"][0] == {"name": "roc_auc", "greater_is_better": True}
    assert churn["roles"]["exclude"] == ["x"]
    assert (churn["module"], churn["file"], churn["line"]) == ("defined", "defined.py", 11)


def test_a_problem_whose_metrics_depend_on_its_data_tells_the_rest(taken: dict[str, Any]) -> None:
    left, named, wrong = taken["problems"][1:]
    assert "metrics" not in left
    assert "evaluation" not in left
    assert (left["line"], left["task"]) == (12, None)
    assert [metric["name"] for metric in named["metrics"]] == ["rmse"]
    assert "Did you mean `rmse`?" in wrong["error"]
    assert "evaluation" not in wrong


def test_candidates_are_told_with_typed_parameters(taken: dict[str, Any]) -> None:
    forest, plain = taken["candidates"]
    assert (forest["name"], forest["module"], forest["qualname"]) == ("forest", "defined", "forest")
    assert (forest["summary"], forest["file"], forest["frame"]) == ("Grow a forest.", "defined.py", "pandas")
    assert forest["parameters"] == [
        {"name": "trees", "annotation": "int", "required": True, "default": None},
        {"name": "kernel", "annotation": "Kernel | None", "required": False, "default": "rbf"},
        {"name": "label", "annotation": "str", "required": False, "default": "'a,b'"},
        {"name": "free", "annotation": "", "required": False, "default": "none"},
    ]
    assert (plain["summary"], plain["frame"], plain["parameters"]) == ("", "numpy", [])


def test_modules_are_told_with_digests_so_that_a_change_shows(project: Project, taken: dict[str, Any]) -> None:
    empty = hashlib.sha256(b"").hexdigest()
    told = {item["file"]: (item["module"], item["sha256"]) for item in taken["modules"]}
    assert told["helper.py"] == ("helper", empty)
    assert "unused.py" not in told
    assert project.changed_sources(taken) == ()
    (project.root / "helper.py").write_text("changed = 1\n")
    assert project.changed_sources(taken) == ("helper.py",)


def test_modules_that_failed_are_told_and_watched(project: Project, taken: dict[str, Any]) -> None:
    failure = {"module": "broken", "error": "ZeroDivisionError: division by zero", "files": ["broken.py"]}
    assert taken["failures"] == [failure]
    assert "broken.py" in {item["file"] for item in taken["modules"]}
    (project.root / "broken.py").write_text("")
    assert project.changed_sources(taken) == ("broken.py",)
