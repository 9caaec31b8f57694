"""What the built-in metrics read: the columns that each kind needs, and those columns as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt

    from bancada.samples import Sample

    Floats = npt.NDArray[np.float64]
    Weights = Floats | None
    LabelRows = tuple[npt.NDArray[Any], npt.NDArray[Any], int, Weights]

__all__ = [
    "BINARY_LABELS",
    "BINARY_PROBABILITY",
    "CLASS_LABELS",
    "CLASS_PROBABILITIES",
    "RANKING",
    "VALUES",
    "Need",
    "Reading",
    "class_values",
    "codes",
    "flags",
    "floats",
    "is_bool",
    "is_number",
    "matrix",
    "nearest_missing",
    "probability_names",
]

PREFIX = "probability_"


@dataclass(frozen=True)
class Need:
    """A column that must be there, in a type that can be read.

    Attributes:
        name: Name of the column; one such as `probability_<class>` stands for all columns with that beginning.
        fits: Tells whether an Arrow type can be read.
    """

    name: str
    fits: Callable[[pa.DataType], bool]

    def met(self, schema: pa.Schema) -> bool:
        """Return True where the schema has the column."""
        prefix, several, _ = self.name.partition("<")
        if several:
            return any(field.name.startswith(prefix) and self.fits(field.type) for field in schema)
        index = schema.get_field_index(self.name)
        return index >= 0 and bool(self.fits(schema.field(index).type))


@dataclass(frozen=True)
class Reading:
    """A kind of input: which tasks give it, what it needs, and the arrays that a kernel gets.

    Attributes:
        tasks: Names of the built-in tasks that give it.
        truth: The column of truth.
        predictions: The column of predictions.
        arrays: Takes the arguments of a kernel from a sample.
        beside: Columns of predictions that it needs beside that one.
        rows: Takes the same row by row, the weights last, where `arrays` are sums over rows; None where they are not.
    """

    tasks: tuple[str, ...]
    truth: Need
    predictions: Need
    arrays: Callable[[Sample], tuple[Any, ...]]
    beside: tuple[Need, ...] = ()
    rows: Callable[[Sample], tuple[Any, ...]] | None = None

    def of_rows(self, sample: Sample) -> tuple[Any, ...]:
        """Return the arrays that have one entry for each row, the weights last."""
        return (self.rows or self.arrays)(sample)

    def missing(self, truth: pa.Schema, predictions: pa.Schema) -> tuple[str, ...]:
        """Return what the schemas lack, as `truth.<name>` and `predictions.<name>`."""
        lacking = [] if self.truth.met(truth) else [f"truth.{self.truth.name}"]
        needs = (self.predictions, *self.beside)
        return (*lacking, *(f"predictions.{need.name}" for need in needs if not need.met(predictions)))


def nearest_missing(readings: Iterable[Reading], truth: pa.Schema, predictions: pa.Schema) -> tuple[str, ...]:
    """Return what the schemas lack for the reading that comes nearest to them; empty where one is met.

    Of two readings that lack as much, the one whose truth is there tells more.
    """
    lacking = [reading.missing(truth, predictions) for reading in readings]
    return min(lacking, key=lambda names: (len(names), any(name.startswith("truth.") for name in names)))


def flags(table: pa.Table, name: str) -> npt.NDArray[np.bool_]:
    """Return a boolean column, (n_rows,)."""
    return np.asarray(table.column(name).to_numpy(), dtype=np.bool_)


def floats(table: pa.Table, name: str) -> Floats:
    """Return a numeric column as float64, (n_rows,)."""
    return np.asarray(table.column(name).to_numpy(), dtype=np.float64)


def class_values(table: pa.Table) -> pa.Array:
    """Return the full class list of a truth table's `label`."""
    column = table.column("label")
    if column.num_chunks:
        return column.chunk(0).dictionary
    return pa.array([], type=column.type.value_type)


