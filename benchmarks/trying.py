"""From a save to the first number: `bancada try --watch` in a project whose module imports heavy libraries."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from benchmarks.harness import Report, Row, duration, median

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.harness import Ground

BAR_S = 1.0
LIMIT_S = 120.0
FOLDS = 15


def measure(ground: Ground) -> Report:
    """Edit a feature again and again; take the time to the first fold's line, less that fold's own time."""
    project = ground.project("watched")
    ground.output("-m", "bancada", "run", "logistic", cwd=project)
    cold = ground.seconds("-c", "import watched", cwd=project)
    watcher = _Watcher(ground, project)
    try:
        watcher.until("Watching")
        over, whole = [], []
        for number in range(ground.times(10, 2) + 1):
            taken, fold = watcher.edited(project / "watched.py", number)
            # The first edit meets libraries that are still being imported.
            if number:
                whole.append(taken)
                over.append(taken - fold)
    finally:
        watcher.close()
    result = f"{duration(median(over))} (worst {duration(max(over))}); with the fold {duration(median(whole))}"
    row = Row(
        "`try --watch`: from a save to the first number, less the fold's own fit and predict",
        "≤ 1 s",
        result,
        f"a fresh import of the module {duration(cold)}",
        median(over) <= BAR_S,
    )
    return Report((row,), notes=("The fold's own time is that of its `fit` and `predict` as the run records it.",))


class _Watcher:
    """A watch under way."""

    def __init__(self, ground: Ground, project: Path) -> None:
        self._ground = ground
        self._project = project
        self._buffer = b""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bancada", "try", "logistic", "--watch"],
            cwd=project,
            env=ground.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def until(self, word: str) -> str:
        """Read up to a line that holds a word, and return it."""
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        deadline = time.monotonic() + LIMIT_S
        descriptor = self._process.stdout.fileno()
        while time.monotonic() < deadline:
            *lines, rest = self._buffer.split(b"\n")
            for number, line in enumerate(lines):
                if word.encode() in line:
                    self._buffer = b"\n".join([*lines[number + 1 :], rest])
                    return line.decode()
            if select.select([descriptor], [], [], 1.0)[0]:
                self._buffer += os.read(descriptor, 1 << 16)
        message = f"no {word!r} in {self._buffer.decode()!r}"
        raise RuntimeError(message)

    def edited(self, module: Path, number: int) -> tuple[float, float]:
        """Edit the feature; return the seconds to the first number, and those of the fold."""
        text = module.read_text(encoding="utf-8")
        old = text.split("SCALE = ")[1].split("\n")[0]
        aside = module.with_suffix(".tmp")
        aside.write_text(text.replace(f"SCALE = {old}", f"SCALE = {1.5 + number}"), encoding="utf-8")
        saved = time.perf_counter()
        aside.replace(module)
        self.until(f"1/{FOLDS} ")
        taken = time.perf_counter() - saved
        self.until("Watching")
        listed = self._ground.document("-m", "bancada", "list", "--json", cwd=self._project)
        newest = max(listed["runs"], key=lambda run: run["started"])
        shown = self._ground.document("-m", "bancada", "show", f"r-{newest['run_id']}", "--json", cwd=self._project)
        fold = shown["run"]["folds"][0]
        return taken, fold["fit_s"] + fold["predict_s"]

    def close(self) -> None:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)
        self._process.communicate(timeout=LIMIT_S)
