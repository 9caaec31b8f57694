"""Versions of data that the store has seen, by label, by digest, or as they are locked or lie in a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bancada.datasets import Dataset, TableDataset, find_table, thaw
from bancada.engine.data._differing import changed_ids, known_rows, rows_of
from bancada.engine.data._finding import read_json
from bancada.engine.data._lock import LOCK_NAME, read_lock
from bancada.exceptions import BancadaError, NotFoundError, StoreError, UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bancada import contracts
    from bancada.definitions import Project
    from bancada.engine.data._differing import KnownRows
    from bancada.store import Store

__all__ = ["LOCKED", "Seen", "Version", "changed_since", "find_version", "rows_of_version", "seen_versions"]

LOCKED = "@lock"
_PREFIX = re.compile(r"[0-9a-f]{6,64}")


@dataclass(frozen=True, slots=True)
class Seen:
    """A version of data that a run used or that was locked.

    Attributes:
        data: Digest of the values.
        name: Label of the dataset.
        version: Label of the version.
        id: Name of the id column; None where rows are numbered.
        recipe: Object, its recipe.
        rows: Object, the digests of its rows; None where there are none.
    """

    data: str
    name: str
    version: str
    id: str | None
    recipe: str | None
    rows: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of data to be compared.

    Attributes:
        label: What it is called.
        data: Digest of the values.
        rows: What is known of its rows; None where nothing is.
        types: Type of each column, by name.
        n_rows: Count of rows.
    """

    label: str
    data: str
    rows: KnownRows | None
    types: dict[str, str]
    n_rows: int


def seen_versions(store: Store) -> Iterator[Seen]:
    """Yield what the store has seen: what was locked, the newest first, then the data of each run."""
    for entry in store.data.all():
        yield Seen(entry.data, entry.name, entry.version, entry.id, entry.recipe, entry.rows)
    for problem, run_id in store.runs.walk():
        try:
            stored = store.runs.read(problem, run_id)
        except StoreError:
            continue
        if stored is None:
            continue
        data, kept = stored.record.problem.dataset, stored.record.provenance.get("data")
        told: dict[str, Any] = kept if isinstance(kept, dict) else {}
        yield Seen(data.table, data.name, data.version, data.id, told.get("recipe"), told.get("rows"))


def rows_of_version(data: str, id_column: str | None, store: Store, project: Project) -> KnownRows | None:
    """Return what is known of the rows of a version; None where the store has not seen it.

    Args:
        data: Digest of the values.
        id_column: Name of the id column; None where rows are numbered. Equal values may have been seen under several.
        store: The store.
        project: Its cache may still hold the table.
    """
    for seen in seen_versions(store):
        if (seen.data, seen.id) == (data, id_column) and seen.recipe is not None:
            found = _rows(seen, store, project)
            if found is not None:
                return found
    return None


def _rows(seen: Seen, store: Store, project: Project) -> KnownRows | None:
    try:
        recipe = read_json(store, seen.recipe or "")
        found = find_table(recipe, project.root, project.cache)
        table = None if found.path is None else thaw({**recipe, "images": None}, found.path, project.root)
        if table is not None:
            return rows_of(table)
        if seen.rows is None:
            return None
        types = dict(recipe["columns"])
        return known_rows(store, seen.rows, numbered=seen.id is None, table=None, types=types)
    except (BancadaError, KeyError, TypeError, ValueError):
        # Another record of the same data may be whole.
        return None


def changed_since(data: str, dataset: contracts.Dataset, project: Project, store: Store) -> frozenset[object] | None:
    """Return the ids of rows that an earlier version had with other values; None where that is not known.

    Args:
        data: Digest of the earlier values.
        dataset: The data as they are now, opened.
        project: Its cache may still hold the earlier table.
        store: What it knows of the earlier rows.
    """
    if not isinstance(dataset, TableDataset):
        return None
    old = rows_of_version(data, dataset.id, store, project)
    return None if old is None else changed_ids(old, rows_of(dataset))


