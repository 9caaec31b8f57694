"""A model in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Hashable

    from bancada.contracts import Model

__all__ = ["Memoriser"]


class Memoriser:
    """A model that knows the rows it has seen by heart, and says for any other what it saw first."""

    def __init__(self) -> None:
        self._columns: list[Any] = []
        self._known: dict[tuple[Hashable, ...], Any] = {}
        self._first: Any = None

    def fit(self, X: Any, y: Any) -> Memoriser:
        """Learn each row of X, (n_rows, n_features), with its target, (n_rows,) or (n_rows, n_targets)."""
        self._columns = list(pd.DataFrame(X).columns)
        targets = y.tolist() if isinstance(y, pd.Series) and isinstance(y.iloc[0], list | np.ndarray) else np.asarray(y)
        targets = [list(item) for item in targets] if isinstance(targets, list) else targets
        self._known = dict(zip(self._rows(X), targets, strict=True))
        self._first = targets[0]
        return self

    def predict(self, X: Any) -> Any:
        """Return the target that was seen with each row of X, (n_rows,)."""
        answers = [self._known.get(row, self._first) for row in self._rows(X)]
        if not isinstance(self._first, list):
            return np.array(answers) if answers else np.asarray([self._first])[:0]
        lists = np.empty(len(answers), dtype=object)
        lists[:] = answers
        return lists

    def _rows(self, X: Any) -> list[tuple[Hashable, ...]]:
        return [tuple(row) for row in pd.DataFrame(X)[self._columns].astype(object).to_numpy().tolist()]


if TYPE_CHECKING:
    _: Model = Memoriser()
