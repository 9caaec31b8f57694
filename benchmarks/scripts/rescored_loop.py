"""The same scores by a plain loop with scikit-learn: read each run's predictions, score them, keep nothing.

Usage: python rescored_loop.py RUNS
"""

import json
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from rescored import cost, table
from sklearn.metrics import accuracy_score, average_precision_score, brier_score_loss, f1_score, log_loss, roc_auc_score

CUT = 0.5
METRICS = (
    roc_auc_score,
    partial(log_loss, labels=[0, 1]),
    brier_score_loss,
    lambda y, p: accuracy_score(y, p >= CUT),
    lambda y, p: f1_score(y, p >= CUT),
    average_precision_score,
    lambda y, p: cost(y, p >= CUT),
)

store = Path(".bancada")
columns = table()
regions = sorted(set(columns["region"]))
paths = sorted((store / "runs").rglob("run.json"))[: int(sys.argv[1])]
records = [json.loads(path.read_bytes()) for path in paths]
started = time.perf_counter()
count = 0
for record in records:
    for use in record["folds"]:
        place = store / "folds" / use["key"][:2] / use["key"] / use["content"] / "predictions.arrow"
        with pa.memory_map(str(place)) as source:
            told = pa.ipc.open_file(source).read_all()
        ids, probability = told["id"].to_numpy(), told["probability"].to_numpy()
        truth, region = columns["churned"][ids], columns["region"][ids]
        for rows in (slice(None), *(np.flatnonzero(region == name) for name in regions)):
            for metric in METRICS:
                count += metric(truth[rows], probability[rows]) is not None
print(json.dumps({"seconds": time.perf_counter() - started, "runs": len(records), "values": count}))
