"""Which rows a model answered rightly, for the kinds of answer that are right or wrong as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["rights"]

_OF_LABELS = "label_"


def rights(truth: pa.Table, told: pa.Table) -> npt.NDArray[np.bool_] | None:
    """Return whether each row was answered rightly, (n_rows,); None where answers are better or worse by degrees.

    A row is right where its `label` is, where each `label_<label>` is, and where its `text`, in Unicode's form NFC, is
    that of the truth or one of the `references`.

    Args:
        truth: Truth, (n_rows,).
        told: Predictions, (n_rows,).
    """
    if "label" in truth.column_names and "label" in told.column_names:
        return _equal(_plain(truth.column("label")), _plain(told.column("label")))
    labels = [name for name in truth.column_names if name.startswith(_OF_LABELS)]
    if labels and set(labels) <= set(told.column_names):
        each = [_equal(truth.column(name), told.column(name)) for name in labels]
        return None if any(one is None for one in each) else np.logical_and.reduce(np.array(each), axis=0)
    return _texts(truth, told)


def _texts(truth: pa.Table, told: pa.Table) -> npt.NDArray[np.bool_] | None:
    if "text" not in told.column_names or not pa.types.is_string(told.schema.field("text").type):
        return None
    answers = pc.utf8_normalize(told.column("text"), "NFC")
    if "text" in truth.column_names and pa.types.is_string(truth.schema.field("text").type):
        return _equal(pc.utf8_normalize(truth.column("text"), "NFC"), answers)
    if "references" not in truth.column_names or truth.schema.field("references").type != pa.list_(pa.string()):
        return None
    lists = truth.column("references").combine_chunks()
    owner = pc.list_parent_indices(lists)
    hits = pc.equal(pc.utf8_normalize(pc.list_flatten(lists), "NFC"), answers.take(owner))
    found = np.zeros(truth.num_rows, dtype=np.bool_)
    found[owner.filter(hits).to_numpy()] = True
    return found


def _equal(truth: pa.ChunkedArray, told: pa.ChunkedArray) -> npt.NDArray[np.bool_] | None:
    if truth.type != told.type:
        return None
    return np.asarray(pc.equal(truth, told).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column without its dictionary: that of two tables may differ."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
