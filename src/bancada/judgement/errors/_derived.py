"""The loss of a row by the kind of prediction, for metrics that have none for a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bancada.engine.examples import answered

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from bancada.engine.examples import Examples
    from bancada.samples import Sample

    Floats = npt.NDArray[np.float64]

__all__ = ["Derived", "class_codes", "class_names", "derived_loss"]

_CLIP = 1e-15
_PROBABILITY = "probability_"
_LABEL = "label_"


@dataclass(frozen=True)
class Derived:
    """A loss of rows: its name, what it is, and how it is computed."""

    name: str
    formula: str
    losses: Callable[[Sample], Floats]


def derived_loss(examples: Examples) -> Derived | None:
    """Return the loss that fits what the models give; None where nothing does.

    Classes: −ln p of the true class, or else 1 for a wrong label. Numbers: |y − ŷ|. Quantiles: the mean of the pinball
    losses. Several labels: the share of them that is wrong. Texts: 1 where none of the references is given.
    """
    folds = [fold for side in examples.sides for fold in side]
    given = set.intersection(*(set(fold.predictions.column_names) for fold in folds))
    truth = set(examples.truth.column_names)
    names = class_names(examples)
    labels = tuple(sorted(name for name in truth & given if name.startswith(_LABEL)))
    found = _of_classes(examples, given, names) or _of_numbers(examples, given, truth)
    if found is None and labels:
        return Derived(
            "wrong labels", "share of the labels that are wrong", lambda sample: _wrong_labels(sample, labels)
        )
    if found is None and examples.right(folds[0]) is not None:
        return Derived("wrong", "1 where the answer is wrong, else 0", _wrong)
    return found


def _of_classes(examples: Examples, given: set[str], names: tuple[str, ...]) -> Derived | None:
    formula = "−ln p of the true class"
    if examples.task.name == "binary" and "probability" in given:
        return Derived("log loss", formula, _surprise)
    if examples.task.name == "multiclass" and names and {f"{_PROBABILITY}{name}" for name in names} <= given:
        return Derived("log loss", formula, lambda sample: _surprises(sample, names))
    return None


def _of_numbers(examples: Examples, given: set[str], truth: set[str]) -> Derived | None:
    if "value" in truth and "value" in given:
        return Derived("absolute error", "|y − ŷ|", _absolute)
    if examples.task.name == "quantile" and any(name.startswith("q_") for name in given):
        return Derived("pinball loss", "mean over the levels of max(q·(y − ŷ), (q − 1)·(y − ŷ))", _pinball)
    return None


def class_names(examples: Examples) -> tuple[str, ...]:
    """Return the names of the classes in the order of their codes; none where a row is not of one class."""
    if examples.task.name == "binary":
        return tuple(str(value) for value in getattr(examples.task, "classes", None) or ("false", "true"))
    if examples.task.name == "multiclass":
        return tuple(str(value) for value in getattr(examples.task, "classes", None) or ())
    return ()


def class_codes(examples: Examples) -> npt.NDArray[np.int64] | None:
    """Return the class of each row, (n_rows,); None where a row is not of one class."""
    if examples.task.name == "binary":
        return np.asarray(examples.truth.column("label").to_numpy(), dtype=np.int64)
    if examples.task.name == "multiclass":
        column = examples.truth.column("label").unify_dictionaries().combine_chunks()
        return np.asarray(column.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    return None


def _column(table: object, name: str) -> Floats:
    return np.asarray(table.column(name).to_numpy(), dtype=np.float64)  # type: ignore[attr-defined] # a table of Arrow


def _surprise(sample: Sample) -> Floats:
    probability, positive = _column(sample.predictions, "probability"), _column(sample.truth, "label")
    return -np.log(np.maximum(np.where(positive > 0, probability, 1 - probability), _CLIP))


def _surprises(sample: Sample, names: tuple[str, ...]) -> Floats:
    column = sample.truth.column("label").combine_chunks()
    codes = np.asarray(column.indices.to_numpy(zero_copy_only=False))
    given = np.column_stack([_column(sample.predictions, f"{_PROBABILITY}{name}") for name in names])
    surprise: Floats = -np.log(np.maximum(given[np.arange(len(codes)), codes], _CLIP))
    return surprise


def _absolute(sample: Sample) -> Floats:
    return np.abs(_column(sample.truth, "value") - _column(sample.predictions, "value"))


def _pinball(sample: Sample) -> Floats:
    truth = _column(sample.truth, "value")
    names = [name for name in sample.predictions.column_names if name.startswith("q_")]
    losses = [
        np.maximum(level * (error := truth - _column(sample.predictions, name)), (level - 1) * error)
        for name in names
        for level in (float(name.removeprefix("q_")),)
    ]
    return np.asarray(np.mean(losses, axis=0), dtype=np.float64)


def _wrong_labels(sample: Sample, labels: tuple[str, ...]) -> Floats:
    wrong = [_column(sample.truth, name) != _column(sample.predictions, name) for name in labels]
    return np.asarray(np.mean(wrong, axis=0), dtype=np.float64)


def _wrong(sample: Sample) -> Floats:
    right = answered(sample)
    return np.full(sample.truth.num_rows, np.nan) if right is None else (~right).astype(np.float64)
