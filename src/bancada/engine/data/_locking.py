"""Locking the data of a project, and telling whether they are as they were locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bancada.datasets import TableDataset, dvc_disagrees, freeze
from bancada.engine.data._checking import changes_since, is_locked
from bancada.engine.data._keeping import keep_version
from bancada.engine.data._lock import LOCK_NAME, LOCK_SCHEMA, Lock, LockedData, named, read_lock, write_lock
from bancada.exceptions import BancadaError, ConfigurationError, DefinitionError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bancada.definitions import Definitions, Project
    from bancada.store import Store

__all__ = ["DataState", "DataStates", "LockOutcome", "Locked", "lock_data", "project_datasets", "state_of_data"]


class Locked(msgspec.Struct, frozen=True, kw_only=True):
    """What was locked of one dataset.

    Attributes:
        name: Label of the dataset.
        version: Label of the version.
        data: Digest of the values.
        rows: Count of rows.
        before: Digest that was locked under this name and version before; None where none was.
        snapshot: Object or address of the copy; None where none was kept.
    """

    name: str
    version: str
    data: str
    rows: int
    before: str | None = None
    snapshot: str | None = None


class LockOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What locking gave.

    Attributes:
        file: `data.lock`.
        changed: True where the file changed.
        datasets: What is locked now.
    """

    file: str
    changed: bool
    datasets: tuple[Locked, ...]


class DataState(msgspec.Struct, frozen=True, kw_only=True):
    """One dataset beside `data.lock`.

    Attributes:
        name: Label of the dataset.
        version: Label of the version.
        state: `locked`, `differs`, `not locked`, `missing`, `unreadable`, or `unknown` where the project has no such
            dataset.
        told: What differs or is missing, a phrase each.
    """

    name: str
    version: str
    state: str
    told: tuple[str, ...] = ()


class DataStates(msgspec.Struct, frozen=True, kw_only=True):
    """How all datasets stand beside `data.lock`.

    Attributes:
        file: `data.lock`.
        datasets: A dataset each.
    """

    file: str
    datasets: tuple[DataState, ...]

    @property
    def all_locked(self) -> bool:
        """True where every dataset is as it was locked."""
        return all(item.state == "locked" for item in self.datasets)


def project_datasets(definitions: Definitions, *, complete: bool) -> tuple[TableDataset, ...]:
    """Return the datasets that the problems of a project name, each name and version once, bound to it.

    Args:
        definitions: The project's.
        complete: True where none may be missing because its module failed to import.

    Raises:
        DefinitionError: A module failed, two of one name and version are not the same, or one is of a class of its own.
        NotFoundError: There is no problem.
    """
    project, datasets = definitions.project, [problem.dataset for problem in definitions.problems.values()]
    if not datasets:
        definitions.problem()
    if complete and definitions.failures:
        failure = definitions.failures[0]
        raise DefinitionError(
            "All data of a project are locked at once, so that all of its modules must import.",
            f"`{failure.module}` failed to: {failure.error}.",
            "Correct the module and try again.",
        )
    found: dict[tuple[str, str], TableDataset] = {}
    for dataset in datasets:
        if not isinstance(dataset, TableDataset):
            raise DefinitionError(
                "Data that are locked are those of `bc.Dataset`.",
                f"`{dataset.name}` is of the class `{type(dataset).__qualname__}`.",
                "Make it with a constructor of `bc.Dataset`, such as `from_function`.",
            )
        bound = dataset.at(project.root, project.cache)
        known = found.setdefault((dataset.name, dataset.version), bound)
        if (
            known is not bound
            and (known.labels, known.source) != (bound.labels, bound.source)
            and _differ(known, bound)
        ):
            raise DefinitionError(
                "Two datasets of one project have two names, or two versions.",
                f"Two are called {named(dataset.name, dataset.version)} and their data differ.",
                "Give one of them another `name=` or `version=`.",
            )
    return tuple(found.values())


def _differ(one: TableDataset, other: TableDataset) -> bool:
    return one.identity().table != other.identity().table or one.id != other.id


