"""Data held to `data.lock`: what differs stops a run before anything is fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.datasets import TableDataset
from bancada.engine.data._differing import DataChanges, Retyped, differences, rows_of
from bancada.engine.data._lock import LOCK_NAME, named, read_lock
from bancada.engine.data._versions import rows_of_version
from bancada.exceptions import BancadaError, DataError, NotFoundError

if TYPE_CHECKING:
    from bancada.contracts import Dataset
    from bancada.definitions import Project
    from bancada.engine.data._lock import LockedData
    from bancada.records import DatasetIdentity
    from bancada.store import Store

__all__ = ["changes_since", "held", "is_locked"]

_PHRASES = 8


def held(dataset: Dataset, project: Project, store: Store) -> Dataset:
    """Return a dataset held to the columns and types that are known of its version, and to `data.lock`.

    What is locked under the dataset's name and version goes before what the store remembers of its first reading.

    Args:
        dataset: The dataset, bound to the project.
        project: Where `data.lock` is.
        store: What it remembers.

    Raises:
        ConfigurationError: `data.lock` cannot be read.
        DataError: The data break a rule of datasets, or differ from what is locked.
        NotFoundError: A file is missing.
    """
    lock = read_lock(project.root)
    entry = None if lock is None else lock.of(dataset.name, dataset.version)
    if entry is None:
        known = store.schema_of(dataset.name, dataset.version)
        return dataset if known is None else dataset.with_schema(known)
    typed = dataset.with_schema(entry.columns)
    try:
        identity = typed.identity()
    except NotFoundError:
        raise
    except DataError:
        # The types of the lock do not fit: what the data are without them says more than the first value that breaks.
        found = _untyped(dataset)
        if found is None or is_locked(found.identity(), entry):
            raise
        raise _differs(entry, changes_since(entry, found, project, store)) from None
    if is_locked(identity, entry):
        return typed
    raise _differs(entry, changes_since(entry, typed, project, store))


def is_locked(identity: DatasetIdentity, entry: LockedData) -> bool:
    """Tell whether data are those of an entry of `data.lock`: values, types and the levels of categories."""
    columns = [(column.name, column.type) for column in identity.columns]
    return identity.table == entry.data and columns == list(entry.columns.items()) and identity.id == entry.id


def changes_since(entry: LockedData, dataset: Dataset, project: Project, store: Store) -> tuple[str, ...]:
    """Return how data differ from an entry of `data.lock`, a phrase each, as far as the store knows the locked rows."""
    identity = dataset.identity()
    if identity.id != entry.id:
        was, now = (item or "the number of the row" for item in (entry.id, identity.id))
        return (f"the id was `{was}`, is `{now}`",)
    old = rows_of_version(entry.data, entry.id, store, project)
    if old is not None and isinstance(dataset, TableDataset):
        changes = differences(old, rows_of(dataset))
        return changes.phrases() or _unseen(entry, identity)
    types = {column.name: column.type for column in identity.columns}
    changes = DataChanges(
        rows_old=entry.rows,
        rows_new=identity.n_rows,
        columns_added=tuple(name for name in types if name not in entry.columns),
        columns_removed=tuple(name for name in entry.columns if name not in types),
        retyped=tuple(
            Retyped(name=name, old=entry.columns[name], new=kind)
            for name, kind in types.items()
            if name in entry.columns and entry.columns[name] != kind
        ),
    )
    told = changes.phrases()
    return (*told[1:], f"{told[0]}: this store has not seen the locked rows")


def _unseen(entry: LockedData, identity: DatasetIdentity) -> tuple[str, ...]:
    """Return what differs where no row and no column does."""
    files = sorted(
        name for name in {*entry.files, *identity.files} if entry.files.get(name) != identity.files.get(name)
    )
    return (
        f"the files that its rows name: {', '.join(f'`{name}`' for name in files)}"
        if files
        else "the order of its columns",
    )


def _untyped(dataset: Dataset) -> Dataset | None:
    try:
        dataset.identity()
    except BancadaError:
        return None
    return dataset


def _differs(entry: LockedData, phrases: tuple[str, ...]) -> DataError:
    shown = "; ".join(phrases[:_PHRASES])
    more = f"; and {len(phrases) - _PHRASES:,} more" if len(phrases) > _PHRASES else ""
    files = " or ".join(f"`{name}`" for name in list(entry.files)[:3]) or "the data"
    return DataError(
        f"The data of {named(entry.name, entry.version)} must be those of `{LOCK_NAME}`.",
        f"They differ: {shown}{more}.",
        f"Restore {files}; where the change is meant, give it a new `version=` and run `bancada data lock`.",
    )
