"""What models of several labels return, as one matrix with a column for each label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.exceptions import PredictionError, counted
from bancada.tasks._outputs import numbers, probabilities, require
from bancada.tasks._target import scalar, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = ["constant_labels", "label_matrix", "label_probabilities", "label_scores"]


def label_probabilities(model: Any, values: Any, n_labels: int, n_rows: int) -> npt.NDArray[np.float64]:
    """Return the probability of each label, (n_rows, n_labels), from any of scikit-learn's shapes.

    These are an array (n_rows, n_labels), and a list or an array of (n_rows, 2) for each label, in the order of the
    model's `classes_`. A label of which training held one value has one column there.

    Raises:
        PredictionError: It is none of these, or a value is no probability.
    """
    array = None if isinstance(values, list | tuple) else np.asarray(_dense(values))
    if array is not None and array.ndim == 2:
        if array.shape[1] != n_labels:
            _refuse_shape("predict_proba", array.shape, n_rows, n_labels)
        return probabilities("predict_proba", array, n_rows)
    if array is not None and array.ndim != 3:
        _refuse_shape("predict_proba", array.shape, n_rows, n_labels)
    parts = list(values)
    if len(parts) != n_labels:
        rule = "`predict_proba` must tell of every label."
        found = f"It returned {counted(len(parts), 'array')} for {counted(n_labels, 'label')}."
        raise PredictionError(rule, found, "Return one array (n_rows, n_labels), or a list of one for each label.")
    known = _values_of_labels(model, n_labels)
    return np.column_stack([_positive(part, one, n_rows) for part, one in zip(parts, known, strict=True)])


def label_scores(values: Any, n_labels: int, n_rows: int) -> npt.NDArray[np.float64]:
    """Return what `decision_function` gave, (n_rows, n_labels).

    Raises:
        PredictionError: It has another shape, or a value is no finite number.
    """
    array = np.asarray(values)
    if array.ndim != 2 or array.shape[1] != n_labels:
        _refuse_shape("decision_function", array.shape, n_rows, n_labels)
    require("decision_function", array, n_rows)
    return numbers("decision_function", array)


def label_matrix(values: Any, labels: Sequence[Any], n_rows: int) -> npt.NDArray[np.bool_]:
    """Return which labels were predicted, (n_rows, n_labels), from 0 and 1 or from a list of labels for each row.

    Raises:
        PredictionError: It is neither, or a label is unknown.
    """
    dense = _dense(values)
    if _is_lists(dense):
        return _from_lists(dense, labels, n_rows)
    array = np.asarray(dense)
    if array.ndim != 2 or array.shape[1] != len(labels):
        _refuse_shape("predict", array.shape, n_rows, len(labels))
    require("predict", array, n_rows)
    flags = numbers("predict", array.astype(np.float64) if array.dtype == bool else array)
    strange = flags[(flags != 0) & (flags != 1)]
    if strange.size:
        rule = "`predict` must say 0 or 1 for each label."
        remedy = "Return 0 and 1, and probabilities by `predict_proba`."
        raise PredictionError(rule, f"It returned {shown(np.unique(strange).tolist())}.", remedy)
    return np.asarray(flags == 1)


def constant_labels(model: Any, n_labels: int) -> dict[int, bool]:
    """Return the labels of which a model's training part held one value, and that value, by position."""
    found = {index: values[0] for index, values in enumerate(_values_of_labels(model, n_labels)) if len(values) == 1}
    parts = getattr(model, "estimators_", None)
    if not found and isinstance(parts, list) and len(parts) == n_labels:
        # Where the classes of a one-against-the-rest name the labels, its parts tell of the values.
        parts = [(index, part) for index, part in enumerate(parts) if type(part).__name__ == "_ConstantPredictor"]
        found = {index: bool(np.ravel(part.y_)[0]) for index, part in parts}
    return found


def _dense(values: Any) -> Any:
    return values.toarray() if hasattr(values, "toarray") else values


def _is_lists(values: Any) -> bool:
    """Tell a list of labels for each row from a matrix."""
    if isinstance(values, np.ndarray) and values.dtype != object:
        return False
    if hasattr(values, "columns") or len(values) == 0:
        return False
    rows = list(values)
    if not all(isinstance(row, list | tuple | set | frozenset | np.ndarray) for row in rows):
        return False
    return any(isinstance(value, str) for row in rows for value in row) or len({len(row) for row in rows}) > 1


def _from_lists(values: Any, labels: Sequence[Any], n_rows: int) -> npt.NDArray[np.bool_]:
    position = {value: index for index, value in enumerate(labels)}
    result = np.zeros((len(values), len(labels)), dtype=np.bool_)
    require("predict", result, n_rows)
    for row, listed in enumerate(values):
        for value in (scalar(item) for item in listed):
            if value not in position:
                rule = "`predict` must return labels of the task."
                found = f"It returned {value!r}; the labels are {shown(labels)}."
                raise PredictionError(rule, found, "Return labels as they stand in the target.")
            result[row, position[value]] = True
    return result


def _values_of_labels(model: Any, n_labels: int) -> list[tuple[bool, ...]]:
    """Return the values of each label that a model knows, in its own order; (False, True) where it does not tell."""
    classes = getattr(model, "classes_", None)
    if not isinstance(classes, list) or len(classes) != n_labels or any(np.ndim(one) != 1 for one in classes):
        return [(False, True)] * n_labels
    return [tuple(bool(scalar(value)) for value in one) for one in classes]


def _positive(part: Any, known: tuple[bool, ...], n_rows: int) -> npt.NDArray[np.float64]:
    """Return the probability that a label holds, (n_rows,)."""
    array = np.asarray(part)
    if array.ndim == 2 and array.shape[1] == 1 and len(known) == 1:
        require("predict_proba", array, n_rows)
        return np.full(n_rows, float(known[0]))
    if array.ndim != 2 or array.shape[1] != 2 or len(known) != 2:
        rule = "`predict_proba` must return two columns for each label: it does not hold, it holds."
        found = f"For a label it returned the shape {array.shape}; `classes_` has {len(known)} for it."
        raise PredictionError(rule, found, "Return (n_rows, 2) for each label, or one array (n_rows, n_labels).")
    return np.ascontiguousarray(probabilities("predict_proba", array, n_rows)[:, known.index(True)])


def _refuse_shape(method: str, shape: tuple[int, ...], n_rows: int, n_labels: int) -> None:
    rule = f"`{method}` must return one column for each label."
    found = f"It returned the shape {shape} for {counted(n_rows, 'row')} and {counted(n_labels, 'label')}."
    raise PredictionError(rule, found, f"Return an array ({n_rows}, {n_labels}), labels in the order of the target.")
