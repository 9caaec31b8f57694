"""Every block of bancada's own, to be held to its contract: a new block adds a line to the table of its kind.

Each entry is what the generator of checks takes: the block, and what goes with it (rows to split, a sample, laws that
it breaks knowingly with the reason).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from sklearn.model_selection import (
    GroupKFold,
    LeaveOneGroupOut,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    TimeSeriesSplit,
)

from bancada import splits
from bancada.samples import SplitRows
from bancada.testing import RoundRobin

__all__ = ["SPLITS", "Own"]


@dataclass(frozen=True)
class Own:
    """A block, and what its generator of checks takes beside it."""

    block: Any
    options: dict[str, Any] = field(default_factory=dict)


def _rows(n_rows: int = 120, **columns: list[Any]) -> SplitRows:
    ids, target = pa.array(np.arange(n_rows)), np.arange(n_rows) % 2
    return SplitRows(ids, pa.table({name: values[:n_rows] for name, values in columns.items()}), target, None, True)


SPLITS: dict[str, Own] = {
    "double": Own(RoundRobin()),
    "kfold": Own(splits.KFold(5, repeats=3, holdout=0.2)),
    "kfold-plain": Own(splits.KFold(4, stratify=False)),
    "kfold-by-column": Own(splits.KFold(3, stratify="region"), {"rows": _rows(region=["n", "s", "e"] * 40)}),
    "single": Own(splits.Single(0.25, holdout=0.3)),
    "single-with-validation": Own(splits.Single(0.2, 0.2, stratify=False)),
    "predefined-site": Own(splits.Predefined("site", kind="site"), {"rows": _rows(site=["a", "b", "c", "d"] * 30)}),
    "predefined-time": Own(splits.Predefined("year", kind="time"), {"rows": _rows(year=[2020, 2021, 2022] * 40)}),
    "predefined-single": Own(
        splits.Predefined("part", test="test", valid="valid"), {"rows": _rows(part=["test", "valid", "train"] * 40)}
    ),
    "time-ordered": Own(splits.TimeOrdered(5, test=3, gap=1, holdout=50)),
    "time-ordered-window": Own(splits.TimeOrdered(3, test=0.1, window=12)),
    "sklearn-repeated": Own(splits.as_split(RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=1))),
    "sklearn-shuffle": Own(splits.as_split(ShuffleSplit(3, test_size=0.2, random_state=1))),
    "sklearn-time": Own(splits.as_split(TimeSeriesSplit(3))),
    "sklearn-groups": Own(splits.as_split(GroupKFold(3))),
    "sklearn-one-group": Own(splits.as_split(LeaveOneGroupOut())),
}
