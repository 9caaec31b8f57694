"""A project whose sweep takes a moment, and what is asked of its processes and its store after a kill."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import bancada
from bancada.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = str(Path(bancada.__file__).parents[1])
MODULE = """
import time

import numpy as np

import bancada as bc


class Curve:
    def __init__(self, cut, nap_s):
        self.cut, self.nap_s = cut, nap_s

    def fit(self, X, y):
        time.sleep(self.nap_s)
        return self

    def predict_proba(self, X):
        high = 1 / (1 + np.exp(self.cut - X["a"].to_numpy()))
        return np.column_stack([1 - high, high])


def table():
    rng = np.random.default_rng(3)
    a = rng.normal(size=60)
    return {"row": np.arange(60), "a": a, "b": rng.normal(size=60), "ill": a + rng.normal(size=60) > 0}


problem = bc.Problem(
    name="risk",
    dataset=bc.Dataset.from_function(table, name="people", version="1", id="row"),
    target="ill",
    task=bc.tasks.Binary(),
    split=bc.splits.KFold(4, repeats=3, seed=1),
)


@bc.candidate
def first():
    return Curve(0.0, 0.03)


@bc.candidate
def second():
    return Curve(0.5, 0.03)
"""

Where = tuple[str, int, int]


def kills(default: int) -> int:
    """Return how many processes a test kills: `BANCADA_FAULTS`, or few."""
    return int(os.environ.get("BANCADA_FAULTS") or default)


def offspring(pid: int) -> list[int]:
    """Return all descendants of a process, the nearest first."""
    found = children(pid)
    for parent in found:
        found += children(parent)
    return found


def children(pid: int) -> list[int]:
    """Return the children of a process, as the kernel lists them."""
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text(encoding="ascii").split())
    except OSError:  # it has ended meanwhile
        pass
    return found


def alive(pids: set[int]) -> set[int]:
    """Return which of these processes run; one that waits for its parent has ended."""
    found = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state not in "ZX":
            found.add(pid)
    return found


@dataclass
class Sweeps:
    """A project, and sweeps of it by processes of their own."""

    root: Path

    def start(self) -> subprocess.Popen[bytes]:
        """Begin `bancada run`."""
        environment = {**os.environ, "PYTHONPATH": SOURCE, "BANCADA_CACHE": str(self.root / "cache")}
        return subprocess.Popen(
            [sys.executable, "-m", "bancada", "run", "--cores", "2"],
            cwd=self.root,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def lines(self) -> list[dict[str, Any]]:
        """Return every whole line of the drivers' journals; the last one of a killed driver may be torn."""
        found = []
        for path in sorted(self.root.glob(".bancada/runs/*/*/journal-driver*.jsonl")):
            text = path.read_text(encoding="utf-8")
            whole = text[: text.rfind("\n") + 1]
            found += [{"run": path.parent.name, **json.loads(line)} for line in whole.splitlines()]
        return found

    def acknowledged(self) -> dict[str, str]:
        """Return the content of each fold that a driver has noted as done, by its key."""
        return {line["key"]: line["content"] for line in self.lines() if line["event"] == "fold" and line["content"]}

    def wait_for(self, folds: int, driver: subprocess.Popen[bytes]) -> bool:
        """Wait until so many folds are noted; False where the driver ended before."""
        while len(self.acknowledged()) < folds:
            if driver.poll() is not None:
                return False
            time.sleep(0.005)
        return True

    def end(self) -> dict[Where, tuple[str | None, str]]:
        """Return each fold of the newest finished run of each candidate: its content, and the run's scores."""
        store = Store.open(self.root / ".bancada", create=False)
        paths = sorted(self.root.glob(".bancada/runs/*/*/run.json"), key=lambda path: path.stat().st_mtime_ns)
        folds: dict[Where, tuple[str | None, str]] = {}
        for path in paths:
            stored = store.runs.read("risk", path.parent.name)
            assert stored is not None
            record = stored.record
            scores = repr([(score.metric, score.slice, score.estimate) for score in record.scores])
            folds |= {(record.candidate, use.repeat, use.fold): (use.content, scores) for use in record.folds}
        return folds

    def findings(self) -> list[str]:
        """Return what `verify` finds."""
        return [item.what for item in Store.open(self.root / ".bancada", create=False).verify()]


def _made(root: Path, looked_at: Path) -> Sweeps:
    root.mkdir()
    shutil.copytree(looked_at, root / "cache", copy_function=os.link)
    (root / "risk.py").write_text(MODULE, encoding="utf-8")
    (root / "bancada.toml").write_text('modules = ["risk"]\n', encoding="utf-8")
    return Sweeps(root)


@pytest.fixture
def sweeps(tmp_path: Path, looked_at: Path) -> Callable[[str], Sweeps]:
    """Make projects that are alike."""
    return lambda name: _made(tmp_path / name, looked_at)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, looked_at: Path) -> Sweeps:
    """Make such a project and run it to its end."""
    made = _made(tmp_path_factory.mktemp("faults") / "undisturbed", looked_at)
    assert made.start().wait(120) == 0
    return made


@pytest.fixture
def chance() -> random.Random:
    """Give the same accidents in each run of the tests."""
    return random.Random(20)