def find_version(word: str, project: Project, store: Store, datasets: tuple[TableDataset, ...]) -> Version:
    """Return the version of data that a word means.

    Args:
        word: `NAME@lock` or `@lock`, a label of a version (`NAME@VERSION` where several datasets have it), the first
            digits of a digest, a dataset's name as it is now, or a file.
        project: Its root, cache and `data.lock`.
        store: What it has seen.
        datasets: Those of the project, bound to it.

    Raises:
        NotFoundError: It means nothing that is known.
        UsageError: It means several.
    """
    named = {item.name: item for item in datasets}
    if word in named:
        return _present(_only(word, datasets), f"{word} as it is now")
    if word.endswith(LOCKED):
        return _locked(word, project, store, tuple(named))
    path = project.root / word
    if path.is_file():
        return _file(path, word, project, datasets)
    name, at, label = word.rpartition("@")
    seen = {
        item.data: item
        for item in seen_versions(store)
        if (item.version == label and (not at or item.name == name))
        or (_PREFIX.fullmatch(word) is not None and item.data.startswith(word))
    }
    if len(seen) > 1:
        shown = ", ".join(f"`{item.name}@{item.version}` ({data[:12]})" for data, item in list(seen.items())[:5])
        raise UsageError(
            "A version of data is named so that it is the only one.",
            f"`{word}` means {len(seen)}: {shown}.",
            "Give the first digits of its digest.",
        )
    if not seen:
        known = {f"{item.name}@{item.version}" for item in seen_versions(store)}
        raise NotFoundError(
            "A version of data is a label, the first digits of a digest, a dataset, a file, or `@lock`.",
            f"`{word}` is none that this store has seen.",
            nearest(word, {*known, *named, LOCKED}),
        )
    ((data, item),) = seen.items()
    return _of_store(item, f"{item.name}@{item.version}" if item.version else data[:12], project, store)


def _only(name: str, datasets: Iterable[TableDataset]) -> TableDataset:
    """Return the dataset of a name.

    Raises:
        UsageError: The project has several versions of it.
    """
    found = [item for item in datasets if item.name == name]
    if len(found) > 1:
        versions = [f"`{name}@{item.version}`" for item in found if item.version]
        raise UsageError(
            "A dataset is meant by its name where the project has one version of it.",
            f"The project has {len(found)} of `{name}`.",
            f"Say which, as it was locked or used: {', '.join(versions)}; or name its file.",
        )
    return found[0]


def _present(dataset: TableDataset, label: str) -> Version:
    identity = dataset.identity()
    types = {column.name: column.type for column in identity.columns}
    return Version(label, identity.table, rows_of(dataset), types, identity.n_rows)


def _locked(word: str, project: Project, store: Store, names: tuple[str, ...]) -> Version:
    lock = read_lock(project.root)
    wanted = word.removesuffix(LOCKED)
    entries = [] if lock is None else [item for item in lock.dataset if not wanted or item.name == wanted]
    if len({item.name for item in entries}) == 1 < len(entries):
        versions = ", ".join(f"`{item.name}@{item.version}`" for item in entries if item.version)
        raise UsageError(
            f"`NAME{LOCKED}` is what `{LOCK_NAME}` says of a dataset, where it says it of one version.",
            f"It names {len(entries)} of `{entries[0].name}`.",
            f"Say which: {versions}.",
        )
    if len(entries) != 1:
        known = [] if lock is None else [item.name for item in lock.dataset]
        raise NotFoundError(
            f"`NAME{LOCKED}` is what `{LOCK_NAME}` says of a dataset.",
            f"`{word}` means {len(entries)} of its entries.",
            nearest(wanted, known) if wanted else f"Say `{(known or names or ('NAME',))[0]}{LOCKED}`.",
        )
    (entry,) = entries
    rows = rows_of_version(entry.data, entry.id, store, project)
    label = f"{entry.name}@{entry.version}" if entry.version else entry.name
    return Version(f"{label} as locked", entry.data, rows, dict(entry.columns), entry.rows)


def _of_store(seen: Seen, label: str, project: Project, store: Store) -> Version:
    rows = rows_of_version(seen.data, seen.id, store, project)
    if rows is None:
        raise StoreError(
            "Versions of data are compared by the digests of their rows.",
            f"Of `{label}` the store has none: its table was large, or its records are of an earlier version.",
            "Run `bancada data lock` on that version, or compare its file.",
        )
    return Version(label, seen.data, rows, rows.types, rows.n_rows)


def _file(path: Path, word: str, project: Project, datasets: tuple[TableDataset, ...]) -> Version:
    """Return the version in a file, read with the id of the first dataset that it can be."""
    likest = [item for item in datasets if item.source is not None and item.source.reading() is not None]
    for item in likest or datasets:
        other = Dataset.from_file(path, name=item.name, version=item.version, id=item.labels.id)
        try:
            return _present(_typed(other.at(project.root, project.cache), item), word)
        except BancadaError:
            if len(likest or datasets) == 1:
                raise
    other = Dataset.from_file(path, name="data", id=None)
    return _present(other.at(project.root, project.cache), word)


def _typed(file: TableDataset, like: TableDataset) -> TableDataset:
    """Return the data of a file with the types of a dataset, where it carries none itself and its values fit."""
    try:
        typed = file.with_schema({column.name: column.type for column in like.identity().columns})
        typed.identity()
    except BancadaError:
        return file
    return typed
