"""The rows of a candidate: sums under the weights are the means over folds that the board shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bancada.definitions.kpi import Kpi
from bancada.judgement.kpi._candidates import decided_rows
from bancada.metrics.kpi import spent

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.judgement.kpi.conftest import Make

    Shared = Callable[[Any, Any, int], Make]


@pytest.mark.parametrize("weight", [None, [1, 2, 3, 1, 1, 2, 5]])
def test_a_sum_under_the_weights_is_the_mean_over_folds(weight: Any, candidate_of: Shared) -> None:
    made = candidate_of([1, 0, 1, 1, 0, 0, 1], [1, 2, 3, 4, 5, 6, 7], 3)("a", np.linspace(0, 1, 7), weight)
    kpi = Kpi("k", unit="EUR per 100 rows", costs={"c10": 2, "c01": "invoice"}).metric
    rows = decided_rows(made, kpi)
    assert rows is not None
    assert rows.decided is not None
    expected = np.mean([kpi.score(tested.fold.sample) for tested in made.folds])
    assert rows.weight @ spent(rows.costs, rows.positive, rows.decided) == pytest.approx(expected)
    assert made.mean([kpi.amounts(tested.fold.sample) for tested in made.folds]) == pytest.approx(expected)


def test_a_function_has_no_table_of_costs(candidate_of: Shared) -> None:
    made = candidate_of([1, 0], [1, 2], 1)("a", [0.1, 0.2])
    kpi = Kpi("k", unit="EUR", function=lambda_free).metric
    assert decided_rows(made, kpi) is None


def lambda_free(y_true: Any, y_pred: Any) -> Any:
    return y_true * y_pred
