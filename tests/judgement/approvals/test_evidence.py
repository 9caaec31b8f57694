"""Tests of the evidence for code: the real pytest on a real project."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from tests.judgement.approvals.approval_samples import project_in, told

from bancada.exceptions import UsageError
from bancada.judgement.approvals import closures_of
from bancada.judgement.approvals._evidence import Evidence, gather_evidence

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.definitions import Project

CODE = """\
def _rate(high):
    if high:
        return 2
    return 1


def cost(wrong, high=False):
    return _rate(high) * wrong


def candidate():
    return "no test needs this"
"""
JUDGED = told(code=[{"what": "metric cost", "module": "judged", "qualname": "cost"}])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "judged.py").write_text(CODE)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "tests").mkdir()
    return dataclasses.replace(project_in(tmp_path), tests=("tests",))


def write_tests(project: Project, *bodies: str) -> None:
    defined = [f"def test_{number}():\n    {body}\n" for number, body in enumerate(bodies)]
    (project.root / "tests" / "test_cost.py").write_text("from judged import cost\n\n" + "\n".join(defined))


def gather(project: Project) -> Evidence:
    return gather_evidence(closures_of(JUDGED, project).values(), project)


def test_tests_that_pass_and_cover_it_are_evidence(project: Project) -> None:
    write_tests(project, "assert cost(3) == 3", "assert cost(3, high=True) == 6")
    assert gather(project) == Evidence(tests=2, statements=4)


def test_what_no_test_executes_is_named(project: Project) -> None:
    write_tests(project, "assert cost(3) == 3")
    with pytest.raises(
        UsageError, match=r"1 pass, and these are not executed: `judged\.py` line 3 \(`_rate`\)\. Write"
    ):
        gather(project)


def test_a_module_that_counts_whole_says_why(project: Project) -> None:
    write_tests(project, "assert cost(3) == 3", "assert cost(3, high=True) == 6")
    (project.root / "judged.py").write_text("import os\n\nprint(os.sep)\n" + CODE)
    message = r"line 15 \(`candidate`\).* All of `judged\.py` counts \(its top level calls .*\): put what judges into"
    with pytest.raises(UsageError, match=message):
        gather(project)


def test_a_test_that_fails_is_no_evidence(project: Project) -> None:
    write_tests(project, "assert cost(3) == 3", "assert cost(3, high=True) == 5")
    with pytest.raises(UsageError, match="They do not pass: pytest ended with exit code 1"):
        gather(project)


def test_without_tests_there_is_no_evidence(project: Project) -> None:
    with pytest.raises(UsageError, match=r"There are no tests in `tests`\. Write some"):
        gather(project)


def test_tests_that_are_not_there_are_named_and_an_option_is_none(project: Project) -> None:
    for place in ("gone", "-x", "gone/test_cost.py::test_one"):
        with pytest.raises(UsageError, match=rf"There are no tests in `{place}`\."):
            gather(dataclasses.replace(project, tests=("tests", place)))


def test_a_test_that_ends_the_process_is_no_evidence(project: Project) -> None:
    write_tests(project, "import os; os._exit(0)")
    with pytest.raises(UsageError, match="Pytest was ended from outside, with exit code 0"):
        gather(project)


def test_without_pytest_it_says_how_to_get_it(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"There is no pytest beside this bancada\. Install it"):
        gather(project)
