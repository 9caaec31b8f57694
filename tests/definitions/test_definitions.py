"""Tests of finding problems and candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from bancada.definitions import load
from bancada.exceptions import ConfigurationError, DefinitionError, NotFoundError

if TYPE_CHECKING:
    from bancada.definitions import Project

    class Write(Protocol):
        def __call__(self, files: dict[str, str], *modules: str) -> Project: ...


PROBLEM = """\
from bancada.datasets import Dataset
from bancada.definitions import Problem

data = Dataset.from_frame({"id": [1], "x": [1.0], "y": [0]}, name="data", id="id")
churn = Problem(name="churn", dataset=data, target="y")
"""
CANDIDATES = """\
from bancada.definitions import candidate
from problems import churn

@candidate
def forest(trees: int = 3): ...

@candidate(name="logistic.l2")
def logistic(C: float = 1.0): ...

same = forest
listed = [forest]
"""
OTHER = "import problems\nfrom candidates import forest as other_name\n"
PROJECT = {"problems.py": PROBLEM, "candidates.py": CANDIDATES, "all_others.py": OTHER}


def test_problems_and_candidates_are_found_by_name_once(write_project: Write) -> None:
    found = load(write_project(PROJECT, "all_others", "candidates", "problems"))
    assert list(found.problems) == ["churn"]
    assert list(found.candidates) == ["forest", "logistic.l2"]
    assert found.candidate("logistic.l2").qualname == "logistic"
    assert found.problem() is found.problem("churn")
    assert [source.module for source in found.sources] == ["all_others", "candidates", "problems"]


def test_a_problem_is_placed_where_it_is_written(write_project: Write) -> None:
    place = load(write_project(PROJECT, "candidates", "problems")).places["churn"]
    assert (place.module, place.file, place.line) == ("problems", "problems.py", 5)


def test_a_name_that_does_not_exist_is_refused_with_the_nearest(write_project: Write) -> None:
    found = load(write_project(PROJECT, "candidates"))
    with pytest.raises(NotFoundError, match=r"Found no candidate `forst`\. Did you mean `forest`\?"):
        found.candidate("forst")
    with pytest.raises(NotFoundError, match=r"Found no problem `churned`\. Did you mean `churn`\?"):
        found.problem("churned")


def test_a_project_without_problems_is_told_what_to_write(write_project: Write) -> None:
    found = load(write_project({"nothing.py": ""}, "nothing"))
    with pytest.raises(NotFoundError, match=r"Found none in `nothing`\. Write `churn = bc\.Problem"):
        found.problem()


def test_one_of_several_problems_must_be_named(write_project: Write) -> None:
    more = PROBLEM + 'second = Problem(name="b", dataset=data, target="y")\n'
    found = load(write_project({"several.py": more}, "several"))
    with pytest.raises(ConfigurationError, match=r"Found `b`, `churn`. Name it with `--problem`"):
        found.problem()
    assert found.problem("b").name == "b"


@pytest.mark.parametrize(
    ("text", "kind"), [(CANDIDATES.replace("from problems import churn", ""), "candidate"), (PROBLEM, "problem")]
)
def test_two_of_one_name_are_refused(text: str, kind: str, write_project: Write) -> None:
    message = (
        f"Each {kind} of a project has a name of its own. Found `(forest|churn)` in `one` and another one in `two`"
    )
    with pytest.raises(DefinitionError, match=message):
        load(write_project({"one.py": text, "two.py": text}, "one", "two"))


BROKEN = "from bancada.definitions import candidate\n@candidate\ndef forest(): ...\nimport no_such_library\n"


def test_a_module_that_fails_is_a_warning(write_project: Write) -> None:
    found = load(write_project(PROJECT | {"broken.py": BROKEN}, "problems", "broken"))
    assert found.problem().name == "churn"
    assert [failure.error for failure in found.failures] == ["ModuleNotFoundError: No module named 'no_such_library'"]


def test_a_module_that_fails_is_an_error_where_what_was_asked_for_lives_in_it(write_project: Write) -> None:
    found = load(write_project(PROJECT | {"broken.py": BROKEN}, "problems", "broken"))
    with pytest.raises(
        DefinitionError, match=r"(?s)The candidate `forest` lives .* Importing `broken` failed:.*line 4"
    ) as told:
        found.candidate("forest")
    assert "importlib" not in str(told.value)
    with pytest.raises(NotFoundError, match="Found no candidate `tree`"):
        found.candidate("tree")


def test_a_name_in_a_file_that_a_failing_module_imports_counts_as_living_in_it(write_project: Write) -> None:
    found = load(write_project({"front.py": "from broken import forest\n", "broken.py": BROKEN}, "front"))
    assert found.failures[0].files == ("front.py", "broken.py")
    with pytest.raises(DefinitionError, match="Importing `front` failed"):
        found.candidate("forest")


def test_without_a_problem_the_first_failure_is_told(write_project: Write) -> None:
    found = load(write_project({"broken.py": BROKEN}, "broken"))
    with pytest.raises(
        DefinitionError, match=r"(?s)A problem lives in a module that can be imported\. .*no_such_library"
    ):
        found.problem()


def test_of_modules_that_were_asked_for_a_failure_is_an_error(write_project: Write) -> None:
    project = write_project(PROJECT | {"broken.py": BROKEN}, "candidates", "broken")
    assert list(load(project, only={"candidates"}).candidates) == ["forest", "logistic.l2"]
    with pytest.raises(DefinitionError, match="Module `broken` can be imported"):
        load(project, only={"broken"})


def test_what_importing_reads_is_told(write_project: Write) -> None:
    text = "from pathlib import Path\nC = (Path(__file__).parent / 'c.txt').read_text()\n"
    definitions = load(write_project({"reader.py": text, "c.txt": "1"}, "reader"))
    assert definitions.reads == ("c.txt",)
