"""KPIs on the board and in a comparison, in a project whose runs are real."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from sklearn.metrics import confusion_matrix
from tests.engine.conftest import CANDIDATES, HEAD, PROBLEM, folder

from bancada import judgement
from bancada.display import to_text
from bancada.exceptions import DataError
from bancada.report import comparison_table, leaderboard_table

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

__all__ = ["folder"]

KPI = """
def gain(y_true, y_pred, weight, offer: float = 2.0):
    return y_pred * (y_true * weight - offer)
"""
WITH_KPI = PROBLEM.replace(
    'metrics=["accuracy", "log_loss"]',
    'metrics=["accuracy"], kpi=[bc.Kpi("cost", unit="EUR per 100 rows", costs={"c10": 3, "c01": 10}), '
    'bc.Kpi("gain", unit="EUR", function=gain)]',
)


def with_kpi(folder: Folder, problem: str = WITH_KPI, head: str = HEAD + KPI) -> None:
    folder.write(head=head, problem=problem, candidates=CANDIDATES)


def test_a_kpi_is_scored_per_fold_and_shown_with_its_unit(folder: Folder) -> None:
    with_kpi(folder)
    answers = folder.run("logistic", "bayes")
    binding, store = folder.binding(), folder.store
    board = judgement.leaderboard([answer.record for answer in answers])
    assert [(kpi.name, kpi.unit, kpi.direction) for kpi in board.kpi or ()] == [
        ("cost", "EUR per 100 rows", "lower"),
        ("gain", "EUR", "higher"),
    ]
    truth = dict(zip(binding.ids.to_pylist(), binding.truth.column("label").to_pylist(), strict=True))
    run = next(answer.record for answer in answers if answer.record.candidate == "logistic")
    expected = []
    for use in run.folds:
        table = store.folds.predictions(use.key, use.content or "")
        y = [truth[row] for row in table.column("id").to_pylist()]
        (_, fp), (fn, _) = confusion_matrix(y, table.column("label").to_pylist(), labels=[False, True])
        expected.append(100 * (3 * fp + 10 * fn) / len(y))
    row = next(row for row in board.rows if row.candidate == "logistic")
    cost, gain = row.kpi or ()
    assert cost.value == pytest.approx(np.mean(expected))
    assert cost.low is not None
    assert cost.low < np.mean(expected)
    assert gain.value is not None
    shown = to_text(leaderboard_table(board), width=None, color=False)
    assert "cost ↓" in shown
    assert "cost: EUR per 100 rows, lower is better; `bancada kpi` tells more." in shown


def test_the_difference_is_told_in_the_unit_without_a_word(folder: Folder) -> None:
    with_kpi(folder)
    first, second = (answer.record for answer in folder.run("logistic", "bayes")[:2])
    found = judgement.compare(first, second)
    cost, _ = found.kpi or ()
    assert cost.a is not None
    assert cost.b is not None
    assert cost.delta == pytest.approx(cost.b - cost.a)
    assert (cost.unit, cost.adjusted) == ("EUR per 100 rows", False)
    assert [part.metric for part in found.other_metrics] == ["accuracy"]
    shown = to_text(comparison_table(found), width=None, color=False)
    assert "cost: EUR per 100 rows; its interval is not adjusted, and it carries no verdict." in shown
    by_kpi = judgement.compare(first, second, metric="cost")
    assert (by_kpi.verdict, by_kpi.metric) == ("none", "cost")


def test_documents_without_kpi_have_no_such_field(folder: Folder) -> None:
    first, second = (answer.record for answer in folder.run("logistic", "bayes")[:2])
    board = judgement.leaderboard([first, second])
    assert b'"kpi"' not in msgspec.json.encode(board)
    assert b'"kpi"' not in msgspec.json.encode(judgement.compare(first, second))


def test_old_runs_are_judged_by_a_new_kpi_without_fitting(folder: Folder) -> None:
    folder.run("logistic")
    with_kpi(folder)
    answer = folder.run("logistic")[0]
    assert answer.status == "known"
    assert {score.metric for score in answer.record.scores} >= {"cost", "gain"}


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        ("1 / 0", "`gain` failed in repeat 0, fold 0: ZeroDivisionError: division by zero"),
        ("y_true * float('nan')", "`gain` failed in repeat 0, fold 0: DataError: Each amount"),
        ("1.0", "`gain` failed in repeat 0, fold 0: DefinitionError: A KPI's function returns one amount per row"),
    ],
)
def test_a_function_that_fails_leaves_a_flag_and_no_number(folder: Folder, returned: str, told: str) -> None:
    with_kpi(folder, head=HEAD + KPI.replace("y_pred * (y_true * weight - offer)", returned))
    board = judgement.leaderboard([folder.run("logistic")[0].record])
    cost, gain = board.rows[0].kpi or ()
    assert cost.value is not None
    assert (gain.value, gain.low, gain.flags[0][: len(told)]) == (None, None, told)
    assert told in to_text(leaderboard_table(board), width=None, color=False)


def test_amounts_that_are_none_stop_a_run_before_it_fits(folder: Folder) -> None:
    with_kpi(folder, WITH_KPI.replace('"c10": 3', '"c10": "a"'))
    with pytest.raises(DataError, match=r"Column `a` is negative in \d+ rows. Mend the column"):
        folder.run("logistic")
