"""What a user's function receives as `y_true` and `y_pred`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.metrics._multilabel import LABEL_PROBABILITIES, LABEL_SCORES, LABEL_SETS
from bancada.metrics._queries import RANKED
from bancada.metrics._readings import (
    BINARY_LABELS,
    BINARY_PROBABILITY,
    CLASS_LABELS,
    CLASS_PROBABILITIES,
    RANKING,
    VALUES,
    class_values,
    codes,
    flags,
    floats,
    matrix,
    nearest_missing,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.metrics._readings import Reading
    from bancada.samples import Sample

    Pair = tuple[Any, Any]
    View = tuple[Reading, Callable[[Sample], Pair]]

__all__ = ["KINDS", "arguments", "class_array", "lacking"]


def class_array(classes: pa.Array) -> np.ndarray[tuple[int], np.dtype[Any]]:
    """Return a class list in its own type, (n_classes,); text as objects."""
    return np.asarray(classes.to_numpy(zero_copy_only=False))


def _binary_truth(sample: Sample) -> Any:
    return flags(sample.truth, "label").astype(np.int8)


def _class_truth(sample: Sample) -> Any:
    classes = class_values(sample.truth)
    return class_array(classes)[codes(sample.truth, classes)]


def _binary_labels(sample: Sample) -> Pair:
    return _binary_truth(sample), flags(sample.predictions, "label").astype(np.int8)


def _class_labels(sample: Sample) -> Pair:
    classes = class_values(sample.truth)
    return _class_truth(sample), class_array(classes)[codes(sample.predictions, classes)]


def _binary_probability(sample: Sample) -> Pair:
    return _binary_truth(sample), floats(sample.predictions, "probability")


def _class_probabilities(sample: Sample) -> Pair:
    return _class_truth(sample), matrix(sample.predictions, class_values(sample.truth))


def _score(sample: Sample) -> Pair:
    return _binary_truth(sample), floats(sample.predictions, "score")


def _value(sample: Sample) -> Pair:
    return floats(sample.truth, "value"), floats(sample.predictions, "value")


def _label_sets(sample: Sample) -> Pair:
    truth, predicted, _ = LABEL_SETS.arrays(sample)
    return truth.astype(np.int8), predicted.astype(np.int8)


def _label_probabilities(sample: Sample) -> Pair:
    truth, probability, _ = LABEL_PROBABILITIES.arrays(sample)
    return truth.astype(np.int8), probability


def _label_scores(sample: Sample) -> Pair:
    truth, score, _ = LABEL_SCORES.arrays(sample)
    return truth.astype(np.int8), score


def _relevance(sample: Sample) -> Pair:
    return floats(sample.truth, "relevance"), floats(sample.predictions, "score")


KINDS: dict[str, tuple[View, ...]] = {
    "label": ((BINARY_LABELS, _binary_labels), (CLASS_LABELS, _class_labels), (LABEL_SETS, _label_sets)),
    "probability": (
        (BINARY_PROBABILITY, _binary_probability),
        (CLASS_PROBABILITIES, _class_probabilities),
        (LABEL_PROBABILITIES, _label_probabilities),
    ),
    "score": ((RANKING, _score), (LABEL_SCORES, _label_scores), (RANKED, _relevance)),
    "value": ((VALUES, _value),),
}


def lacking(reads: str | tuple[str, ...], hint: str, truth: pa.Schema, predictions: pa.Schema) -> tuple[str, ...]:
    """Return what a function reads and the schemas lack.

    Args:
        reads: A kind of `KINDS`, `auto`, or names of columns.
        hint: The kind that `auto` prefers where the task has classes.
        truth: Schema of truth.
        predictions: Schema of predictions.
    """
    chosen = _chosen(reads, hint, truth, predictions)
    if isinstance(chosen, str):
        return nearest_missing((reading for reading, _ in KINDS[chosen]), truth, predictions)
    absent = [f"predictions.{name}" for name in chosen if name not in predictions.names]
    if not truth.names or (len(chosen) == 1 and chosen[0] not in truth.names and len(truth.names) > 1):
        absent.append(f"truth.{chosen[0]}" if chosen else "truth")
    return tuple(absent)


def arguments(reads: str | tuple[str, ...], hint: str, sample: Sample) -> Pair:
    """Return `y_true` and `y_pred` of a sample that lacks nothing."""
    truth, predictions = sample.truth.schema, sample.predictions.schema
    chosen = _chosen(reads, hint, truth, predictions)
    if isinstance(chosen, str):
        view = next(view for reading, view in KINDS[chosen] if not reading.missing(truth, predictions))
        return view(sample)
    if len(chosen) == 1:
        of_truth = chosen[0] if chosen[0] in truth.names else truth.names[0]
        return _plain(sample.truth.column(of_truth)), _plain(sample.predictions.column(chosen[0]))
    return (
        {name: _plain(sample.truth.column(name)) for name in truth.names},
        {name: _plain(sample.predictions.column(name)) for name in chosen},
    )


def _chosen(reads: str | tuple[str, ...], hint: str, truth: pa.Schema, predictions: pa.Schema) -> str | tuple[str, ...]:
    """Return the kind or the columns that are read; `auto` is decided by the types of the truth."""
    if reads != "auto":
        return reads
    kinds = (
        (VALUES, "value"),
        (BINARY_LABELS, hint),
        (LABEL_SETS, hint),
        (RANKED, "score"),
        (CLASS_LABELS, "probability" if hint == "score" else hint),
    )
    for reading, kind in kinds:
        if reading.truth.met(truth):
            return kind
    shared = tuple(name for name in truth.names if name in predictions.names)
    if not shared and len(predictions.names) == 1:
        return tuple(predictions.names)
    return shared or tuple(truth.names)


def _plain(column: pa.ChunkedArray) -> Any:
    """Return a column of numbers as an array, any other as a list of Python values, (n_rows,)."""
    kind = column.type
    numeric = pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind)
    return column.to_numpy() if numeric and not column.null_count else column.to_pylist()
