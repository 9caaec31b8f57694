"""Ten metrics with intervals on twenty slices, beside Fairlearn's MetricFrame and SciPy's bootstrap."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.harness import SCRIPTS, Report, Row, duration, has_module

if TYPE_CHECKING:
    from benchmarks.harness import Ground

MOST_S = 2.5
MOST_BYTES = 1e9
FAIRLEARN_PYTHON = "BENCHMARKS_FAIRLEARN_PYTHON"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def measure(ground: Ground) -> Report:
    """Time one process for each way; the peers at a size that they can do."""
    n_rows, n_peer = ground.times(1_000_000, 20_000), ground.times(20_000, 2_000)
    ours = _run(ground, n_rows, "bancada")
    small = _run(ground, n_peer, "bancada")
    assert ours["scores"] == 210  # noqa: S101 - a check for the reader, not of input
    what = f"10 metrics with 95 % intervals, 20 slices, {n_rows:,} binary rows"
    seconds, peak = ours["seconds"], ours["peak_bytes"]
    rows = [
        Row(what, "≤ 2.5 s", duration(seconds), f"{ours['intervals']} intervals", seconds <= MOST_S),
        Row("memory of that whole process at its peak", "≤ 1 GB", f"{peak / 1e6:.0f} MB", "", peak <= MOST_BYTES),
        Row(f"the same on {n_peer:,} rows", "", duration(small["seconds"]), _fairlearn(ground, n_peer)),
    ]
    auc = _run(ground, n_peer, "scipy")["seconds"]
    peer = f"`scipy.stats.bootstrap` of the ROC AUC alone, all rows, 100 resamples {duration(auc)}"
    rows.append(Row(f"the same on {n_peer:,} rows", "", duration(small["seconds"]), peer))
    drawn = "Slices are the values of four columns of five values each, so that they hold four million rows in all."
    alone = (
        "Each way runs in a process of its own, on one thread; its imports are not counted. An interval that may be "
        "shown takes 1,000 resamples, ten to two hundred times as many as the peers are given here."
    )
    return Report(tuple(rows), "", (drawn, alone))


def _fairlearn(ground: Ground, n_rows: int) -> str:
    python = os.environ.get(FAIRLEARN_PYTHON, sys.executable)
    if not has_module(python, "fairlearn"):
        return f"Fairlearn is not installed (`{FAIRLEARN_PYTHON}` names an interpreter that has it)"
    seconds = _run(ground, n_rows, "fairlearn", python)["seconds"]
    return f"Fairlearn's `MetricFrame`, 5 resamples {duration(seconds)}"


def _run(ground: Ground, n_rows: int, way: str, python: str = sys.executable) -> dict[str, Any]:
    found: dict[str, Any] = ground.document(SCRIPTS / "slices.py", str(n_rows), way, python=python, **ONE_THREAD)
    return found
