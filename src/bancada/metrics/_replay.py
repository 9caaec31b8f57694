"""Stored predictions in the shape of a fitted estimator, for scorers that ask one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.metrics._arguments import class_array
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
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    import pyarrow as pa

    from bancada.samples import Sample

    Array = npt.NDArray[Any]

__all__ = ["METHODS", "Replay", "probe", "replay"]

METHODS = {"predict": "label", "predict_proba": "probability", "decision_function": "score"}


class Replay:
    """An estimator that answers with stored predictions.

    Its X is the position of each row, (n_rows, 1), so that a scorer that leaves rows out gets the answers of those it
    kept. It has exactly the methods whose answers were stored; a question for another is noted in `asked`.

    Args:
        y_true: Truth as a scorer sees it, (n_rows,).
        answers: What each method returns for all rows.
        classes: The class list, ascending; None for a regression.
    """

    def __init__(self, y_true: Array, answers: dict[str, Array], classes: Array | None) -> None:
        self.y_true = y_true
        self.X = np.arange(len(y_true)).reshape(-1, 1)
        self.asked: list[str] = []
        self._answers = answers
        if classes is not None:
            self.classes_ = classes

    def __getattr__(self, name: str) -> Any:
        """Return the method that gives the stored answers."""
        if name in METHODS:
            answers = self.__dict__["_answers"]
            if name in answers:
                return _answering(name, answers[name])
            self.asked.append(name)
        message = f"{type(self).__name__!r} object has no attribute {name!r}"
        raise AttributeError(message)

    def fit(self, X: Any, y: Any) -> Replay:  # noqa: ARG002 - scikit-learn's signature
        """Return itself: there is nothing to learn."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        """Say that it is fitted."""
        return True

    def __sklearn_tags__(self) -> Any:
        """Say whether it is a classifier or a regressor."""
        from sklearn.utils import ClassifierTags, RegressorTags, Tags, TargetTags  # noqa: PLC0415 - for scorers only

        tags = Tags(estimator_type=None, target_tags=TargetTags(required=True))
        if hasattr(self, "classes_"):
            tags.estimator_type, tags.classifier_tags = "classifier", ClassifierTags()
        else:
            tags.estimator_type, tags.regressor_tags = "regressor", RegressorTags()
        return tags


def _answering(name: str, answers: Array) -> Callable[[Any], Array]:
    def method(X: Any) -> Array:
        return np.asarray(answers[np.asarray(X)[:, 0]])

    # scikit-learn tells the methods apart by their names.
    method.__name__ = name
    return method


def replay(sample: Sample) -> Replay:
    """Return the estimator of a sample of a binary, multiclass or regression task."""
    truth, predictions = sample.truth, sample.predictions
    schema = predictions.schema
    answers: dict[str, Array] = {}
    if VALUES.truth.met(truth.schema):
        if VALUES.predictions.met(schema):
            answers["predict"] = floats(predictions, "value")
        return Replay(floats(truth, "value"), answers, None)
    if BINARY_LABELS.truth.met(truth.schema):
        if BINARY_LABELS.predictions.met(schema):
            answers["predict"] = flags(predictions, "label").astype(np.int64)
        if BINARY_PROBABILITY.predictions.met(schema):
            positive = floats(predictions, "probability")
            answers["predict_proba"] = np.column_stack([1.0 - positive, positive])
        if RANKING.predictions.met(schema):
            answers["decision_function"] = floats(predictions, "score")
        return Replay(flags(truth, "label").astype(np.int64), answers, np.array([0, 1]))
    listed = class_values(truth)
    classes = class_array(listed)
    if CLASS_LABELS.predictions.met(schema):
        answers["predict"] = classes[codes(predictions, listed)]
    if CLASS_PROBABILITIES.predictions.met(schema):
        answers["predict_proba"] = matrix(predictions, listed)
    return Replay(classes[codes(truth, listed)], answers, classes)


def probe(truth: pa.Schema, predictions: pa.Schema) -> Replay | None:
    """Return an estimator of a few made-up rows that can answer what tables of these schemas can.

    None where the task is neither binary, multiclass nor a regression.
    """
    if VALUES.truth.met(truth):
        values = np.array([1.0, 2.0, 3.0, 4.0])
        return Replay(values, {"predict": values[::-1]} if VALUES.predictions.met(predictions) else {}, None)
    answers: dict[str, Array] = {}
    if BINARY_LABELS.truth.met(truth):
        y_true, share = np.array([0, 0, 1, 1]), np.array([0.1, 0.6, 0.4, 0.9])
        if BINARY_LABELS.predictions.met(predictions):
            answers["predict"] = np.array([0, 1, 0, 1])
        if BINARY_PROBABILITY.predictions.met(predictions):
            answers["predict_proba"] = np.column_stack([1.0 - share, share])
        if RANKING.predictions.met(predictions):
            answers["decision_function"] = share
        return Replay(y_true, answers, np.array([0, 1]))
    if CLASS_LABELS.truth.met(truth):
        classes = np.arange(3)
        if CLASS_LABELS.predictions.met(predictions):
            answers["predict"] = np.array([0, 1, 2, 1, 2, 0])
        if CLASS_PROBABILITIES.predictions.met(predictions):
            answers["predict_proba"] = np.tile([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3]], (3, 1))
        return Replay(np.tile(classes, 2), answers, classes)
    return None
