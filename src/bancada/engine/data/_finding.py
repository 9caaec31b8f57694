"""The data of a finished run, wherever they can still be had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.datasets import find_table
from bancada.engine.data._snapshots import fetch_snapshot
from bancada.exceptions import BancadaError, StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from bancada.definitions import Project
    from bancada.records import RunRecord
    from bancada.store import Store

__all__ = ["FoundData", "find_data", "read_json"]


@dataclass(frozen=True, slots=True)
class FoundData:
    """The data of a run.

    Attributes:
        recipe: What `datasets.thaw` takes beside the table; None where it is missing.
        path: Arrow IPC file of the table, its digest proved; None where it is missing.
        where: `cache`, `files` or `snapshot`; empty where the table is missing.
        missing: What is missing, a phrase each; empty where all is there.
    """

    recipe: dict[str, Any] | None
    path: Path | None
    where: str = ""
    missing: tuple[str, ...] = ()


def find_data(record: RunRecord, project: Project, store: Store, cache: Path) -> FoundData:
    """Return the data of a run: its table as the cache has it, else from the project's files, else from a snapshot.

    Images that a manifest names are proved by `datasets.thaw`, which needs the folder where they lie.

    Args:
        record: The run.
        project: Where its files are looked for.
        store: Where the recipe is, and the snapshot may be.
        cache: Where decoded tables are kept.
    """
    kept = record.provenance.get("data")
    name = kept.get("recipe") if isinstance(kept, dict) else None
    if not isinstance(kept, dict) or not isinstance(name, str):
        return FoundData(None, None, missing=("the run does not say how its data were read",))
    try:
        recipe = read_json(store, name)
        found = find_table(recipe, project.root, cache)
    except BancadaError as error:
        return FoundData(None, None, missing=(f"the recipe of its data: {error.found.rstrip('.')}",))
    if found.path is not None:
        return FoundData(recipe, found.path, found.where)
    # A snapshot may have been kept after the run.
    later = [entry.snapshot for entry in store.data.of(record.problem.dataset.table)]
    addresses = dict.fromkeys(item for item in (kept.get("snapshot"), *later) if isinstance(item, str))
    missing = (
        list(found.missing)
        if addresses
        else [*found.missing, "no snapshot of its data was kept (`bancada data lock --snapshot` keeps one)"]
    )
    for address in addresses:
        try:
            return FoundData(recipe, fetch_snapshot(address, recipe, store, cache, project.snapshot), "snapshot")
        except (BancadaError, OSError) as error:
            told = error.found if isinstance(error, BancadaError) else f"{error}"
            missing.append(f"the snapshot of its data: {told.rstrip('.')}")
    return FoundData(recipe, None, missing=tuple(missing))


def read_json(store: Store, name: str) -> dict[str, Any]:
    """Return an object that is a JSON document.

    Raises:
        StoreError: It is missing, altered or none.
    """
    try:
        return msgspec.json.decode(store.objects.get(name), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise StoreError(
            "What a run names as the recipe of its data is a JSON document.",
            f"Object `{name[:12]}…` is none: {error}.",
            "`bancada store verify` names all that was altered.",
        ) from error
