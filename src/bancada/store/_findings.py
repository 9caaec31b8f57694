"""What is wrong with a store: every digest is proved, and that what records name is there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bancada.exceptions import StoreError
from bancada.identity import digest
from bancada.records.environments import read_environment
from bancada.store._files import NAME, in_work
from bancada.store._marks import FOLDER as MARKS
from bancada.store._runs import RUN_ID, late_scores, read_statement, statement_paths

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

    from bancada.records import FoldUse, RunRecord, Statement
    from bancada.store._checked import DataChecks
    from bancada.store._data import DataVersions
    from bancada.store._definitions import DefinitionSnapshots
    from bancada.store._folds import Folds
    from bancada.store._objects import Objects
    from bancada.store._runs import Runs

__all__ = ["Finding", "Shelves", "findings_of"]

JOURNAL = re.compile(r"journal-[A-Za-z0-9._-]+\.jsonl")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a store that is not as it must be."""

    what: str


@dataclass(frozen=True, slots=True)
class Shelves:
    """What a store consists of."""

    folds: Folds
    runs: Runs
    objects: Objects
    definitions: DefinitionSnapshots
    data: DataVersions
    checks: DataChecks


def findings_of(store: Shelves, forgotten: Container[str] = ()) -> tuple[Finding, ...]:
    """Return all that is wrong with a store.

    Proved are the digests of objects, folds, claims, problems and evaluations; that folds, splits, sources, the
    environment and models are there where runs name them; that statements can be read; and that nothing else lies on
    the shelves. What a run that was withdrawn names may have been removed.

    Args:
        store: The shelves.
        forgotten: Objects that were removed because they named rows that had to be forgotten.
    """
    texts = [*store.objects.broken(), *store.folds.broken(), *store.definitions.broken(), *store.data.broken(forgotten)]
    texts += store.checks.broken()
    texts += _strays(store)
    environments = _Environments(store.objects)
    for problem, run_id in store.runs.walk():
        texts += [f"run r-{run_id[:8]}: {text}" for text in _of_run(store, problem, run_id, (environments, forgotten))]
    return tuple(map(Finding, texts))


class _Environments:
    """What environments lack, each of which many runs share."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._known: dict[str, list[str]] = {}

    def lost(self, name: str) -> list[str]:
        """Return what an environment names and the store does not have; one that cannot be read names nothing."""
        if name not in self._known:
            self._known[name] = list(self._look(name))
        return self._known[name]

    def _look(self, name: str) -> Iterator[str]:
        try:
            record = read_environment(self._objects.get(name))
        except StoreError:
            return
        for package in record.packages:
            if package.kept and not self._objects.has(package.kept):
                yield f"the wheel of `{package.name}` in its environment is missing"
        for path, lock in record.locks.items():
            if not self._objects.has(lock):
                yield f"the lock `{path}` of its environment is missing"


def _of_run(store: Shelves, problem: str, run_id: str, known: tuple[_Environments, Container[str]]) -> Iterator[str]:
    environments, forgotten = known
    try:
        stored = store.runs.read(problem, run_id)
    except StoreError as error:
        yield error.found
        return
    for path in _unreadable_statements(store.runs.place(problem, run_id)):
        yield f"`after/{path.name}` cannot be read"
    if stored is None:
        return
    record = stored.record
    if record.run_id != run_id or record.problem.name != problem:
        yield "lies in a folder that is not its own"
    yield from _altered(record)
    if stored.withdrawn:
        return
    for use in record.folds:
        yield from _of_fold(store, use)
    for what, name in _named_objects(record):
        if not store.objects.has(name) and name not in forgotten:
            yield f"{what} is missing"
    yield from environments.lost(str(record.provenance.get("environment")))
    for statement in stored.statements:
        yield from _of_statement(store, statement)


def _of_statement(store: Shelves, statement: Statement) -> Iterator[str]:
    if late_scores(statement) is None:
        yield f"scores that were added on {statement.said} cannot be read"
    model = statement.content.get("object")
    if statement.kind == "fit" and not (isinstance(model, str) and store.objects.has(model)):
        yield f"the model that was fitted on {statement.said} is missing"


def _altered(record: RunRecord) -> Iterator[str]:
    parts = (
        ("claim", record.claim, record.claim_id),
        ("problem", record.problem.ingredients, record.problem.digest),
        ("evaluation", record.evaluation.ingredients, record.evaluation.digest),
    )
    for name, ingredients, expected in parts:
        if digest(ingredients) != expected:
            yield f"its {name} was altered"


def _of_fold(store: Shelves, use: FoldUse) -> Iterator[str]:
    if use.content is None:
        return
    try:
        there = store.folds.place(use.key, use.content).is_dir()
    except StoreError as error:
        yield f"repeat {use.repeat}, fold {use.fold}: {error.found}"
        return
    if not there:
        yield f"repeat {use.repeat}, fold {use.fold} is missing"


def _named_objects(record: RunRecord) -> Iterator[tuple[str, str]]:
    """Yield (what it is, digest) of the objects that a run names."""
    for use in record.folds:
        if use.error is not None and use.error.output:
            yield f"the output of repeat {use.repeat}, fold {use.fold}", use.error.output
    provenance = record.provenance
    if "environment" in provenance:
        yield "its environment", str(provenance["environment"])
    for key, part, what in (
        ("data", "recipe", "the recipe of its data"),
        ("data", "rows", "the digests of its rows"),
        ("data", "snapshot", "the snapshot of its data"),
        ("git", "patch", "its patch"),
    ):
        told = provenance.get(key)
        if isinstance(told, dict) and told.get(part) is not None and "/" not in str(told[part]):
            yield what, str(told[part])
    for key, what in (
        ("splits", "the split of repeat {}"),
        ("sources", "source `{}`"),
        ("files", "file `{}`"),
        ("objects", "its {}"),
    ):
        named: Any = provenance.get(key)
        for item, name in named.items() if isinstance(named, dict) else ():
            yield what.format(item), str(name)


def _unreadable_statements(place: Path) -> list[Path]:
    try:
        return [path for path in statement_paths(place) if read_statement(path) is None]
    except OSError:
        # The folder itself is at fault: reading the run has said so.
        return []


def _strays(store: Shelves) -> Iterator[str]:
    """Yield a finding for what lies among the runs and is none of theirs."""
    runs = store.runs.folder
    for problem in _listed(runs):
        if not (NAME.fullmatch(problem.name) and problem.is_dir()):
            yield f"runs/{problem.name}: it is no problem's folder"
            continue
        for run in _listed(problem):
            if RUN_ID.fullmatch(run.name) and run.is_dir():
                for path in _strays_of_run(run):
                    yield f"runs/{path.relative_to(runs).as_posix()}: it is no part of a run"
            elif run.name != MARKS or not run.is_dir():
                yield f"runs/{problem.name}/{run.name}: it is no run"


def _strays_of_run(run: Path) -> Iterator[Path]:
    for path in _listed(run):
        if path.name == "after" and path.is_dir():
            yield from (said for said in _listed(path) if said.name.startswith(".") or said.suffix != ".json")
        elif path.name != "run.json" and not JOURNAL.fullmatch(path.name):
            yield path


def _listed(folder: Path) -> list[Path]:
    """Return what lies in a folder, but for files that somebody writes just now."""
    try:
        return sorted(path for path in folder.iterdir() if not in_work(path.name))
    except OSError:
        return []
