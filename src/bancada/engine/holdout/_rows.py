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

    from bancada.engine._binding import Binding
    from bancada.store import Store

__all__ = ["holdout_rows", "keep_rows", "sealed_positions"]

_SKETCHED = 1_024


def sealed_positions(binding: Binding) -> npt.NDArray[np.int64]:
    """Return the positions in the dataset of the sealed rows, int64 (n_sealed,), ascending."""
    open_rows = np.zeros(binding.data.n_rows, dtype=np.bool_)
    open_rows[binding.positions] = True
    return np.flatnonzero(~open_rows).astype(np.int64)


def holdout_rows(binding: Binding) -> HoldoutRows | None:
    """Return the rows of the holdout, by hashes of their ids; None where the split seals none.

    Numbers of rows mean nothing beyond their dataset, so its name is hashed with them.

    Args:
        binding: The problem with its data.
    """
    if not binding.n_sealed:
        return None
    ids = binding.dataset.ids().take(pa.array(sealed_positions(binding)))
    space = "" if binding.dataset.id is not None else binding.dataset.name
    hashes = id_hashes(ids, space)
    smallest = np.partition(hashes, _SKETCHED)[:_SKETCHED] if len(hashes) > _SKETCHED else hashes
    digest = table_digest(pa.table({"id": ids, "space": pa.array([space] * len(ids))}))
    return HoldoutRows.of(digest, len(ids), smallest.tolist())


def keep_rows(binding: Binding, store: Store) -> str | None:
    """Keep the rows of the holdout as an object and return its digest; None where the split seals none."""
    rows = binding.holdout
    return None if rows is None else store.objects.put(canonical_json(msgspec.to_builtins(rows)))
