"""What a run keeps of its data: how to have the very same dataset again, and a digest of each row."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from bancada.datasets import TableDataset, freeze, is_frame
from bancada.engine.data._snapshots import keep_snapshot
from bancada.identity import DigestMemo, canonical_json
from bancada.identity.rows import row_digests

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bancada.contracts import Dataset
    from bancada.definitions import Project
    from bancada.store import Store

__all__ = ["data_evidence", "keep_version", "kept_rows", "uncaptured"]

# Larger data get their digests of rows from `bancada data lock`, so that no sweep waits for them.
ROWS_BYTES = 256_000_000
_PURPOSE = "rows/1"


def data_evidence(dataset: Dataset, project: Project, store: Store) -> dict[str, Any]:
    """Return the objects by which the data of a run can be had again and compared, once they are kept.

    Nothing is written twice, and digests of rows are computed once for each version of the data.

    Args:
        dataset: The data, opened.
        project: Its cache, and where it keeps snapshots.
        store: Where the objects are kept.

    Returns:
        `recipe` (`store.dataset/1`), `rows` (`store.rows/1`) and `snapshot`, an object or an address; None where there
        is none, as for a dataset of a class of the project's own.

    Raises:
        ConfigurationError: Snapshots are wanted at an address that needs what is not installed.
        DataError: The snapshot cannot be written there.
        StoreError: The store cannot be written.
    """
    if not isinstance(dataset, TableDataset):
        return {"recipe": None, "rows": None, "snapshot": None}
    data = dataset.identity().table
    told = [entry.snapshot for entry in store.data.of(data) if entry.snapshot is not None]
    if not told and project.snapshot != "none":
        return keep_version(dataset, project.snapshot, store, project.cache)
    return {
        "recipe": store.objects.put(canonical_json(freeze(dataset))),
        "rows": kept_rows(dataset, store, project.cache, at_most=ROWS_BYTES),
        "snapshot": told[0] if told else None,
    }


def keep_version(dataset: TableDataset, target: str, store: Store, cache: Path) -> dict[str, Any]:
    """Keep what the store shall know of a version of the data for good, and say so in the store.

    Args:
        dataset: The data, opened.
        target: Where a copy of the table is kept: `store`, an address, or `none` for no copy.
        store: The store.
        cache: Where the table is mapped from.

    Returns:
        As `data_evidence`.

    Raises:
        ConfigurationError: The address needs what is not installed.
        DataError: The copy cannot be written there.
        StoreError: The store cannot be written.
    """
    kept: dict[str, Any] = {
        "recipe": store.objects.put(canonical_json(freeze(dataset))),
        "rows": kept_rows(dataset, store, cache),
        "snapshot": None if target == "none" else keep_snapshot(dataset, target, store),
    }
    store.data.say(dataset.identity(), dt.datetime.now(dt.UTC).isoformat(), **kept)
    return kept


def kept_rows(dataset: TableDataset, store: Store, cache: Path, at_most: int | None = None) -> str | None:
    """Return the object with the digests of the rows; None where the table is larger than so many bytes.

    Raises:
        StoreError: The store cannot be written.
    """
    mapped = dataset.opened.table
    memo = DigestMemo(cache / "digests.sqlite")
    known = memo.get(mapped.path, _PURPOSE)
    if known is not None and store.objects.has(known):
        return known
    if at_most is not None and mapped.table.nbytes > at_most:
        return None
    found = row_digests(mapped.table, dataset.ids())
    sink = io.BytesIO()
    # Arrow would start threads to compress, after which no process may be forked.
    options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
    with pa.ipc.new_stream(sink, found.schema, options=options) as writer:
        writer.write_table(found)
    name = store.objects.put(sink.getvalue())
    memo.put(mapped.path, _PURPOSE, name)
    return name


def uncaptured(dataset: Dataset, kept: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a phrase for what of the data nobody can have again, once this process is gone.

    Args:
        dataset: The data.
        kept: What `data_evidence` returned.
    """
    if kept["recipe"] is None:
        return (f"the data: `{dataset.name}` is a dataset of a class of its own",)
    if kept["snapshot"] is None and is_frame(dataset):
        return ("the data: they exist in this session only (`snapshot=True` keeps them)",)
    outside = () if kept["snapshot"] is not None else _outside(dataset)
    return tuple(f"the data: `{name}` lies outside of the root, and no snapshot of it was kept" for name in outside)


def _outside(dataset: Dataset) -> tuple[str, ...]:
    """Return the files of a dataset that records can name only, for they do not lie below the root."""
    if not isinstance(dataset, TableDataset) or dataset.source is None or dataset.source.reading() is None:
        return ()
    names = tuple(dataset.opened.files)
    # The last entry of a manifest stands for all of its images.
    names = names if dataset.opened.images is None else names[:-1]
    return tuple(name for name in names if not (dataset.root / name).is_file())
