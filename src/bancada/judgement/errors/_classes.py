"""Truth against label: which classes are confused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.judgement.errors._derived import class_codes, class_names
from bancada.judgement.errors._document import ClassPair, Confusion
from bancada.judgement.errors._predictions import row_tests

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from bancada.engine.examples import Examples

__all__ = ["confusion_of", "probabilities_of"]

_MOST_CELLS = 50


def confusion_of(examples: Examples, side: int) -> Confusion | None:
    """Return truth against label, each row once in all however many folds tested it; None where rows have no class."""
    names, truth = class_names(examples), class_codes(examples)
    if truth is None or not names:
        return None
    share = 1.0 / np.maximum(row_tests(examples, side), 1)
    cells = np.zeros((len(names), len(names)))
    for fold in examples.sides[side]:
        if "label" not in fold.predictions.column_names:
            return None
        told = _codes(fold.predictions, names)
        np.add.at(cells, (truth[fold.rows], told), share[fold.rows])
    total = cells.sum(axis=1)
    pairs = [
        ClassPair(truth=names[i], predicted=names[j], rows=float(cells[i, j]), share=float(cells[i, j] / total[i]))
        for i in range(len(names))
        for j in range(len(names))
        if i != j and cells[i, j] > 0
    ]
    pairs.sort(key=lambda pair: (-pair.rows, pair.truth, pair.predicted))
    shown = len(names) <= _MOST_CELLS
    return Confusion(
        classes=names,
        cells=tuple(tuple(float(value) for value in row) for row in cells) if shown else (),
        pairs=tuple(pairs if shown else pairs[:_MOST_CELLS]),
    )


def probabilities_of(examples: Examples, predicted: pa.Table) -> npt.NDArray[np.float64] | None:
    """Return the probability of each class, averaged over the repeats, (n_rows, n_classes); NaN where not tested.

    Args:
        examples: The rows.
        predicted: What `row_predictions` returned.

    Returns:
        None where the models give no probabilities.
    """
    names = class_names(examples)
    if examples.task.name == "binary" and "probability" in predicted.column_names:
        positive = _floats(predicted, "probability")
        return np.column_stack([1 - positive, positive])
    columns = [f"probability_{name}" for name in names]
    if examples.task.name != "multiclass" or not columns or not set(columns) <= set(predicted.column_names):
        return None
    return np.column_stack([_floats(predicted, name) for name in columns])


def _floats(table: pa.Table, name: str) -> npt.NDArray[np.float64]:
    return np.asarray(table.column(name).to_numpy(), dtype=np.float64)


def _codes(predictions: pa.Table, names: tuple[str, ...]) -> npt.NDArray[np.int64]:
    column = predictions.column("label")
    if len(names) == 2 and column.type == "bool":
        return np.asarray(column.to_numpy(), dtype=np.int64)
    encoded = column.combine_chunks()
    told = [str(value) for value in encoded.dictionary.to_pylist()]
    position = {name: number for number, name in enumerate(names)}
    table = np.array([position[value] for value in told], dtype=np.int64)
    found: npt.NDArray[np.int64] = table[np.asarray(encoded.indices.to_numpy(zero_copy_only=False))]
    return found
