"""`bc.log` inside a running fold: seconds a call, and what SIGKILL takes of acknowledged lines; beside MLflow."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from benchmarks.harness import LIMIT_S, Report, Row, duration, median

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.harness import Ground

CALL_S = 10e-6
ENOUGH = 2_000


def measure(ground: Ground) -> Report:
    """Time calls in a real run, and kill real runs while they log."""
    project = ground.project("chatty")
    timed = [_timed(ground, project) for _ in range(ground.times(5))]
    call, write = median([call for call, _ in timed]), median([write for _, write in timed])
    killed = [_killed(ground, project) for _ in range(ground.times(5))]
    acknowledged, kept = sum(one for one, _ in killed), sum(other for _, other in killed)
    survived = all(found >= sent for sent, found in killed)
    peer = ground.mlflow("mlflow_metrics.py", str(ground.times(200, 20)))
    calls = lines = ""
    if peer is not None:
        calls = f"; MLflow {peer['version']} {duration(peer['sync'])}, asynchronous {duration(peer['async'])}"
        lines = f"MLflow: {peer['sync_kept']:,} of {peer['count']:,}, asynchronous {peer['async_kept']:,}"
    rows = (
        Row("`bc.log`, one call", "≤ 10 µs", duration(call), f"bare write {duration(write)}{calls}", call <= CALL_S),
        Row(
            "acknowledged lines of `bc.log` after SIGKILL of worker and driver",
            "all",
            f"{kept:,} of {acknowledged:,} in {len(killed)} runs",
            lines,
            survived,
        ),
    )
    notes = ("More lines may be kept than were acknowledged: a kill may fall between the two.",)
    missed = "`bc.log` encodes one JSON line (msgspec) and writes it to a file that stays open (`os.write`)."
    return Report(rows, "" if call <= CALL_S else missed, notes)


def _timed(ground: Ground, project: Path) -> tuple[float, float]:
    place = ground.folder("timed")
    env = {"CALLS": str(ground.times(50_000, 2_000)), "BARE": str(place / "bare")}
    ground.output("-m", "bancada", "run", "timing", "--store", place / "store", cwd=project, **env)
    for journal in (place / "store").rglob("journal-worker-*.jsonl"):
        last = json.loads(journal.read_bytes().splitlines()[-1])
        if "seconds_a_call" in last:
            return float(last["seconds_a_call"]), float(last["seconds_a_write"])
    message = "the run logged nothing"
    raise RuntimeError(message)


def _killed(ground: Ground, project: Path) -> tuple[int, int]:
    """Kill a run while it logs; return the count of acknowledged lines and of those in the journal."""
    place = ground.folder("killed")
    acknowledged = place / "acknowledged"
    driver = subprocess.Popen(
        [sys.executable, "-m", "bancada", "run", "endless", "--store", str(place / "store")],
        cwd=project,
        env={**ground.env, "ACKNOWLEDGED": str(acknowledged)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + LIMIT_S
        while not acknowledged.exists() or acknowledged.stat().st_size < ENOUGH:
            if driver.poll() is not None or time.monotonic() > deadline:
                message = "the run that shall be killed ended by itself"
                raise RuntimeError(message)
            time.sleep(0.001)
        (journal,) = (place / "store").rglob("journal-worker-*.jsonl")
        with journal.open("rb") as lines:
            worker = int(json.loads(lines.readline())["pid"])
        os.kill(worker, signal.SIGKILL)
    finally:
        with contextlib.suppress(ProcessLookupError):
            driver.kill()
        driver.wait()
    _wait_for_end(worker)
    lines_kept = [line for line in journal.read_bytes().splitlines() if b"loss" in line and json.loads(line)]
    return acknowledged.stat().st_size, len(lines_kept)


def _wait_for_end(pid: int) -> None:
    """Wait until a process that is not ours has ended."""
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
