"""Which rows are sealed, told so that they are known again; kept with each run, for views that read no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa

from bancada.identity import canonical_json, table_digest
from bancada.records.looks import HoldoutRows
from bancada.splits import id_hashes

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.contracts import Dataset
    from bancada.store import Store

__all__ = ["holdout_rows", "keep_rows", "sealed_positions"]

_SKETCHED = 1_024


def sealed_positions(positions: npt.NDArray[np.int64], n_rows: int) -> npt.NDArray[np.int64]:
    """Return the positions in the dataset of the sealed rows, int64 (n_sealed,), ascending.

    Args:
        positions: Those of the rows that are not sealed, int64 (n_open,).
        n_rows: How many rows the dataset has.
    """
    others = np.ones(n_rows, dtype=np.bool_)
    others[positions] = False
    return np.flatnonzero(others).astype(np.int64)


def holdout_rows(dataset: Dataset, positions: npt.NDArray[np.int64]) -> HoldoutRows | None:
    """Return the rows of a holdout, by hashes of their ids; None where no row is sealed.

    Numbers of rows mean nothing beyond their dataset, so its name is hashed with them.

    Args:
        dataset: Opened.
        positions: Positions of the rows that are not sealed, int64 (n_open,).
    """
    everything = dataset.ids()
    if len(everything) == len(positions):
        return None
    ids = everything.take(pa.array(sealed_positions(positions, len(everything))))
    space = "" if dataset.id is not None else dataset.name
    hashes = id_hashes(ids, space)
    smallest = np.partition(hashes, _SKETCHED)[:_SKETCHED] if len(hashes) > _SKETCHED else hashes
    digest = table_digest(pa.table({"id": ids, "space": pa.array([space] * len(ids))}))
    return HoldoutRows.of(digest, len(ids), smallest.tolist())


def keep_rows(rows: HoldoutRows | None, store: Store) -> str | None:
    """Keep the rows of a holdout as an object and return its digest; None where no row is sealed."""
    return None if rows is None else store.objects.put(canonical_json(msgspec.to_builtins(rows)))
