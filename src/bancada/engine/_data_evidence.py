"""What a run keeps of its data: how to have the very same dataset again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada.datasets import TableDataset, freeze
from bancada.identity import canonical_json

if TYPE_CHECKING:
    from bancada.contracts import Dataset
    from bancada.store import Store

__all__ = ["data_evidence"]


def data_evidence(dataset: Dataset, store: Store) -> dict[str, Any]:
    """Return the objects by which the data of a run can be had again, once they are kept.

    Args:
        dataset: The data, opened.
        store: Where the objects are kept; nothing is written twice.

    Returns:
        `recipe` (`store.dataset/1`), `rows` and `snapshot`; None where there is none, as for a dataset of a class of
        the project's own.
    """
    recipe = store.objects.put(canonical_json(freeze(dataset))) if isinstance(dataset, TableDataset) else None
    return {"recipe": recipe, "rows": None, "snapshot": None}
