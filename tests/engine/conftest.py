"""A project in a folder, and sweeps in it."""

from __future__ import annotations

import importlib
import itertools
import os
import shutil
import sys
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from bancada.definitions import find_project, load
from bancada.engine import Outcome, Plan, Workbench, bind, requests_for
from bancada.store import Index, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bancada.definitions import Definitions
    from bancada.engine import Answer, Binding

HEAD = """
import numpy as np
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

import bancada as bc

def table():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(120, 3))
    noisy = x[:, 0] + rng.normal(size=120) > 0
    region = np.where(np.arange(120) % 3 == 0, "north", "south")
    columns = {"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "region_code": np.arange(120) % 3}
    return {"row": np.arange(120), **columns, "weight": np.arange(120) + 1.0, "noisy": noisy, "region": region}
"""
PROBLEM = """
problem = bc.Problem(
    name="noisy",
    dataset=bc.Dataset.from_function(table, name="noisy", version="1", id="row"),
    target="noisy",
    task=bc.tasks.Binary(),
    split=bc.splits.KFold(4, repeats=2, seed=1),
    evaluation=bc.Evaluation(primary="roc_auc", metrics=["accuracy", "log_loss"]),
    features=["a", "b", "c"],
)
"""
CANDIDATES = """
@bc.candidate
def logistic(C: float = 1.0):
    return LogisticRegression(C=C)

@bc.candidate
def bayes():
    return GaussianNB()
"""


@dataclass
class Folder:
    """A project whose module can be rewritten between sweeps, as an editor would."""

    root: Path
    module: str
    parts: dict[str, str] = field(default_factory=dict)

    def write(self, **parts: str) -> None:
        """Write the module from its parts; parts that are not given stay as they were."""
        self.parts |= {name: textwrap.dedent(text) for name, text in parts.items()}
        text = "".join(self.parts[name] for name in ("head", "problem", "candidates", "more") if name in self.parts)
        (self.root / f"{self.module}.py").write_text(text)
        (self.root / "bancada.toml").write_text(f'modules = ["{self.module}"]\n')

    def definitions(self) -> Definitions:
        """Import the module as it is now."""
        for name in [name for name in sys.modules if name.startswith(self.module)]:
            del sys.modules[name]
        importlib.invalidate_caches()
        return load(find_project(self.root, {"BANCADA_CACHE": str(self.root / "cache")}, home=self.root))

    @property
    def store(self) -> Store:
        """The project's store."""
        return Store.open(self.root / ".bancada", create=True)

    @property
    def index(self) -> Index:
        """An index over it."""
        return Index(self.store, self.root / "cache")

    def plan(self, *words: str, **options: Any) -> Plan:
        """Plan and run nothing."""
        return self._swept(words, options, plan_only=True)[0]

    def run(self, *words: str, **options: Any) -> tuple[Answer, ...]:
        """Run, and return the answers."""
        return self.outcome(*words, **options).answers

    def outcome(self, *words: str, **options: Any) -> Outcome:
        """Run, and return what became of it."""
        outcome = self._swept(words, options, plan_only=False)[1]
        assert outcome is not None
        return outcome

    def binding(self) -> Binding:
        """Bind the only problem."""
        definitions = self.definitions()
        return bind(definitions.problem(), definitions.project, self.store)

    def _swept(
        self, words: tuple[str, ...], options: dict[str, Any], *, plan_only: bool
    ) -> tuple[Plan, Outcome | None]:
        definitions = self.definitions()
        project, store = definitions.project, self.store
        in_process = options.pop("in_process", True)
        listener = options.pop("listener", None)
        limits = {name: options.pop(name, None) for name in ("timeout_s", "memory_mb")}
        repeats, workers = options.pop("repeats", None), options.pop("workers", 2)
        with Workbench(
            project, store, workers=workers, modules=project.modules, in_process=in_process, **limits
        ) as bench:
            binding = bind(definitions.problem(), project, store, repeats)
            requests = requests_for(words, definitions, binding, bench.index)
            plan = bench.plan(requests, binding, **options)
            return plan, None if plan_only else bench.run(plan, listener)


_numbers = itertools.count()


@pytest.fixture
def folder(tmp_path: Path, looked_at: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    """Make a project with one problem and two candidates."""
    shutil.copytree(looked_at, tmp_path / "cache", copy_function=os.link)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "path", list(sys.path))
    made = Folder(tmp_path, f"experiment_{next(_numbers)}")
    made.write(head=HEAD, problem=PROBLEM, candidates=CANDIDATES)
    yield made
    for name in [name for name in sys.modules if name.startswith(made.module)]:
        del sys.modules[name]
