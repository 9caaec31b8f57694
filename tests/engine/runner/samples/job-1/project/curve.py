"""A small project for the sample of a job: a model without a library, and a metric of its own."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

import bancada as bc


class Curve:
    """Higher where `a` is high; where exactly is drawn."""

    def __init__(self, cut: float = 0.0) -> None:
        self.cut = cut

    def fit(self, X: Any, y: Any) -> Curve:
        self.shift = random.random() / 100 + float(np.mean(y)) * len(X) / 1000
        return self

    def predict_proba(self, X: Any) -> Any:
        high = np.clip(0.5 + (X["a"].to_numpy() - self.cut) / 8 + self.shift, 0, 1)
        return np.column_stack([1 - high, high])


def misses(y_true: Any, y_pred: Any) -> float:
    return float(np.mean(np.abs(y_true - y_pred)))


problem = bc.Problem(
    name="risk",
    dataset=bc.Dataset.from_file("data.csv", name="people", version="1", id="person"),
    target="ill",
    task=bc.tasks.Binary(),
    split=bc.splits.KFold(3, seed=1, holdout=0.2),
    evaluation=bc.Evaluation(
        primary="roc_auc",
        metrics=["brier", bc.metrics.from_function(misses, greater_is_better=False, reads="probability")],
        slices=["region", bc.Slice("high", "b > 0")],
    ),
    features=["a", "b"],
)


@bc.candidate
def curve(cut: float = 0.25) -> Curve:
    """Return the model."""
    return Curve(cut)
