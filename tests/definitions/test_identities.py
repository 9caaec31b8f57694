"""Tests of the identities of problems and evaluations: each ingredient alone changes them, nothing else does."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.compose import make_column_selector
from sklearn.model_selection import StratifiedKFold

from bancada.datasets import Dataset
from bancada.definitions import Evaluation, Problem, Roles, Slice, evaluation_identity, problem_identity
from bancada.definitions.agreement import Alternative
from bancada.exceptions import DefinitionError
from bancada.metrics import as_metric
from bancada.records import Column, DatasetIdentity
from bancada.splits import KFold, Single
from bancada.tasks import Binary, Multiclass

TABLE = pa.table({"id": [1], "x": [1.0], "z": ["a"], "y": [0], "w": [1.0]})


def data(name: str = "data", version: str = "1", row_id: str = "id") -> Any:
    return Dataset.from_frame(TABLE, name=name, version=version, id=row_id)


OPTIONS: dict[str, Any] = {
    "name": "churn",
    "dataset": data(),
    "target": "y",
    "task": Binary(positive=1),
    "split": KFold(5),
}
EVALUATION: dict[str, Any] = {
    "primary": "roc_auc",
    "metrics": ["brier", "log_loss"],
    "slices": ["z", Slice("s", "x < 3")],
}


def approved(evaluation: dict[str, Any] | None = None, **options: Any) -> str:
    judged = Evaluation(**(EVALUATION | (evaluation or {})))
    problem = Problem(**(OPTIONS | options), evaluation=judged)
    return evaluation_identity(problem, [as_metric(name) for name in (judged.primary, *judged.metrics)]).digest


APPROVED = approved()


@pytest.mark.parametrize(
    "change",
    [
        {"dataset": data(name="other")},
        {"dataset": data(row_id="x")},
        {"target": ["y", "z"]},
        {"target": None},
        {"task": Binary(positive=0)},
        {"task": Multiclass()},
        {"task": None},
        {"split": KFold(4)},
        {"split": KFold(5, seed=1)},
        {"split": KFold(5, holdout=0.2)},
        {"split": StratifiedKFold(5, shuffle=True, random_state=0)},
        {"features": ["x"]},
        {"features": make_column_selector("x")},
        {"exclude": ["x"]},
        {"groups": "z"},
        {"time": "z"},
        {"weight": "w"},
        {"weight": "w", "fit_weight": True},
        {"evaluation": {"primary": "brier", "metrics": ["roc_auc", "log_loss"]}},
        {"evaluation": {"metrics": ["brier"]}},
        {"evaluation": {"margin": 0.01}},
        {"evaluation": {"slices": ["z"]}},
        {"evaluation": {"slices": ["z", Slice("s", "x <= 3")]}},
        {"evaluation": {"slices": ["z", Slice("t", "x < 3")]}},
    ],
    ids=lambda change: re.sub(r" at 0x\w+", "", str(change)),
)
def test_each_ingredient_alone_changes_the_evaluation(change: dict[str, Any]) -> None:
    assert approved(**change) != APPROVED


@pytest.mark.parametrize(
    "change",
    [
        {"name": "other"},
        {"dataset": data(version="2")},
        {"split": KFold(5, repeats=3)},
        {"split": 5},
        {"split": KFold(5, stratify=True)},
        {"target": ["y"]},
        {"evaluation": {"metrics": ["log_loss", "brier"]}},
        {"evaluation": {"slices": [Slice("s", "x<3.0"), "z"]}},
    ],
    ids=lambda change: re.sub(r" at 0x\w+", "", str(change)),
)
def test_labels_repeats_order_and_spelling_change_no_evaluation(change: dict[str, Any]) -> None:
    assert approved(**change) == APPROVED


def test_features_and_exclusions_have_no_order() -> None:
    assert approved(features=["x", "z"]) == approved(features=["z", "x"])
    assert approved(exclude=["x", "z"]) == approved(exclude=["z", "x"])


def test_a_selector_is_known_by_its_settings() -> None:
    chosen = [make_column_selector("x"), make_column_selector("z"), make_column_selector(dtype_include="number")]
    assert len({approved(features=selector) for selector in chosen}) == 3
    same = [make_column_selector(dtype_include=[float, "bool"]) for _ in range(2)]
    assert len({approved(features=selector) for selector in same}) == 1
    assert approved(features=sorted) == approved(features=sorted)


def test_the_evaluation_tells_its_metrics_the_primary_first() -> None:
    problem = Problem(**OPTIONS, evaluation=Evaluation(margin=1))
    found = evaluation_identity(problem, [as_metric("roc_auc"), as_metric("brier")])
    assert (found.primary, [metric.name for metric in found.metrics], found.margin) == (
        "roc_auc",
        ["roc_auc", "brier"],
        1.0,
    )


def test_an_evaluation_without_metrics_is_refused() -> None:
    with pytest.raises(DefinitionError, match="The evaluation of problem `churn` has a metric"):
        evaluation_identity(Problem(**OPTIONS), [])


def test_an_evaluation_that_uses_nothing_new_has_the_digest_that_was_approved() -> None:
    assert APPROVED == "a82181766a7dec136fb94bc94bd602a5cb65f847c8603129921ad1135dd31621"


TARGET = pa.table({"y": [0, 1, 1]})
DATA = DatasetIdentity(name="data", version="1", table="t" * 64, n_rows=3, columns=(Column("x", "double"),), id="id")
ROLES = Roles(features=("x", "z"), target=("y",), id="id")
SPLITS: list[Any] = [KFold(5), KFold(4), KFold(5, seed=1), KFold(5, holdout=0.1), KFold(5, stratify=True), Single(0.2)]
TASKS: list[Any] = [Binary(positive=1), Binary(positive=0), Multiclass()]


def compared(
    data: DatasetIdentity = DATA,
    roles: Roles = ROLES,
    task: Any = TASKS[0],
    split: Any = SPLITS[0],
    name: str = "churn",
) -> str:
    problem = Problem(**(OPTIONS | {"name": name}))
    return problem_identity(problem, data, roles, task.resolve(TARGET), split).digest


def test_each_ingredient_alone_changes_the_problem() -> None:
    roles = [
        ROLES,
        dataclasses.replace(ROLES, features=("x",)),
        dataclasses.replace(ROLES, features=("z", "x")),
        dataclasses.replace(ROLES, target=("w",)),
        dataclasses.replace(ROLES, id=None),
        dataclasses.replace(ROLES, groups="z"),
        dataclasses.replace(ROLES, time="z"),
        dataclasses.replace(ROLES, weight="z"),
        dataclasses.replace(ROLES, weight="z", fit_weight=True),
    ]
    changed = DatasetIdentity(name="data", version="1", table="u" * 64, n_rows=3, columns=DATA.columns, id="id")
    digests = [
        *(compared(roles=item) for item in roles),
        *(compared(task=item) for item in TASKS[1:]),
        *(compared(split=item) for item in SPLITS[1:]),
        compared(data=changed),
    ]
    assert len(set(digests)) == len(digests)


@given(st.text("abc", min_size=1), st.text(), st.text(), st.integers(1, 20), st.lists(st.sampled_from(["q", "r"])))
def test_labels_repeats_and_what_is_only_read_change_no_problem(
    name: str, dataset: str, version: str, repeats: int, read: list[str]
) -> None:
    data = DatasetIdentity(
        name=dataset, version=version, table=DATA.table, n_rows=9, columns=(), id="id", files={"a": "b"}
    )
    roles = dataclasses.replace(ROLES, row_columns=tuple(read), left_out=dict.fromkeys(read, "excluded"))
    assert compared(data, roles, split=KFold(5, repeats=repeats), name=name) == compared()


def test_the_ingredients_of_a_problem_can_be_read() -> None:
    found = problem_identity(Problem(**OPTIONS), DATA, ROLES, TASKS[0].resolve(TARGET), SPLITS[0])
    assert list(found.ingredients) == ["data", "roles", "task", "split"]
    assert found.ingredients["data"] == {"table": "t" * 64}
    assert (found.name, found.dataset) == ("churn", DATA)


def test_what_people_read_is_in_no_identity() -> None:
    told = {
        "title": "Who leaves",
        "rationale": "We call those who will leave.",
        "reasons": {"roc_auc": "the order counts"},
        "alternatives": [Alternative("accuracy", "most stay")],
    }
    assert approved(told) == APPROVED
