"""Time: do the data change while folds are drawn as if they did not?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.engine.checking._encoding import CATEGORY, NUMBER, Encoded
from bancada.engine.checking._finding import NOTE, SERIOUS, Finding, Looked, named
from bancada.engine.checking._two_samples import apart
from bancada.scoring.problems import holm

if TYPE_CHECKING:
    from bancada.engine.checking._rows import CheckedRows
    from bancada.engine.checking._two_samples import Apart

__all__ = ["find_drift"]

NAME = "drift"
LEVEL = 0.01
LEAST_SIZE = 0.1
SERIOUS_SIZE = 0.2


def find_drift(rows: CheckedRows) -> Looked:
    """Compare the earlier half of the rows with the later half, column by column, the target among them.

    Kolmogorov and Smirnov's D or Cramér's V, Holm's correction over columns. Serious where the target drifts while
    folds are drawn at random: then the past is predicted with the help of the future.
    """
    if rows.time is None:
        if rows.time_column is None:
            return Looked(skipped="the problem names no `time`")
        return Looked(skipped="some row has no time that can be read")
    order = rows.time[rows.sample]
    later = order > np.median(order)
    if later.all() or not later.any():
        return Looked(skipped="all rows are of one time")
    columns = {name: column for name, column in rows.columns.items() if name != rows.time_column}
    if rows.target is not None:
        kind = CATEGORY if rows.target.kind == "classes" else NUMBER
        values = rows.target.encoded[rows.sample]
        columns[rows.target.name] = Encoded(rows.target.name, kind, values, np.isnan(values), len(rows.target.labels))
    found = {name: apart(column, later) for name, column in columns.items()}
    adjusted = dict(zip(found, holm([item.p for item in found.values()]), strict=True)) if found else {}
    drifting = {name: item for name, item in found.items() if adjusted[name] < LEVEL and item.size >= LEAST_SIZE}
    return Looked(_findings(rows, drifting), sampled=rows.sampled)


def _findings(rows: CheckedRows, drifting: dict[str, Apart]) -> tuple[Finding, ...]:
    if not drifting:
        return ()
    names = sorted(drifting, key=lambda name: -drifting[name].size)
    target = rows.target is not None and rows.target.name in drifting
    mixed = rows.kind != "time"
    strong = target and rows.target is not None and drifting[rows.target.name].size >= SERIOUS_SIZE
    told = f"{named(names)} {'changes' if len(names) == 1 else 'change'} from the earlier half of the rows to the later"
    if target and rows.target is not None:
        told += f", the target `{rows.target.name}` among them" if len(names) > 1 else ", which is the target"
    if mixed:
        told += "; the folds mix past and future"
        remedy = f"Predict later rows from earlier ones: `split=bc.splits.TimeOrdered(...)` on `{rows.time_column}`."
    else:
        remedy = "Scores differ from block to block for that reason: read them by block, and fit anew as time goes on."
    return (
        Finding(
            check=NAME,
            severity=SERIOUS if mixed and strong else NOTE,
            columns=tuple(names),
            found=told,
            evidence={
                "columns": {
                    name: {"statistic": drifting[name].statistic, "size": drifting[name].size} for name in names
                }
            },
            remedy=remedy,
        ),
    )