def lock_data(datasets: Iterable[TableDataset], project: Project, store: Store, *, snapshot: str) -> LockOutcome:
    """Write `data.lock` from the data as they are now, and keep what is needed to compare them later.

    Args:
        datasets: All datasets of the project, bound to it; entries of others are dropped.
        project: The project.
        store: Where recipes, digests of rows and snapshots are kept.
        snapshot: Where a copy of each is kept: `none`, `store`, or an address.

    Raises:
        ConfigurationError: `data.lock` cannot be written, or was written by a newer version.
        DataError: Data break a rule of datasets.
        NotFoundError: A file is missing.
        StoreError: The store cannot be written.
    """
    before = _before(project)
    entries, told = [], []
    for dataset in datasets:
        known = before.of(dataset.name, dataset.version)
        # What is locked keeps its types; where it changed, the file says them anew.
        typed = dataset if known is None else _typed(dataset, known)
        entry = _entry(typed)
        kept = keep_version(typed, snapshot, store, project.cache)
        entries.append(entry)
        told.append(
            Locked(
                name=entry.name,
                version=entry.version,
                data=entry.data,
                rows=entry.rows,
                before=None if known is None or known.data == entry.data else known.data,
                snapshot=kept["snapshot"],
            )
        )
    changed = write_lock(project.root, entries)
    return LockOutcome(file=str(project.root / LOCK_NAME), changed=changed, datasets=tuple(told))


def _before(project: Project) -> Lock:
    """Return what was locked before; what cannot be read is written anew, but for what a newer version wrote."""
    try:
        return read_lock(project.root) or Lock()
    except ConfigurationError as error:
        if LOCK_SCHEMA.partition("/")[0] in error.found:
            raise
        return Lock()


def _typed(dataset: TableDataset, known: LockedData) -> TableDataset:
    typed = dataset.with_schema(known.columns)
    try:
        typed.identity()
    except NotFoundError:
        raise
    except BancadaError:
        return dataset
    return typed


def _entry(dataset: TableDataset) -> LockedData:
    identity, recipe = dataset.identity(), freeze(dataset)
    return LockedData(
        name=identity.name,
        version=identity.version,
        id=identity.id,
        data=identity.table,
        rows=identity.n_rows,
        files=dict(identity.files),
        dvc=recipe.get("dvc", {}),
        columns={column.name: column.type for column in identity.columns},
    )


def state_of_data(datasets: Iterable[TableDataset], project: Project, store: Store) -> DataStates:
    """Return how each dataset stands beside `data.lock`.

    Args:
        datasets: All datasets of the project, bound to it.
        project: The project.
        store: What it knows of the locked rows.

    Raises:
        ConfigurationError: `data.lock` cannot be read.
    """
    lock = read_lock(project.root) or Lock()
    states, met = [], set()
    for dataset in datasets:
        met.add((dataset.name, dataset.version))
        state, told = _state(dataset, lock.of(dataset.name, dataset.version), project, store)
        states.append(DataState(name=dataset.name, version=dataset.version, state=state, told=told))
    for entry in lock.dataset:
        if (entry.name, entry.version) not in met:
            told = (f"`{LOCK_NAME}` names it, and no problem of the project does",)
            states.append(DataState(name=entry.name, version=entry.version, state="unknown", told=told))
    return DataStates(file=str(project.root / LOCK_NAME), datasets=tuple(states))


def _state(
    dataset: TableDataset, entry: LockedData | None, project: Project, store: Store
) -> tuple[str, tuple[str, ...]]:
    seen: Any = dataset
    try:
        seen = dataset if entry is None else _typed(dataset, entry)
        identity = seen.identity()
        tracked = tuple(dvc_disagrees(seen, project.cache))
    except NotFoundError as error:
        return "missing", (error.found.rstrip("."), error.remedy.rstrip("."))
    except BancadaError as error:
        return "unreadable", (error.found.rstrip("."),)
    if entry is None:
        return "not locked", tracked
    if is_locked(identity, entry):
        return ("differs" if tracked else "locked"), tracked
    return "differs", (*changes_since(entry, seen, project, store), *tracked)
