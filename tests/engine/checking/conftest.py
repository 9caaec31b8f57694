"""Rows without any fault, into which a test plants one."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from bancada.engine.checking import CheckedRows, Target
from bancada.samples import FoldPart


def parts(fold: Any) -> tuple[FoldPart, ...]:
    return tuple(FoldPart(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(int(fold.max()) + 1))


@dataclass
class Clean:
    """Drawn rows: numbers, whole numbers, categories, missing values, and a target that some of them tell a bit about.

    `columns` and `y` may be changed before `rows` makes of them what the checks see.
    """

    n_rows: int = 1_000
    seed: int = 0
    numbers: bool = False
    columns: dict[str, Any] = field(init=False)
    y: Any = field(init=False)
    fold: Any = field(init=False)
    draw: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        """Draw them."""
        n, draw = self.n_rows, np.random.default_rng(self.seed)
        self.draw = draw
        x = draw.normal(size=(n, 3))
        self.columns = {
            "a": x[:, 0],
            "b": x[:, 1],
            "c": pa.array(x[:, 2], mask=draw.random(n) < 0.1),
            "age": draw.integers(18, 90, n),
            "income": np.exp(draw.normal(10, 0.5, n)).astype(np.int64),
            "city": draw.choice(list("abcdefgh"), n),
            "flag": draw.random(n) < 0.5,
        }
        score = x[:, 0] + 0.5 * (self.columns["city"] == "a") + draw.normal(size=n)
        self.y = score if self.numbers else (score > 0).astype(np.float64)
        self.fold = draw.permutation(n) % 5

    def rows(self, **changes: Any) -> CheckedRows:
        """Return what the checks see; `changes` are fields of it."""
        labels = () if self.numbers else tuple(str(label) for label in range(int(self.y.max()) + 1))
        made = CheckedRows(
            features=pa.table(self.columns),
            others=pa.table({}),
            ids=pa.array(np.arange(self.n_rows)),
            target=Target("y", "numbers" if self.numbers else "classes", np.asarray(self.y, np.float64), labels),
            folds=parts(self.fold),
            kind="random",
            n_folds=15,
            metric="r2" if self.numbers else "roc_auc",
            n_units=(self.n_rows * 4 // 5, self.n_rows // 5),
        )
        return dataclasses.replace(made, **changes)


@pytest.fixture
def clean() -> Clean:
    """Return a thousand rows without any fault."""
    return Clean()
