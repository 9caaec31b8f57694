"""What a run's evidence costs beyond fitting and predicting: folds, journal, scores, record; beside MLflow."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from benchmarks.harness import SCRIPTS, Report, Row, duration, median
from benchmarks.profiling import profiled

if TYPE_CHECKING:
    from benchmarks.harness import Ground

ALONE_S = 0.010
SWEEP_S = 0.003
CAPTURE_S = 0.050


def measure(ground: Ground) -> Report:
    """Compare runs by the engine, with one worker, with the bare loop over the same folds."""
    project = ground.project("one_fold")
    shutil.copyfile(SCRIPTS / "evidence_loop.py", project / "evidence_loop.py")
    count = str(ground.times(40, 4))
    found = ground.document("evidence_loop.py", count, cwd=project)
    peer = ground.mlflow("mlflow_logging.py", str(ground.times(20, 2)))
    told = ""
    if peer is not None:
        told = f"MLflow {peer['version']}: {duration(peer['logged'] - peer['bare'])}"
    capture = median([float(ground.output(SCRIPTS / "capture.py", cwd=project)) for _ in range(ground.times(5))])
    one, five = found["one-fold"], found["five-folds"]
    alone, sweep = one["alone"] - one["bare"], one["sweep"] - one["bare"]
    rows = (
        Row("evidence of one run of one fold, alone", "≤ 10 ms", duration(alone), told, alone <= ALONE_S),
        Row("the same in a sweep, each run", "≤ 3 ms", duration(sweep), told, sweep <= SWEEP_S),
        Row("evidence of one run of five folds, alone", "", duration(five["alone"] - five["bare"])),
        Row("the same in a sweep, each run", "", duration(five["sweep"] - five["bare"])),
        Row(
            "environment, git and hardware, once a process",
            "≤ 50 ms",
            duration(capture),
            passed=capture <= CAPTURE_S,
        ),
    )
    notes = (
        (
            "Evidence: wall time of plan, run and record of new claims with one worker, less the bare loop"
            f" ({duration(one['bare'])} for one fold). It holds predictions, training scores, the journal, the metric"
            " with its interval, `run.json`, and the index."
        ),
        "MLflow logs two parameters, one metric and the predictions as a file, to its default store.",
    )
    report = Report(rows, notes=notes)
    if not report.missed:
        return report
    command = ("-m", "bancada", "run", "bayes", f"smoothing=1e-9..1e-3 log {ground.times(50, 5)}", "-p", "one-fold")
    parts = (("One process", "--in-process"), ("The driver", "--again"))
    profile = "\n\n".join(
        f"#### {title}\n\n{profiled(ground, *command, option, '--store', ground.folder('store'), cwd=project)}"
        for title, option in parts
    )
    return Report(rows, profile, notes)
