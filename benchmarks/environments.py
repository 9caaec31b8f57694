"""What is installed: looking at 60 packages, and installing the same again."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from benchmarks.harness import ROOT, SCRIPTS, Report, Row, duration, median

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.harness import Ground

PACKAGES = 60
CAPTURE_S = 0.05
REBUILD_S = 3.0
# uv does not know files that are younger than this to be the same, and neither do we.
YOUNG_S = 2.5


def measure(ground: Ground) -> Report:
    """Capture an environment, first and again, and rebuild it with all wheels in uv's cache."""
    if shutil.which("uv") is None:
        return Report((Row("capture and rebuild of an environment", "", "left out: uv is not on the PATH"),))
    prefix, cache = ground.folder("environment"), ground.folder("cache")
    count = _install(prefix, ground.times(PACKAGES, 3))
    time.sleep(YOUNG_S)
    first = _look(ground, prefix, cache)
    again = [_look(ground, prefix, cache) for _ in range(ground.times(7, 2))]
    rebuilt = [_look(ground, prefix, cache, ground.folder("again") / "env")["rebuild"] for _ in range(ground.times(5))]
    warm, made = median([found["capture"] for found in again]), median(rebuilt)
    frozen = _seconds(["uv", "pip", "freeze", "--python", str(prefix)], ground.times(5))
    what = f"{count} packages, {first['files']:,} files"
    rows = (
        Row(f"capture of {what}, for the first time", "", duration(first["capture"])),
        Row(
            "the same again: nothing has changed",
            "≤ 50 ms",
            duration(warm),
            f"`uv pip freeze`, names and versions: {duration(frozen)}",
            warm <= CAPTURE_S,
        ),
        Row("rebuild from uv's cache, each file verified", "≤ 3 s", duration(made), passed=made <= REBUILD_S),
    )
    notes = (
        (
            "Environments: capture is timed in a fresh process, imports apart; the first one hashes every file. Rebuild"
            " makes the environment by uv, installs, and hashes every file again."
        ),
    )
    return Report(rows, notes=notes)


def _install(prefix: Path, count: int) -> int:
    """Make an environment with packages of the present one; returns how many.

    Those that bancada needs come first, then the smallest: of the others, two alone have 22,000 files.
    """
    needed = re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8"), re.MULTILINE)
    installed = list(importlib.metadata.distributions())
    here = {found.name.lower(): found.version for found in installed}
    size = {found.name.lower(): len(found.files or ()) for found in installed}
    names = dict.fromkeys([*(name.lower() for name in needed), *sorted(here, key=lambda name: (size[name], name))])
    pins = [f"{name}=={here[name]}" for name in names if name in here and name != "bancada"][:count]
    subprocess.run(["uv", "venv", "--quiet", "--no-project", "--python", sys.executable, prefix], check=True)
    command = ["uv", "pip", "install", "--quiet", "--no-deps", "--python", prefix, *pins]
    subprocess.run(command, check=True)
    return len(pins)


def _look(ground: Ground, prefix: Path, cache: Path, *again: Path) -> Any:
    # The home is another one here, and uv's cache stays where it is.
    uv_cache = subprocess.run(["uv", "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()
    return ground.document(SCRIPTS / "environment.py", prefix, cache, *again, UV_CACHE_DIR=uv_cache)


def _seconds(command: list[str], times: int) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True, env=dict(os.environ))
        taken.append(time.perf_counter() - started)
    return median(taken)
