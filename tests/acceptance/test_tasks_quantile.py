"""Quantiles, from project files to the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

HEAD = """
import random

import numpy as np
from sklearn.linear_model import LinearRegression, QuantileRegressor

import bancada as bc

LEVELS = (0.1, 0.5, 0.9)

def table():
    draw = random.Random(3)
    x = [draw.uniform(0, 10) for _ in range(120)]
    return {"row": list(range(120)), "x": x, "y": [2 * value + draw.gauss(0, 1 + value) for value in x]}
"""
ROLES = {
    "name": '"demand"',
    "dataset": 'bc.Dataset.from_function(table, name="demand", id="row")',
    "target": '"y"',
    "task": "bc.tasks.Quantile(LEVELS)",
    "split": "bc.splits.KFold(5, seed=1)",
    "evaluation": "None",
    "features": '["x"]',
}
CANDIDATES = """
@bc.candidate
def linear(alpha: float = 0.0):
    return bc.models.QuantileBundle(QuantileRegressor(alpha=alpha), LEVELS)

class Crossing:
    def fit(self, X, y):
        return self

    def predict(self, X):
        return np.column_stack([X["x"], 2 * X["x"], X["x"] + 1])

@bc.candidate
def crossing():
    return Crossing()

@bc.candidate
def mean():
    return LinearRegression()
"""


@pytest.fixture
def demand(typed: Typed) -> Typed:
    """Make a project with a number whose spread grows."""
    typed.write(CANDIDATES, HEAD, **ROLES)
    return typed


def test_the_board_ranks_by_the_pinball_loss_beside_the_training_quantiles(demand: Typed) -> None:
    assert demand.runs("linear").code == 0
    board = demand.types("leaderboard", "--json").document
    assert (board["metric"], board["direction"]) == ("pinball", "lower")
    assert [row["candidate"] for row in board["rows"]] == ["linear", "baseline"]
    assert board["rows"][0]["value"] < board["rows"][1]["value"]
    told = demand.types("show", "linear").out
    for name in ("pinball", "interval_score", "coverage_error", "interval_width"):
        assert name in told


def test_crossing_quantiles_are_told_beside_the_score(demand: Typed) -> None:
    assert demand.runs("crossing").code == 0
    assert "crossing: quantiles cross in 2" in demand.types("leaderboard").out


def test_a_model_of_one_value_fails_and_says_what_to_do(demand: Typed) -> None:
    told = demand.runs("mean")
    assert told.code == 1
    assert "Return (n_rows, 3), or bind estimators together: `bc.models.QuantileBundle" in told.out + told.err


def test_metrics_of_other_tasks_are_refused_by_what_they_lack(demand: Typed) -> None:
    demand.write(CANDIDATES, HEAD, **(ROLES | {"evaluation": 'bc.Evaluation(primary="rmse")'}))
    demand.runs().refuses(
        "reads `predictions.value`", "predictions have `q_0.1`, `q_0.5`, `q_0.9`", "such as `pinball`"
    )


def test_levels_in_percent_are_refused(demand: Typed) -> None:
    demand.write(CANDIDATES, HEAD, **(ROLES | {"task": "bc.tasks.Quantile((5, 50, 95))"}))
    demand.runs().refuses("numbers between 0 and 1, strictly ascending", "Found (5, 50, 95)")
