"""Scores on halves of the rows, against scoring each half by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from bancada import metrics
from bancada.definitions.kpi import Kpi
from bancada.judgement.kpi import _relating
from bancada.judgement.kpi._relating import half_scores
from bancada.samples import Sample
from bancada.scoring.costs import halves

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.judgement.kpi.conftest import Make

    from bancada.contracts import Metric

    Shared = Callable[[Any, Any, int], Make]

KPI = Kpi("k", unit="EUR", costs={"c10": 2, "c01": "invoice"})


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("name", ["roc_auc", "log_loss", "brier", "accuracy", "f1", "kpi"])
def test_scores_on_halves_are_those_of_the_rows_in_them(name: str, weighted: bool, candidate_of: Shared) -> None:
    rng = np.random.default_rng(4)
    truth = rng.random(90) < 0.5
    weight = rng.integers(1, 4, 90) if weighted else None
    made = candidate_of(truth, rng.lognormal(size=90), 3)("a", rng.random(90) * 0.5 + truth * 0.4, weight)
    metric: Metric = KPI.metric if name == "kpi" else metrics.get(name)
    sign = 1.0 if metric.greater_is_better else -1.0
    first = halves(90, 6)
    expected = []
    for mask in np.concatenate([first, ~first]):
        values = []
        for tested in made.folds:
            inside, sample = pa.array(mask[tested.positions]), tested.fold.sample
            own = None if sample.weight is None else sample.weight[mask[tested.positions]]
            tables = [table.filter(inside) for table in (sample.truth, sample.predictions, sample.rows)]
            part = Sample(tables[0], tables[1], tables[2], own)
            values.append(sign * metric.score(part))
        expected.append(np.mean(values))
    found = np.concatenate(half_scores([made, made], metric, first))
    assert (found[:, 0] == found[:, 1]).all()
    # A mean of losses lies the upper bound below a score of which more is better.
    shift = 1.0 if name == "accuracy" else 0.0
    assert found[:, 0] + shift == pytest.approx(expected)


def test_many_rows_are_thinned_alike_for_every_candidate(candidate_of: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_relating, "MOST_ROWS", 60)
    rng = np.random.default_rng(5)
    truth, p = rng.random(600) < 0.5, rng.random(600)
    make = candidate_of(truth, np.ones(600), 3)
    for half in half_scores([make("a", p), make("b", p)], metrics.get("roc_auc"), halves(600, 4)):
        assert half[:, 0].tolist() == half[:, 1].tolist()
        assert np.isfinite(half).all()
