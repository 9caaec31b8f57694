"""Prediction columns that follow from others, as they do for a model of scikit-learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.tasks._binary import Binary
from bancada.tasks._multiclass import Multiclass

if TYPE_CHECKING:
    from bancada.contracts import Task

__all__ = ["derived"]

_HALF = 0.5


def derived(task: Task, predictions: pa.Table) -> pa.Table:
    """Add the columns that follow from those that are there, where nobody gave them; in the order of the schema.

    Binary: `score` is `probability`, and `label` is `probability > 0.5`. Multiclass: `label` is the class of the
    greatest probability, the first of several. A task of another kind gets nothing.

    Args:
        task: A resolved task.
        predictions: Columns of its schema, (n_rows,).

    Examples:
        >>> task = Binary().resolve(pa.table({"ill": [0, 1]}))
        >>> derived(task, pa.table({"probability": [0.3, 0.8]})).to_pydict()
        {'score': [0.3, 0.8], 'probability': [0.3, 0.8], 'label': [False, True]}
    """
    found = {name: predictions.column(name) for name in predictions.column_names}
    names = task.schema().names
    if isinstance(task, Binary) and "probability" in found:
        found.setdefault("score", found["probability"])
        found.setdefault("label", pa.array(np.asarray(found["probability"].to_numpy()) > _HALF))
    if isinstance(task, Multiclass) and "label" not in found and set(names) - {"label"} <= set(found):
        columns = [found[name].to_numpy() for name in names if name != "label"]
        kind = task.truth_schema().field(0).type
        classes = pa.array(list(task.classes or ()), type=kind.value_type)
        codes = pa.array(np.argmax(np.column_stack(columns), axis=1).astype(np.int32))
        found["label"] = pa.DictionaryArray.from_arrays(codes, classes)
    return pa.table({name: found[name] for name in names if name in found})
