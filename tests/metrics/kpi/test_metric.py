"""A KPI as a metric: a mean with a scale, known by all that decides its numbers."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bancada import models
from bancada.contracts import LossMetric, Metric
from bancada.exceptions import DefinitionError
from bancada.metrics.kpi import CostMatrix, KpiMetric, amount_function
from bancada.models import building

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.samples import Sample

    Make = Callable[..., Sample]


def margin(y_true: Any, y_pred: Any, amount: Any, offer: float = 2.0) -> Any:
    return y_pred * (y_true * amount - offer)


COSTS = KpiMetric("cost", "EUR per 10 rows", 10.0, greater_is_better=False, source=CostMatrix(1.0, 5.0))
MARGIN = KpiMetric("margin", "EUR", 1.0, greater_is_better=True, source=amount_function(margin))


def test_a_kpi_is_a_metric_in_its_own_direction() -> None:
    assert isinstance(COSTS, Metric)
    assert (COSTS.bounds, COSTS.aggregate, COSTS.columns) == ((None, None), "fold-mean", ())
    assert (MARGIN.columns, MARGIN.assumptions) == (("amount",), {"offer": 2.0})
    assert COSTS.assumptions == {"c10": 1.0, "c01": 5.0, "c00": 0.0, "c11": 0.0}
    assert KpiMetric("k", "u", 1.0, greater_is_better=False, source=CostMatrix("a", 5.0)).assumptions.keys() == {
        "c01",
        "c00",
        "c11",
    }


def test_the_score_is_the_weighted_mean_times_the_scale(binary: Make) -> None:
    sample = binary([1, 1, 0, 0], [0.1, 0.9, 0.9, 0.1])
    assert COSTS.amounts(sample).tolist() == COSTS.losses(sample).tolist() == [50.0, 0.0, 10.0, 0.0]
    assert isinstance(COSTS, LossMetric)
    # The amounts of the sample are 0, 1, 2, 3: a gain is no loss.
    assert MARGIN.amounts(sample).tolist() == [0.0, -1.0, -2.0, 0.0]
    assert MARGIN.losses(sample).tolist() == [0.0, 1.0, 2.0, 0.0]
    assert COSTS.score(sample) == 15.0
    weight = np.array([3.0, 1.0, 1.0, 1.0])
    assert COSTS.score(replace(sample, weight=weight)) == pytest.approx(160 / 6)
    assert math.isnan(COSTS.score(binary([], [])))
    assert COSTS.pairs(sample) == 0.0


def test_a_kpi_that_cannot_read_the_task_says_so(multiclass: Make) -> None:
    sample = multiclass([0, 1], [[0.5, 0.25, 0.25], [0.2, 0.6, 0.2]])
    assert COSTS.missing(sample.truth.schema, sample.predictions.schema)
    with pytest.raises(DefinitionError, match=r"`cost` needs its columns .* There is no `truth.label`"):
        COSTS.score(sample)


def test_all_that_decides_its_numbers_is_in_its_identity() -> None:
    kpis = [
        COSTS,
        MARGIN,
        replace(COSTS, name="other"),
        replace(COSTS, unit="USD per 10 rows"),
        replace(COSTS, scale=100.0),
        *(COSTS.moved(cell, 7.0) for cell in ("c10", "c01", "c00", "c11")),
        replace(COSTS, source=CostMatrix(1.0, 5.0, decide="threshold")),
        replace(COSTS, source=CostMatrix("a", 5.0)),
        replace(MARGIN, greater_is_better=False),
        MARGIN.moved("offer", 3.0),
        MARGIN.with_code("other"),
        replace(MARGIN, source=amount_function(margin, amounts={"amount": "b"})),
    ]
    assert len({kpi.identity().digest for kpi in kpis}) == len(kpis)
    assert MARGIN.identity().ingredients["unit"] == "EUR"
    assert COSTS.with_code("any") is COSTS


@pytest.mark.parametrize("kpi", [COSTS, MARGIN])
def test_a_kpi_crosses_processes_and_is_rebuilt_from_its_form(kpi: KpiMetric) -> None:
    assert pickle.loads(pickle.dumps(kpi)) == kpi  # noqa: S301 - bytes of this very test
    assert building.build(models.describe(kpi)) == kpi
