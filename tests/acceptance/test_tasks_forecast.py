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
    tested = [line for line in lines if line.replace('"', "").endswith(",test")]
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


FORECAST = {
    "task": "bc.tasks.Forecast(season=7)",
    "split": 'bc.splits.TimeOrdered(5, test="14D", gap=1)',
    "evaluation": """bc.Evaluation(
        primary="mase", metrics=["mae", "wape"], slices=[bc.Slice("near", "horizon <= 8"), "series"]
    )""",
    "features": '["lag"]',
}
WEEKS = HEAD.replace("range(84)", "range(140)").replace("range(7, 84)", "range(14, 140)").replace("day - 7", "day - 14")


def forecasts(sales: Typed, **roles: str) -> None:
    sales.write(CANDIDATES, WEEKS, **(ROLES | FORECAST | roles))


def test_a_back_test_ranks_a_regressor_on_lags_beside_the_last_season(sales: Typed) -> None:
    forecasts(sales)
    assert sales.runs("ridge", "alpha=1,1000000").code == 0
    board = sales.types("leaderboard", "--json").document
    assert (board["metric"], board["direction"]) == ("mase", "lower")
    values = {row["candidate"]: row["value"] for row in board["rows"]}
    assert 0.5 < values["ridge"] < values["baseline"] < 1.5
    assert board["rows"][0]["params"] == {"alpha": 1.0}
    assert "5 time blocks" in sales.types("leaderboard").out


def test_a_metric_is_told_by_horizon_and_by_series(sales: Typed) -> None:
    forecasts(sales)
    sales.runs("ridge")
    told = [line.split() for line in sales.types("show", "ridge").out.splitlines()]
    rows = {(line[0], line[1]): line[-1] for line in told if line and line[0] in {"mase", "mae", "wape"}}
    assert rows["mae", "near"] == str(5 * 7 * 3)
    assert rows["mase", "series=a"] == str(5 * 14)
    assert not any("null" in word for line in told for word in line)


def test_the_default_metrics_of_a_forecast_are_there(sales: Typed) -> None:
    forecasts(sales, evaluation="None")
    sales.runs("ridge")
    shown = sales.types("show", "baseline").out
    assert all(f" {name} " in shown for name in ("mae", "rmse", "mase", "smape", "wape"))


def test_what_is_submitted_is_placed_like_all_else(sales: Typed) -> None:
    forecasts(sales)
    sales.runs("ridge")
    lines = sales.types("show", "--split", "--csv").out.splitlines()[1:]
    tested = [line.split(",")[0] for line in lines if line.replace('"', "").endswith(",test")]
    (sales.root / "theirs.csv").write_text("row,value\n" + "".join(f"{row},20\n" for row in tested))
    assert sales.types("submit", "theirs.csv", "--as", "theirs").code == 0
    board = sales.types("leaderboard", "--json").document
    value = {row["candidate"]: row["value"] for row in board["rows"]}
    assert value["theirs"] > value["ridge"] > 0


def test_a_forecast_without_an_order_in_time_is_refused(sales: Typed) -> None:
    forecasts(sales, split="bc.splits.KFold(5)")
    sales.runs().refuses("needs folds that are ordered in time", "'kfold'", "Say `split=bc.splits.TimeOrdered(5)`")
    forecasts(sales, split="None")
    sales.runs().refuses("needs folds that are ordered in time")


def test_a_panel_without_its_series_is_told_to_name_them(sales: Typed) -> None:
    forecasts(sales, groups="None")
    sales.runs().refuses(
        "A series has one row at each time", "at 2023-01-15", "Name the column of the series as `groups`"
    )


def test_a_slice_of_neither_data_nor_places_is_answered_with_the_nearest(sales: Typed) -> None:
    forecasts(sales, evaluation='bc.Evaluation(slices=[bc.Slice("near", "horzon <= 8")])')
    sales.runs().refuses("Found no column `horzon`")


def test_the_baseline_is_fitted_on_places(sales: Typed) -> None:
    forecasts(sales)
    sales.runs("ridge")
    assert sales.types("fit", "baseline").code == 0
