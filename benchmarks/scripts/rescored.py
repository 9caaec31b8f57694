"""A project of 10,000 rows whose evaluation grows: the variable `GROWN` adds five metrics, a function and slices."""

import os
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

import bancada as bc

ROWS = 10_000
GROWN = os.environ.get("GROWN") == "1"


def table() -> dict[str, Any]:
    """Make the rows."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=ROWS)
    churned = x + rng.normal(size=ROWS) > 0
    region = np.array(["north", "south", "east", "west"])[rng.integers(0, 4, ROWS)]
    return {"row": np.arange(ROWS), "x": x, "region": region, "churned": churned}


def cost(y_true: Any, y_pred: Any) -> float:
    """Cost of the wrong answers, in units of one that is missed."""
    return float(np.mean(np.where(y_true, 1.0 - y_pred, 0.2 * y_pred)))


more = (
    ["brier", "accuracy", "f1", "average_precision", bc.metrics.from_function(cost, greater_is_better=False)]
    if GROWN
    else []
)
churn = bc.Problem(
    name="churn",
    dataset=bc.Dataset.from_function(table, name="churn", version="1", id="row"),
    target="churned",
    features=["x"],
    task=bc.tasks.Binary(positive=True),
    split=bc.splits.KFold(5, stratify=True, seed=0),
    evaluation=bc.Evaluation(primary="roc_auc", metrics=["log_loss", *more], slices=["region"] if GROWN else []),
)


@bc.candidate
def logistic(C: float = 1.0) -> LogisticRegression:  # noqa: N803 - as scikit-learn calls it
    """Linear log-odds."""
    return LogisticRegression(C=C)
