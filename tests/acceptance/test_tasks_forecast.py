"""Series in time, from project files to the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import Typed

HEAD = """
import datetime as dt
import math
import random

from sklearn.linear_model import Ridge

import bancada as bc

def table():
    draw = random.Random(3)
    rows = []
    for store in "abc":
        values = [20 + 5 * math.sin(2 * math.pi * day / 7) + draw.gauss(0, 1) for day in range(84)]
        for day in range(7, 84):
            date = dt.date(2023, 1, 1) + dt.timedelta(days=day)
            rows.append({"store": store, "day": date, "lag": values[day - 7], "sold": values[day]})
    return {"row": list(range(len(rows))), **{name: [row[name] for row in rows] for name in rows[0]}}
"""
ROLES = {
    "name": '"sales"',
    "dataset": 'bc.Dataset.from_function(table, name="sales", id="row")',
    "target": '"sold"',
    "task": "bc.tasks.Regression()",
    "time": '"day"',
    "groups": '"store"',
    "split": 'bc.splits.TimeOrdered(5, test="7D", holdout="2023-03-20")',
    "evaluation": 'bc.Evaluation(primary="mae")',
    "features": '["lag"]',
}
CANDIDATES = """
@bc.candidate
def ridge(alpha: float = 1.0):
    return Ridge(alpha=alpha)
"""


@pytest.fixture
def sales(typed: Typed) -> Typed:
    """Make a project with three series of eleven weeks."""
    typed.write(CANDIDATES, HEAD, **ROLES)
    return typed


def write(sales: Typed, **roles: str) -> None:
    sales.write(CANDIDATES, HEAD, **(ROLES | roles))


def test_five_periods_give_a_word_by_the_procedure_of_time_blocks(sales: Typed) -> None:
    assert sales.runs("ridge", "alpha=1,100000").code == 0
    board = sales.types("leaderboard", "--json").document
    verdicts = {row["against_leader"]["verdict"] for row in board["rows"] if row["against_leader"]}
    assert verdicts == {"worse"}
    assert {row["against_leader"]["procedure"] for row in board["rows"] if row["against_leader"]} == {
        "t over time blocks"
    }
    told = sales.types("leaderboard").out
    assert "213 rows (18 sealed) · 5 time blocks" in told


def test_fewer_periods_give_estimates_and_say_why(sales: Typed) -> None:
    write(sales, split='bc.splits.TimeOrdered(4, test="7D")')
    assert sales.runs("ridge", "alpha=1,100000").code == 0
    assert "Estimates only: fewer than 5 folds" in sales.types("leaderboard").out
    board = sales.types("leaderboard", "--json").document
    assert all(row["value"] is not None and row["low"] is None for row in board["rows"])
    assert {row["against_leader"]["verdict"] for row in board["rows"] if row["against_leader"]} == {"none"}
    assert "No verdict: estimates only: fewer than 5 folds" in sales.types("compare", "baseline", "best").out


def test_the_fold_of_a_row_is_shown(sales: Typed) -> None:
    lines = sales.types("show", "--split", "--csv").out.splitlines()
    tested = [line for line in lines if line.endswith(',"test"')]
    assert len(tested) == 5 * 7 * 3


def test_a_share_is_answered_with_a_date(sales: Typed) -> None:
    write(sales, split="bc.splits.TimeOrdered(5, holdout=0.2)")
    sales.runs().refuses("never a share", "It is 0.2, and `day` holds dates", "Say `holdout='2023-03-10'`", "seals 21%")
    assert not [path for path in sales.stored() if path.startswith(("runs", "folds"))]


def test_a_problem_without_a_time_is_told_to_name_it(sales: Typed) -> None:
    write(sales, time="None")
    sales.runs().refuses("needs the problem's time column", "The problem has no `time`", "`time='day'`")


def test_a_mistyped_time_is_answered_with_the_nearest(sales: Typed) -> None:
    write(sales, time='"days"')
    sales.runs().refuses("Found no column `days`", "Did you mean `day`?")


def test_repeats_of_time_are_refused(sales: Typed) -> None:
    sales.runs("--repeats", "2").refuses("A repeat must be one that the split can draw", "It has 1")
