"""The peer: the same fits, each logged to MLflow: parameters, a score, the predictions. Usage: mlflow_logging.py COUNT.

Prints seconds a run as JSON.
"""

import json
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB

logging.disable(logging.INFO)
X, y = load_breast_cancer(return_X_y=True, as_frame=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0, stratify=y)


def bare(smoothing: float) -> np.ndarray:
    """Fit and predict."""
    return GaussianNB(var_smoothing=smoothing).fit(X_train, y_train).predict_proba(X_test)[:, 1]


def logged(smoothing: float) -> None:
    """Fit, predict, and log what bancada keeps."""
    with mlflow.start_run(), tempfile.TemporaryDirectory() as folder:
        mlflow.log_params({"smoothing": smoothing, "seed": 0})
        probability = bare(smoothing)
        mlflow.log_metric("roc_auc", roc_auc_score(y_test, probability))
        file = Path(folder) / "predictions.csv"
        pd.DataFrame({"id": y_test.index, "probability": probability}).to_csv(file, index=False)
        mlflow.log_artifact(str(file))


def timed(work: Callable[[float], object], smoothing: float) -> float:
    """Return the seconds of one call."""
    started = time.perf_counter()
    work(smoothing)
    return time.perf_counter() - started


mlflow.set_experiment("benchmark")
logged(1e-3)
count = int(sys.argv[1])
found = {
    work.__name__: statistics.median(timed(work, 1e-9 * (1 + number)) for number in range(count))
    for work in (bare, logged)
}
print(json.dumps({**found, "version": mlflow.__version__}))
