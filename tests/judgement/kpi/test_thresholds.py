"""Thresholds of a problem's costs, and candidates under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.engine.conftest import PROBLEM, folder

from bancada import judgement
from bancada.judgement.kpi import kpi_document

if TYPE_CHECKING:
    from tests.engine.conftest import Folder

__all__ = ["folder"]


def with_kpi(folder: Folder, kpi: str) -> None:
    folder.write(problem=PROBLEM.replace('"log_loss"]', f'"log_loss"], kpi={kpi}'))


def test_a_line_is_told_at_its_label_at_p_star_and_at_its_best(folder: Folder) -> None:
    with_kpi(folder, 'bc.Kpi("cost", unit="EUR", costs={"c10": 1, "c01": 4}, rationale="because it is")')
    run = folder.run("logistic")[0].record
    binding = folder.binding()
    report = kpi_document(folder.index, binding).kpis[0]
    line = report.lines[0]
    board = judgement.leaderboard([run]).rows[0].kpi or ()
    assert (line.value, line.low, line.high) == (board[0].value, board[0].low, board[0].high)
    assert report.threshold is not None
    assert (report.threshold.value, report.threshold.low, report.threshold.without) == (0.2, 0.2, 0)
    truth = dict(zip(binding.ids.to_pylist(), binding.truth.column("label").to_pylist(), strict=True))
    tables = [folder.store.folds.predictions(use.key, use.content or "") for use in run.folds]

    def at(threshold: float) -> float:
        costs = []
        for table in tables:
            y = np.array([truth[row] for row in table.column("id").to_pylist()])
            decided = table.column("probability").to_numpy() >= threshold
            costs.append(np.mean(np.where(y, np.where(decided, 0, 4), np.where(decided, 1, 0))))
        return float(np.mean(costs))

    assert line.at_threshold == pytest.approx(at(0.2))
    assert line.at_threshold_low is not None
    assert line.best_threshold is not None
    assert line.at_best == pytest.approx(at(line.best_threshold))
    tried = np.unique(np.concatenate([table.column("probability").to_numpy() for table in tables]))
    assert line.at_best == pytest.approx(min(map(at, tried)))
    assert line.calibration in {"compatible", "miscalibrated"}
    assert (report.rationale, report.rationale_file) == ("because it is", False)


def test_costs_by_row_have_a_threshold_for_each_row(folder: Folder) -> None:
    with_kpi(folder, 'bc.Kpi("cost", unit="EUR", costs={"c10": 1, "c01": "weight"}, decide="threshold")')
    folder.run("bayes")
    report = kpi_document(folder.index, folder.binding()).kpis[0]
    assert report.threshold is not None
    # The weights are 1 to 120.
    assert report.threshold.low == pytest.approx(1 / 121)
    assert report.threshold.high == 0.5
    line = report.lines[0]
    assert line.value == pytest.approx(line.at_threshold)
