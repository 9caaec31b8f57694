"""Tests shown beside a word over rows; they decide nothing."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from bancada.engine.examples import answered
from bancada.exceptions import DataError
from bancada.judgement._comparison import Check
from bancada.scoring.rows import delong, mcnemar

if TYPE_CHECKING:
    from bancada.contracts import Metric
    from bancada.judgement.paired._rows import PairedRows
    from bancada.scoring.rows._checks import RowCheck

__all__ = ["checks_of"]


def checks_of(rows: PairedRows, metric: Metric) -> tuple[Check, ...]:
    """Return the test that is known for a metric: DeLong's of an AUC, McNemar's of an accuracy.

    Both take rows as independent and alike: there is none of rows in groups or with weights.
    """
    if rows.groups is not None or rows.a.weight is not None:
        return ()
    try:
        found = _found(rows, metric)
    except DataError:
        return ()
    if found is None:
        return ()
    statistic, p = (value if isfinite(value) else None for value in (found.statistic, found.p))
    return (Check(name=found.name, statistic=statistic, p=p, note=found.note),)


def _found(rows: PairedRows, metric: Metric) -> RowCheck | None:
    if metric.name == "roc_auc":
        positive = np.asarray(rows.a.truth.column("label").to_numpy(), dtype=np.bool_)
        first, other = (
            np.asarray(one.predictions.column("score").to_numpy(), dtype=np.float64) for one in (rows.a, rows.b)
        )
        return delong(positive, first, other)
    right = answered(rows.a), answered(rows.b)
    if metric.name != "accuracy" or right[0] is None or right[1] is None:
        return None
    return mcnemar(right[0], right[1])
