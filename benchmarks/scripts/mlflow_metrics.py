"""The peer: MLflow's `log_metric`, timed; then a process that is killed, and what is left of its lines.

Usage: mlflow_metrics.py COUNT. Prints JSON.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import time

import mlflow

logging.disable(logging.INFO)
count = int(sys.argv[1])
if len(sys.argv) > 2:
    # The child: every call returns, then it is killed.
    with mlflow.start_run(run_id=sys.argv[2]):
        for step in range(count):
            mlflow.log_metric("loss", 0.25, step=step, synchronous=sys.argv[3] == "sync")
        os.kill(os.getpid(), signal.SIGKILL)
mlflow.set_experiment("benchmark")
found = {}
for way in ("sync", "async"):
    with mlflow.start_run() as run:
        mlflow.log_metric("warm", 0.0)
        started = time.perf_counter()
        for step in range(count):
            mlflow.log_metric("loss", 0.25, step=step, synchronous=way == "sync")
        found[way] = (time.perf_counter() - started) / count
    with mlflow.start_run() as run:
        name = run.info.run_id
    subprocess.run([sys.executable, __file__, str(count), name, way], check=False, capture_output=True)
    time.sleep(0.5)
    found[f"{way}_kept"] = len(mlflow.MlflowClient().get_metric_history(name, "loss"))
print(json.dumps({**found, "count": count, "version": mlflow.__version__}))
