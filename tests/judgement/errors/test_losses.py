"""The loss of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from bancada import metrics, tasks
from bancada.exceptions import UsageError
from bancada.judgement.errors._losses import measure_of, row_losses

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.engine.examples import Examples

    Maker = Callable[..., Examples]

SURPRISE = {"probability": [0.2, 0.9], "score": [0.2, 0.9], "label": [False, True]}


def losses(examples: Examples, named: str | None = None) -> tuple[str, list[float]]:
    measure = measure_of(examples, named)
    return measure.name, row_losses(examples, 0, measure).tolist()


def test_a_row_of_several_repeats_has_their_mean(made: Maker) -> None:
    side = [(0, [0, 1], SURPRISE), (1, [0], {"probability": [0.4], "score": [0.4], "label": [False]})]
    name, found = losses(made([0, 1, 1], [side], names=("brier",)))
    assert name == "brier"
    assert found[:2] == pytest.approx([(0.04 + 0.16) / 2, 0.01])
    assert np.isnan(found[2])


@pytest.mark.parametrize(
    ("task", "truth", "told", "metric", "name", "expected"),
    [
        (tasks.Binary(), [0, 1], SURPRISE, "roc_auc", "log loss", [-np.log(0.8), -np.log(0.9)]),
        (tasks.Binary(), [0, 1], {"label": [True, True]}, "roc_auc", "wrong", [1, 0]),
        (tasks.Binary(), [0, 1], {"label": [True, True]}, "accuracy", "1 − accuracy", [1, 0]),
        (tasks.Regression(), [1.0, 3.0], {"value": [1.5, 1.0]}, "rmse", "absolute error", [0.5, 2]),
        (tasks.Regression(), [1.0, 3.0], {"value": [1.5, 1.0]}, "mse", "mse", [0.25, 4]),
        (tasks.Quantile((0.5,)), [1.0, 3.0], {"q_0.5": [2.0, 3.0]}, "pinball", "pinball", [0.5, 0]),
        (tasks.Text(), ["a b", "c"], {"text": ["a b", "d"]}, "exact_match", "1 − exact_match", [0, 1]),
    ],
)
def test_it_is_that_of_the_metric_or_what_fits_the_answer(
    task: Any, truth: list[Any], told: dict[str, list[Any]], metric: str, name: str, expected: list[float], made: Maker
) -> None:
    found = losses(made(truth, [[(0, [0, 1], told)]], task=task, names=(metric,)))
    assert found[0] == name
    assert found[1] == pytest.approx(expected)


def test_of_classes_it_is_the_surprise_of_the_true_one(made: Maker) -> None:
    told = {
        "probability_a": [0.5, 0.1],
        "probability_b": [0.5, 0.9],
        "label": pa.array(["a", "b"]).dictionary_encode(),
    }
    name, found = losses(made(["b", "b", "a"], [[(0, [0, 1], told)]], task=tasks.Multiclass(), names=("f1_macro",)))
    assert name == "log loss"
    assert found[:2] == pytest.approx([-np.log(0.5), -np.log(0.9)])


def test_a_metric_of_queries_gives_each_row_that_of_its_query(made: Maker) -> None:
    truth = pa.table({"y": [1.0, 0.0, 0.0, 1.0], "q": ["x", "x", "z", "z"]})
    task = tasks.Ranking("q").resolve(truth)
    examples = made(
        [1.0, 0.0, 0.0, 1.0], [[(0, [0, 1, 2, 3], {"score": [2.0, 1.0, 2.0, 1.0]})]], task=tasks.Regression()
    )
    object.__setattr__(examples, "task", task)
    object.__setattr__(examples, "truth", task.truth(truth))
    object.__setattr__(examples, "metrics", (metrics.get("ndcg"),))
    object.__setattr__(examples, "primary", "ndcg")
    name, found = losses(examples)
    assert name == "1 − ndcg"
    assert found == pytest.approx([0, 0, 1 - 1 / np.log2(3), 1 - 1 / np.log2(3)])


def test_the_project_s_own_metric_is_not_executed(made: Maker) -> None:
    examples = made([0, 1], [[(0, [0, 1], SURPRISE)]], names=("brier",), own=("profit",))
    with pytest.raises(UsageError, match="`profit` is a function of the project"):
        measure_of(examples, "profit")
    object.__setattr__(examples, "primary", "profit")
    assert "code of the project" in measure_of(examples).why


def test_predictions_that_say_nothing_of_a_row_are_refused(made: Maker) -> None:
    examples = made([0, 1], [[(0, [0, 1], {"score": [0.1, 3.0]})]])
    with pytest.raises(UsageError, match="whose models give `score` has none"):
        measure_of(examples)