def codes(table: pa.Table, classes: pa.Array) -> npt.NDArray[np.int64]:
    """Return the position of each `label` in `classes`, (n_rows,), whatever dictionary its chunks use."""
    parts = []
    for chunk in table.column("label").chunks:
        indices = np.asarray(chunk.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
        if not chunk.dictionary.equals(classes):
            indices = np.asarray(pc.index_in(chunk.dictionary, classes).to_numpy(zero_copy_only=False))[indices]
        parts.append(indices)
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts, dtype=np.int64) if parts else np.zeros(0, dtype=np.int64)


def probability_names(classes: pa.Array) -> list[str]:
    """Return the names of the probability columns, in the order of the classes."""
    return [f"{PREFIX}{value}" for value in classes.to_pylist()]


def matrix(table: pa.Table, classes: pa.Array) -> Floats:
    """Return class probabilities, (n_rows, n_classes)."""
    return np.column_stack([floats(table, name) for name in probability_names(classes)])


def _ranking(sample: Sample) -> tuple[npt.NDArray[np.bool_], Floats, Weights]:
    return flags(sample.truth, "label"), floats(sample.predictions, "score"), sample.weight


def _binary_probability(sample: Sample) -> tuple[npt.NDArray[np.bool_], Floats, Weights]:
    return flags(sample.truth, "label"), floats(sample.predictions, "probability"), sample.weight


def _class_probabilities(sample: Sample) -> tuple[npt.NDArray[np.int64], Floats, Weights]:
    classes = class_values(sample.truth)
    return codes(sample.truth, classes), matrix(sample.predictions, classes), sample.weight


def _cells(truth: npt.NDArray[Any], predicted: npt.NDArray[Any], n_classes: int, weight: Weights) -> tuple[Floats]:
    """Return the confusion matrix, truth in rows, predictions in columns, (n_classes, n_classes)."""
    counts = np.bincount(truth * n_classes + predicted, weights=weight, minlength=n_classes * n_classes)
    return (counts.reshape(n_classes, n_classes).astype(np.float64, copy=False),)


def _binary_label_rows(sample: Sample) -> LabelRows:
    truth, predicted = flags(sample.truth, "label"), flags(sample.predictions, "label")
    return truth.view(np.uint8), predicted.view(np.uint8), 2, sample.weight


def _class_label_rows(sample: Sample) -> LabelRows:
    classes = class_values(sample.truth)
    return codes(sample.truth, classes), codes(sample.predictions, classes), len(classes), sample.weight


def _binary_labels(sample: Sample) -> tuple[Floats]:
    return _cells(*_binary_label_rows(sample))


def _class_labels(sample: Sample) -> tuple[Floats]:
    return _cells(*_class_label_rows(sample))


def _values(sample: Sample) -> tuple[Floats, Floats, Weights]:
    return floats(sample.truth, "value"), floats(sample.predictions, "value"), sample.weight


def is_number(kind: pa.DataType) -> bool:
    """Return True for integers and floats."""
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def is_bool(kind: pa.DataType) -> bool:
    """Return True for booleans."""
    return bool(pa.types.is_boolean(kind))


def _is_class(kind: pa.DataType) -> bool:
    return bool(pa.types.is_dictionary(kind))


_BINARY = Need("label", is_bool)
_CLASSES = Need("label", _is_class)
_VALUE = Need("value", is_number)

RANKING = Reading(("binary",), _BINARY, Need("score", is_number), _ranking)
BINARY_PROBABILITY = Reading(("binary",), _BINARY, Need("probability", is_number), _binary_probability)
BINARY_LABELS = Reading(("binary",), _BINARY, _BINARY, _binary_labels, rows=_binary_label_rows)
CLASS_PROBABILITIES = Reading(("multiclass",), _CLASSES, Need(f"{PREFIX}<class>", is_number), _class_probabilities)
CLASS_LABELS = Reading(("multiclass",), _CLASSES, _CLASSES, _class_labels, rows=_class_label_rows)
VALUES = Reading(("regression", "forecast"), _VALUE, _VALUE, _values)
