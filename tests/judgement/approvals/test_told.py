"""Tests of the snapshot as approvals read it."""

from __future__ import annotations

from typing import Any

import pytest

from bancada.exceptions import ConfigurationError, NotFoundError, UsageError
from bancada.judgement.approvals import told_problem

PROBLEM: dict[str, Any] = {"name": "risk", "dataset": {"name": "people", "version": ""}, "roles": {}}


def test_the_only_problem_is_meant_and_unknown_fields_pass() -> None:
    found = told_problem({"problems": [PROBLEM | {"later": 1}]}, None)
    assert (found.name, found.evaluation, found.judged) == ("risk", "", None)


@pytest.mark.parametrize("snapshot", [None, {}, {"problems": []}])
def test_without_a_snapshot_it_says_how_to_get_one(snapshot: Any) -> None:
    with pytest.raises(UsageError, match=r"They have not been imported yet.* Add `--fresh` to import them now"):
        told_problem(snapshot, None)


def test_of_several_problems_one_is_named() -> None:
    both = {"problems": [PROBLEM, PROBLEM | {"name": "other"}]}
    assert told_problem(both, "other").name == "other"
    with pytest.raises(ConfigurationError, match=r"Found `other`, `risk`\. Name it with `--problem`"):
        told_problem(both, None)
    with pytest.raises(NotFoundError, match=r"Found no problem `rsik`\. Did you mean `risk`\?"):
        told_problem(both, "rsik")


def test_a_snapshot_of_another_shape_is_refused() -> None:
    with pytest.raises(UsageError, match=r"is one that bancada wrote\. Found .*judged"):
        told_problem({"problems": [PROBLEM | {"judged": 3}]}, None)


def test_an_evaluation_that_is_not_well_formed_says_so() -> None:
    with pytest.raises(UsageError, match=r"Found: There is no metric `roc_auk`"):
        told_problem({"problems": [PROBLEM | {"error": "There is no metric `roc_auk`."}]}, None)
