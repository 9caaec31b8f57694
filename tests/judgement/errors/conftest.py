"""Examples made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from bancada import metrics, tasks
from bancada.engine.examples import Examples, TestedFold
from bancada.testing import MemoryDataset

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def made(
    truth: Sequence[Any],
    folds: Sequence[Sequence[tuple[int, Sequence[int], Mapping[str, Sequence[Any]]]]],
    *,
    task: Any = None,
    names: Sequence[str] = ("roc_auc",),
    columns: Mapping[str, Sequence[Any]] | None = None,
    **parts: Any,
) -> Examples:
    """Return examples of these truths; each side is a list of folds: repeat, rows, predictions."""
    target = pa.table({"y": list(truth)})
    resolved = (tasks.Binary() if task is None else task).resolve(target)
    data = pa.table({"id": list(range(len(truth))), **{name: list(values) for name, values in (columns or {}).items()}})
    sides = tuple(
        tuple(
            TestedFold("run", repeat, number, np.asarray(rows, dtype=np.int64), pa.table(dict(told)))
            for number, (repeat, rows, told) in enumerate(side)
        )
        for side in folds
    )
    values: dict[str, Any] = {
        "weight": None,
        "groups": None,
        "slices": {},
        "time": None,
        "notes": (),
        "own": (),
    } | parts
    return Examples(
        task=resolved,
        ids=pa.array(list(range(len(truth)))),
        truth=resolved.truth(target),
        metrics=tuple(metrics.get(name) for name in names),
        primary=names[0],
        features=tuple(columns or ()),
        describing=tuple(columns or ()),
        sides=sides,
        _dataset=MemoryDataset(data, id="id"),
        _positions=np.arange(len(truth), dtype=np.int64),
        **values,
    )


@pytest.fixture(name="made")
def _made() -> Callable[..., Examples]:
    return made
