"""Tests of problems as values."""

from __future__ import annotations

from typing import Any

import pytest
from sklearn.model_selection import ShuffleSplit, StratifiedKFold

from bancada.datasets import Dataset
from bancada.definitions import Evaluation, Problem
from bancada.exceptions import DefinitionError
from bancada.splits import KFold
from bancada.tasks import Binary

DATA = Dataset.from_frame({"id": [1, 2], "x": [1.0, 2.0], "y": [0, 1]}, name="data", id="id")


BASIC: dict[str, Any] = {"name": "churn", "dataset": DATA, "target": "y"}


def problem(**options: Any) -> Problem:
    return Problem(**(BASIC | options))


def test_a_problem_stores_what_it_was_given() -> None:
    exclude, splitter = ["x"], StratifiedKFold(3)
    made = problem(exclude=exclude, split=splitter, target=["y", "z"])
    assert made.exclude is exclude
    assert made.split is splitter
    assert made.target == ["y", "z"]
    assert (made.task, made.evaluation, made.fit_weight) == (None, None, False)


def test_targets_are_a_tuple_whatever_was_given() -> None:
    assert problem().targets == ("y",)
    assert problem(target=["b", "a"]).targets == ("b", "a")
    assert problem(target=None).targets == ()


def test_without_a_split_a_problem_has_five_folds_three_times() -> None:
    assert problem().design == KFold(5, repeats=3)
    assert problem(split=4).design == KFold(4)


def test_without_an_evaluation_the_defaults_judge() -> None:
    assert problem().judged == Evaluation()
    own = Evaluation(primary="roc_auc")
    assert problem(evaluation=own).judged is own


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "a b"}, "The name of a problem begins with"),
        ({"dataset": {"x": [1]}}, r"`dataset` of problem `churn` is of the type `Dataset`\. Found \{'x': \[1\]\}"),
        ({"task": "binary"}, r"`task` of problem `churn` is of the type `Task`\. Found 'binary'"),
        ({"task": Binary}, r"`task` of problem `churn` is of the type `Task`\. Found <class"),
        ({"evaluation": "roc_auc"}, "`evaluation` of problem `churn` is of the type `Evaluation`"),
        ({"split": "kfold"}, "A split must be one of"),
        ({"target": ""}, "`target` of problem `churn` names columns"),
        ({"target": []}, "`target` of problem `churn` names at least one column, each once. Found an empty list"),
        ({"target": ["y", "y"]}, "Found `y` twice"),
        ({"target": 3}, "`target` of problem `churn` is a list of columns"),
        ({"groups": ["a"]}, "`groups` of problem `churn` names columns"),
        ({"exclude": "x"}, "`exclude` of problem `churn` is a list of columns. Found 'x'"),
        ({"exclude": ["x", 3]}, "`exclude` of problem `churn` names columns"),
        ({"features": "x"}, "`features` of problem `churn` is a list of columns"),
        ({"features": []}, "`features` of problem `churn` names at least one column"),
        ({"features": ["x"], "exclude": ["x"]}, "Found `x` in both"),
        ({"fit_weight": True}, "needs a column of weights. Found no `weight`"),
    ],
)
def test_what_needs_no_data_is_refused_at_once(options: dict[str, Any], message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        problem(**options)


def test_a_splitter_whose_folds_cannot_be_known_is_refused_by_its_own_room() -> None:
    with pytest.raises(DefinitionError, match=r"random_state|seed|repeat"):
        problem(split=ShuffleSplit(3))


def test_a_champion_is_a_name_and_in_no_identity() -> None:
    assert problem().champion is None
    assert problem(champion="boosting").champion == "boosting"
    for wrong in ("", "  ", 3, ["boosting"]):
        with pytest.raises(DefinitionError, match="The champion of problem `churn` is the name of a candidate"):
            problem(champion=wrong)
