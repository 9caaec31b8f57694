"""Score 10 metrics on 20 slices of binary predictions, with intervals. Usage: slices.py ROWS (bancada | fairlearn)."""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

import numpy as np

METRICS = (
    "roc_auc",
    "average_precision",
    "log_loss",
    "brier",
    "accuracy",
    "balanced_accuracy",
    "f1",
    "precision",
    "recall",
    "mcc",
)
RESAMPLES = {"fairlearn": 5, "scipy": 100}
PREVALENCE, CUT = 0.3, 0.5


def drawn(n_rows: int) -> tuple[Any, Any, dict[str, Any]]:
    """Return truth, probabilities and four columns of five values each."""
    draw = np.random.default_rng(0)
    truth = draw.random(n_rows) < PREVALENCE
    probability = 1 / (1 + np.exp(1 - draw.normal(size=n_rows) - truth))
    return truth, probability, {name: draw.integers(0, 5, n_rows) for name in ("a", "b", "c", "d")}


def bancada(n_rows: int) -> dict[str, Any]:
    """Score by influence values, all rows and every slice."""
    import pyarrow as pa  # noqa: PLC0415 - Fairlearn's process is spared it

    from bancada.metrics import get  # noqa: PLC0415 - Fairlearn's process is spared it
    from bancada.samples import Sample  # noqa: PLC0415 - Fairlearn's process is spared it
    from bancada.scoring.rows import score_slices  # noqa: PLC0415 - Fairlearn's process is spared it

    truth, probability, columns = drawn(n_rows)
    slices = {f"{name} = {value}": column == value for name, column in columns.items() for value in range(5)}
    predictions = {"score": probability, "probability": probability, "label": probability >= CUT}
    sample = Sample(pa.table({"label": truth}), pa.table(predictions), pa.table({}))
    metrics = [get(name) for name in METRICS]
    score_slices(metrics, Sample(sample.truth[:99], sample.predictions[:99], sample.rows), {})
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        found = score_slices(metrics, sample, slices)
        seconds.append(time.perf_counter() - started)
    with_interval = sum(one.found.low is not None for one in found)
    return {"seconds": sorted(seconds)[1], "scores": len(found), "intervals": with_interval}


def fairlearn(n_rows: int) -> dict[str, Any]:
    """Score by MetricFrame, a bootstrap of five resamples, one frame for each column."""
    from fairlearn.metrics import MetricFrame  # noqa: PLC0415 - bancada's process is spared it
    from sklearn import metrics  # noqa: PLC0415 - bancada's process is spared it

    truth, probability, columns = drawn(n_rows)
    label = probability >= CUT
    of_labels = {
        name: getattr(metrics, name)
        for name in ("accuracy_score", "balanced_accuracy_score", "f1_score", "precision_score", "recall_score")
    }
    of_labels["mcc"] = metrics.matthews_corrcoef
    of_scores = {
        name: getattr(metrics, name)
        for name in ("roc_auc_score", "average_precision_score", "log_loss", "brier_score_loss")
    }
    started = time.perf_counter()
    for column in columns.values():
        for functions, predicted in ((of_labels, label), (of_scores, probability)):
            frame = MetricFrame(
                metrics=functions,
                y_true=truth,
                y_pred=predicted,
                sensitive_features=column,
                n_boot=RESAMPLES["fairlearn"],
                ci_quantiles=[0.025, 0.975],
                random_state=0,
            )
            assert len(frame.by_group_ci) == 2  # noqa: S101 - two ends; a check for the reader, not of input
    return {"seconds": time.perf_counter() - started}


def scipy(n_rows: int) -> dict[str, Any]:
    """Bootstrap one metric on all rows with SciPy, 100 resamples."""
    from scipy.stats import bootstrap  # noqa: PLC0415 - bancada's process is spared it
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415 - bancada's process is spared it

    truth, probability, _ = drawn(n_rows)
    started = time.perf_counter()
    bootstrap(
        (truth, probability),
        roc_auc_score,
        paired=True,
        vectorized=False,
        n_resamples=RESAMPLES["scipy"],
        method="percentile",
        rng=0,
    )
    return {"seconds": time.perf_counter() - started}


if __name__ == "__main__":
    answer = {"bancada": bancada, "fairlearn": fairlearn, "scipy": scipy}[sys.argv[2]](int(sys.argv[1]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({**answer, "peak_bytes": peak * (1 if sys.platform == "darwin" else 1024)}))
