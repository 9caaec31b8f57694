"""Tests of what a splitter of the project's own is known by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest
from sklearn.model_selection import KFold as PlainKFold

from bancada.datasets import Dataset
from bancada.definitions import Problem, load
from bancada.definitions._designs import with_known_design

if TYPE_CHECKING:
    from bancada.definitions import Project

    class Write(Protocol):
        def __call__(self, files: dict[str, str], *modules: str) -> Project: ...


SPLITTERS = """\
from helper import cut

class Halves:
    def get_n_splits(self, X=None, y=None, groups=None):
        return 1

    def split(self, X, y=None, groups=None):
        yield list(range(cut(X))), list(range(cut(X), len(X)))

def unrelated():
    return 1
"""
HELPER = "def cut(X):\n    return len(X) // 2\n"
PROBLEM = """\
from bancada.datasets import Dataset
from bancada.definitions import Problem
from bancada.splits import from_splitter
from parts import Halves

data = Dataset.from_frame({"id": [1], "x": [1.0], "y": [0]}, name="data", id="id")
churn = Problem(name="churn", dataset=data, target="y", split=from_splitter(Halves(), kind="random"))
"""
DATA = Dataset.from_frame({"id": [1, 2], "x": [1.0, 2.0], "y": [0, 1]}, name="data", id="id")


def code(problem: Problem) -> Any:
    return problem.design.identity().get("code")


@pytest.mark.parametrize(
    ("file", "text", "same"),
    [
        ("helper.py", HELPER.replace("2", "3"), False),
        ("parts.py", SPLITTERS.replace("yield", "return; yield"), False),
        ("parts.py", SPLITTERS.replace("unrelated():\n    return 1", "unrelated():\n    return 2"), True),
        ("helper.py", "# a comment\n" + HELPER, True),
    ],
)
def test_a_splitter_of_the_project_is_known_by_all_that_it_calls(
    file: str, text: str, same: bool, write_project: Write
) -> None:
    loaded = load(write_project({"parts.py": SPLITTERS, "helper.py": HELPER, "problems.py": PROBLEM}, "problems"))
    before = loaded.problem()
    after = with_known_design(before, write_project({file: text}))
    assert (code(before) == code(after)) is same


def test_other_splits_stay_as_they_are(write_project: Write) -> None:
    class Local(PlainKFold):  # type: ignore[misc] # scikit-learn has no types
        """A class within a function, which no closure can name."""

    project = write_project({})
    for split in (None, 3, PlainKFold(2), Local(2)):
        problem = Problem(name="churn", dataset=DATA, target="y", split=split)
        assert with_known_design(problem, project) is problem
