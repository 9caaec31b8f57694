"""The memory of a sweep over a large dataset: driver, zygote and workers together, beside one plain fit."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.harness import SCRIPTS, Report, Row

if TYPE_CHECKING:
    from benchmarks.harness import Ground

COLUMNS = 100
BAR_GB = 1.3
GB = 1e9
LOOK_S = 0.02


def measure(ground: Ground) -> Report:
    """Take the highest sum of PSS while two workers run, less the highest of one plain fit."""
    project = ground.project("large_table")
    size_gb = _write(project / "large.parquet", ground.times(1_250_000, 20_000))
    script = SCRIPTS / "plain_fit.py"
    # The first run decodes the file into the cache; what that needs is no matter of the workers.
    ground.output("-m", "bancada", "run", "baseline", cwd=project)
    rows = []
    notes = [f"The dataset holds {size_gb:.2f} GB. PSS shares each page out among the processes that have it."]
    for kind in ("numbers", "frames"):
        plain = _peak_gb(ground, project, [str(script), kind, str(project / "large.parquet")])
        sweep = _peak_gb(ground, project, ["-m", "bancada", "run", kind, "--cores", "2", "--again"])
        above = sum(sweep.values()) - sum(plain.values())
        rows.append(
            Row(
                f"1 GB, 2 workers, {kind}: PSS above what one plain fit needs",
                f"≤ {BAR_GB} GB",
                f"{above:.2f} GB",
                passed=None if ground.quick else above <= BAR_GB,
            )
        )
        parts = ", ".join(f"{name} {value:.2f}" for name, value in sweep.items())
        notes.append(f"{kind}: plain {sum(plain.values()):.2f} GB; sweep {sum(sweep.values()):.2f} GB ({parts}).")
    return Report(tuple(rows), notes=tuple(notes))


def _write(file: Path, n_rows: int) -> float:
    rng = np.random.default_rng(0)
    columns = {f"x{number}": rng.normal(size=n_rows) for number in range(COLUMNS)}
    table = pa.table({**columns, "y": rng.normal(size=n_rows)})
    pq.write_table(table, file, compression="none", use_dictionary=False)
    return float(table.nbytes / GB)


def _peak_gb(ground: Ground, folder: Path, arguments: list[str]) -> dict[str, float]:
    """Return the PSS of each process of a command at the moment when their sum was highest, by generation."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env={**ground.env, "PYTHONPATH": f"{folder}:{ground.env.get('PYTHONPATH', '')}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    highest: dict[str, float] = {}
    while process.poll() is None:
        now = _pss(process.pid)
        if sum(now.values()) > sum(highest.values()):
            highest = now
        time.sleep(LOOK_S)
    if process.returncode:
        message = f"{arguments} ended with {process.returncode}"
        raise RuntimeError(message)
    return highest


def _pss(driver: int) -> dict[str, float]:
    """Return GB by process, named by its place, such as `driver`, `zygote`, `worker 1`."""
    found = {}
    family = [(driver, "driver")]
    for pid, place in family:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
            below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
            threads = [task / "children" for task in Path(f"/proc/{pid}/task").iterdir() if task.name != str(pid)]
            below += [child for path in threads for child in path.read_text(encoding="ascii").split()]
        except (OSError, ValueError):
            continue
        found[place] = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / GB
        name = {"driver": "zygote", "zygote": "worker"}.get(place, place)
        family += [
            (int(child), name if name == "zygote" else f"{name} {number + 1}") for number, child in enumerate(below)
        ]
    return found
