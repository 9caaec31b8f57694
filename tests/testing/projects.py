"""A small project, good and broken."""

from __future__ import annotations

__all__ = ["BROKEN", "DEFINITIONS"]

DEFINITIONS = """
import numpy as np
from sklearn.tree import DecisionTreeClassifier

import bancada as bc

def table():
    x = np.random.default_rng(3).normal(size=(60, 2))
    return {"row": np.arange(60), "a": x[:, 0], "b": x[:, 1], "amount": np.arange(60) + 1.0, "late": x[:, 0] > 0}

def cost(y_true, y_pred, rows):
    return float(np.mean((y_true != y_pred) * rows["amount"]))

late = bc.Problem(
    name="late",
    dataset=bc.Dataset.from_function(table, name="orders", version="1", id="row"),
    target="late",
    features=["a", "b"],
    task=bc.tasks.Binary(),
    split=bc.splits.KFold(3, holdout=0.2),
    evaluation=bc.Evaluation(
        primary="roc_auc", metrics=[bc.metrics.from_function(cost, greater_is_better=False, columns=["amount"])]
    ),
)

@bc.candidate
def tree(depth: int = 2):
    return DecisionTreeClassifier(max_depth=depth)

@bc.candidate
def needy(depth: int):
    return DecisionTreeClassifier(max_depth=depth)
"""

BROKEN = """

class Forgetful(DecisionTreeClassifier):
    def predict(self, X):
        return super().predict(X)[:-1]

@bc.candidate
def forgetful():
    return Forgetful()

@bc.candidate
def crashing():
    return DecisionTreeClassifier(no_such_setting=1)
"""
