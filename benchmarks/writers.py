"""Many processes that finish small runs in one store at once."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from benchmarks.board import template_of
from benchmarks.harness import SCRIPTS, Report, Row, median
from benchmarks.profiling import profiled

from bancada.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.harness import Ground

WRITERS = 8
BAR_PER_S = 1_000


def measure(ground: Ground) -> Report:
    """Count the runs per second of all writers, from the first that begins to the last whose runs are on the disk."""
    project = ground.project("small_grid")
    ground.output("-m", "bancada", "run", cwd=project)
    (project / "template.json").write_bytes(template_of(project))
    count = ground.times(1_000, 20)
    before = len(list((project / ".bancada" / "runs").glob("*/*/run.json")))
    rates = [_rate(ground, project, count) for _ in range(ground.times(3))]
    rate = median(rates)
    store = Store.open(project / ".bancada", create=False)
    kept = sum(store.runs.read(*run) is not None for run in store.runs.walk()) - before
    asked = WRITERS * count * len(rates)
    rows = (
        Row(
            f"{WRITERS} processes that finish small runs in one store, all of them",
            f"≥ {BAR_PER_S:,} runs/s",
            f"{rate:,.0f} runs/s",
            passed=rate >= BAR_PER_S,
        ),
        Row("of these runs are there", "all", f"{kept:,} of {asked:,}", passed=kept == asked),
    )
    notes = ("Each run is a folder, a journal of one line, its mark and its record; all are on the disk at the end.",)
    if rate >= BAR_PER_S:
        return Report(rows, notes=notes)
    (project / "go").touch()
    profile = profiled(ground, SCRIPTS / "writer.py", project / ".bancada", str(count), cwd=project)
    return Report(rows, f"#### One writer\n\n{profile}", notes)


def _rate(ground: Ground, project: Path, count: int) -> float:
    gate = project / "go"
    gate.unlink(missing_ok=True)
    command = [sys.executable, SCRIPTS / "writer.py", project / ".bancada", str(count)]
    writers = [
        subprocess.Popen(command, env=ground.env, stdout=subprocess.PIPE, text=True, cwd=project)
        for _ in range(WRITERS)
    ]
    for writer in writers:
        assert writer.stdout is not None  # noqa: S101 - it was asked for
        writer.stdout.readline()
    gate.touch()
    times = [json.loads(writer.communicate(timeout=300)[0]) for writer in writers]
    return WRITERS * count / (max(end for _, end in times) - min(began for began, _ in times))
