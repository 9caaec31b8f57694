"""What every measurement shares: a place to work in, pairs in alternation, and the form of a result."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(__file__).resolve().parent / "scripts"
MLFLOW_PYTHON = "BENCHMARKS_MLFLOW_PYTHON"
LIMIT_S = 300.0


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        what: What was measured.
        bar: What must hold; empty where the line only informs.
        result: What was found.
        peer: What stands beside it, measured in the same run.
        passed: Whether the bar was met; None where there is none.
    """

    what: str
    bar: str
    result: str
    peer: str = ""
    passed: bool | None = None


@dataclass(frozen=True)
class Report:
    """What one measurement gave.

    Attributes:
        rows: Lines of the table.
        profile: Where the time goes, as Markdown; empty where no bar was missed.
        notes: How it was measured, a sentence each.
    """

    rows: tuple[Row, ...]
    profile: str = ""
    notes: tuple[str, ...] = ()

    @property
    def missed(self) -> bool:
        """True where a bar was not met."""
        return any(row.passed is False for row in self.rows)


class Ground:
    """A folder for one measurement, with a home of its own: nothing of the person who measures gets in.

    Args:
        folder: An empty folder.
        quick: True for the smallest sizes, which show that it works and prove nothing.
    """

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.root = folder
        self.quick = quick
        self._count = 0
        home = folder / "home"
        home.mkdir()
        dropped = ("BANCADA_", "XDG_", "OMP_", "OPENBLAS_", "MKL_", "MLFLOW_", "PYTHONDONTWRITEBYTECODE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
        self.env = {**kept, "HOME": str(home), "PYTHONWARNINGS": "ignore"}
        if "PYTHONPATH" in kept:
            # The processes work in other folders, from which a relative path would mean something else.
            entries = kept["PYTHONPATH"].split(os.pathsep)
            self.env["PYTHONPATH"] = os.pathsep.join(str(Path(entry).resolve()) for entry in entries)

    def times(self, full: int, quick: int = 1) -> int:
        """Return a count, the small one in quick mode."""
        return quick if self.quick else full

    def folder(self, name: str) -> Path:
        """Return a new, empty folder."""
        self._count += 1
        place = self.root / f"{name}-{self._count}"
        place.mkdir()
        return place

    def project(self, module: str) -> Path:
        """Return a new project whose one module is a copy of `scripts/<module>.py`."""
        place = self.folder("project")
        shutil.copyfile(SCRIPTS / f"{module}.py", place / f"{module}.py")
        (place / "bancada.toml").write_text(f'modules = ["{module}"]\n', encoding="utf-8")
        return place

    def output(self, *arguments: str | Path, cwd: Path | None = None, python: str = sys.executable, **env: str) -> str:
        """Run Python with these arguments in a process of its own and return what it prints.

        Raises:
            RuntimeError: It failed; with what it said.
        """
        command = [python, *map(str, arguments)]
        done = subprocess.run(
            command,
            cwd=cwd or self.root,
            env={**self.env, **env},
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
        if done.returncode:
            shown = " ".join(command)
            message = f"`{shown}` ended with {done.returncode}:\n{done.stdout[-2_000:]}{done.stderr[-4_000:]}"
            raise RuntimeError(message)
        return done.stdout

    def document(
        self, *arguments: str | Path, cwd: Path | None = None, python: str = sys.executable, **env: str
    ) -> Any:
        """Run Python with these arguments and return the JSON document that it prints."""
        return json.loads(self.output(*arguments, cwd=cwd, python=python, **env))

    def seconds(self, *arguments: str | Path, cwd: Path | None = None, **env: str) -> float:
        """Run Python with these arguments and return the seconds of the whole process."""
        started = time.perf_counter()
        self.output(*arguments, cwd=cwd, **env)
        return time.perf_counter() - started

    def mlflow(self, script: str, *arguments: str) -> Any:
        """Return what a script with MLflow prints as JSON; None where MLflow is not installed.

        The variable `BENCHMARKS_MLFLOW_PYTHON` names an interpreter that has it; else it is looked for in this one.
        """
        python = os.environ.get(MLFLOW_PYTHON, sys.executable)
        if not has_module(python, "mlflow"):
            return None
        return self.document(SCRIPTS / script, *arguments, cwd=self.folder("mlflow"), python=python)


def has_module(python: str, name: str) -> bool:
    """Tell whether an interpreter finds a module."""
    program = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({name!r}) is None)"
    return subprocess.run([python, "-c", program], check=False, timeout=LIMIT_S).returncode == 0


def alternate(ways: Mapping[str, Callable[[], float]], times: int, *, warm: bool = True) -> dict[str, list[float]]:
    """Measure several ways in alternation, A B A B, so that a slow minute of the machine meets all of them.

    Args:
        ways: Each returns the seconds it took.
        times: Rounds that count.
        warm: True to let one round go before, for files and bytecode to be cached.
    """
    measured: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(times + warm):
        for name, way in ways.items():
            taken = way()
            if turn >= warm:
                measured[name].append(taken)
    return measured


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return float(statistics.median(values))


def difference(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the median of the paired differences, first − second."""
    return median([one - other for one, other in zip(first, second, strict=True)])


def ratio(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the median of the paired ratios, first / second."""
    return median([one / other for one, other in zip(first, second, strict=True)])


def duration(seconds: float) -> str:
    """Return a duration in the unit that suits it, with three figures."""
    factor, unit = next(
        ((factor, unit) for factor, unit in ((1.0, "s"), (1e-3, "ms")) if abs(seconds) >= factor), (1e-6, "µs")
    )
    return f"{seconds / factor:.3g} {unit}" if abs(seconds / factor) < 1_000 else f"{seconds / factor:.0f} {unit}"
