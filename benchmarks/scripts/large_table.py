"""A project: a table of many float columns in a Parquet file, and a model that needs little besides its data."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

import bancada as bc


class Means:
    """Predicts the mean of the target, after a look at every value."""

    def fit(self, X: Any, y: Any) -> Self:
        """Add up all that there is."""
        self.total_ = float(np.asarray(X.sum(axis=0)).sum())
        self.mean_ = float(np.mean(y))
        return self

    def predict(self, X: Any) -> Any:
        """Predict the mean."""
        return np.full(len(X), self.mean_)


large = bc.Problem(
    name="large",
    dataset=bc.Dataset.from_file("large.parquet", name="large", version="1", id=bc.ROW),
    target="y",
    task=bc.tasks.Regression(),
    split=bc.splits.KFold(5, seed=0),
    evaluation=bc.Evaluation(primary="rmse"),
)


@bc.candidate(frame="numpy")
def numbers() -> Means:
    """Receive an array."""
    return Means()


@bc.candidate(frame="pandas")
def frames() -> Means:
    """Receive a frame."""
    return Means()
