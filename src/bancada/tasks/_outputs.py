"""What models return, as arrays of one shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.exceptions import PredictionError, counted
from bancada.tasks._target import scalar, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = [
    "class_matrix",
    "flags_of",
    "known_classes",
    "label_codes",
    "numbers",
    "one_per_row",
    "probabilities",
    "require",
]

ROUNDING = 1e-6
TOLERANCE = 1e-3


def _array(method: str, values: Any) -> npt.NDArray[Any]:
    try:
        return np.asarray(values)
    except (TypeError, ValueError) as error:
        rule = f"`{method}` must return an array, a frame, a series or a list."
        found = f"It returned {type(values).__name__}, which is no array ({error})."
        raise PredictionError(rule, found, "Return one row of values for each row of X.") from error


def require(method: str, array: npt.NDArray[Any], n_rows: int) -> None:
    """Raise `PredictionError` unless the first axis has `n_rows` entries."""
    found = array.shape[0] if array.ndim else 0
    if found != n_rows:
        rule = "A model must return one prediction for each row of X, in order."
        told = f"`{method}` returned {found:,} for {counted(n_rows, 'row')}."
        raise PredictionError(rule, told, "Check that the model neither drops nor repeats rows when it predicts.")


def one_per_row(method: str, values: Any, n_rows: int) -> npt.NDArray[Any]:
    """Return values as an array, (n_rows,); a single column is flattened."""
    array = _array(method, values)
    require(method, array, n_rows)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        rule = f"`{method}` must return one value for each row."
        found = f"It returned the shape {array.shape}."
        raise PredictionError(rule, found, "Return an array of shape (n_rows,).")
    return array


def _floats(array: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return an array as float64; text is no number, even where NumPy could read one from it."""
    is_object = array.dtype == object
    if is_object and any(isinstance(value, str | bytes) for value in array.ravel()):
        raise TypeError
    return array.astype(np.float64, casting="unsafe" if is_object else "same_kind", copy=False)


def numbers(method: str, array: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return an array as float64.

    Raises:
        PredictionError: A value is no number, NaN or infinite.
    """
    try:
        result = _floats(array)
    except (TypeError, ValueError) as error:
        rule = f"`{method}` must return numbers."
        found = f"It returned values such as {shown(array.ravel()[:1].tolist())}."
        raise PredictionError(rule, found, "Return floats, or choose the task that fits the model.") from error
    broken = int(result.size - np.count_nonzero(np.isfinite(result)))
    if broken:
        rule = "Predictions must be finite numbers."
        found = f"`{method}` returned NaN or infinity {counted(broken, 'time')}."
        raise PredictionError(rule, found, "Find the rows with missing or extreme features, and treat them.")
    return result


def probabilities(method: str, values: Any, n_rows: int) -> npt.NDArray[np.float64]:
    """Return probabilities as float64, (n_rows,) or (n_rows, n_columns), in [0, 1].

    What exceeds the range by no more than rounding is brought back into it.

    Raises:
        PredictionError: A value is out of range, NaN or no number, or the count of rows is another.
    """
    array = _array(method, values)
    require(method, array, n_rows)
    result = numbers(method, array)
    low, high = (float(result.min()), float(result.max())) if result.size else (0.0, 0.0)
    if low < -ROUNDING or high > 1 + ROUNDING:
        rule = "Probabilities must lie between 0 and 1."
        found = f"`{method}` returned values from {low:.6g} to {high:.6g}."
        remedy = "Return probabilities; a score without that range belongs into `decision_function`."
        raise PredictionError(rule, found, remedy)
    return result if low >= 0 and high <= 1 else np.clip(result, 0.0, 1.0)


def class_matrix(
    matrix: npt.NDArray[np.float64], known: npt.NDArray[np.intp] | None, n_classes: int
) -> npt.NDArray[np.float64]:
    """Return class probabilities in the task's order, (n_rows, n_classes).

    Args:
        matrix: What `predict_proba` returned.
        known: Position of each of its columns in the task's classes; None where the model has no `classes_`.
        n_classes: Count of the task's classes; one that the model does not know gets 0.

    Raises:
        PredictionError: The count of columns is another, or rows do not sum to 1.
    """
    expected = n_classes if known is None else len(known)
    if matrix.ndim != 2 or matrix.shape[1] != expected:
        rule = "`predict_proba` must return one column for each class that the model knows."
        found = f"It returned the shape {matrix.shape} for {expected} classes."
        raise PredictionError(rule, found, "Return (n_rows, n_classes), and name the columns by `classes_`.")
    worst = float(np.max(np.abs(matrix.sum(axis=1) - 1.0))) if matrix.size else 0.0
    if worst > TOLERANCE:
        rule = "The probabilities of a row must sum to 1."
        found = f"`predict_proba` returned a row that misses it by {worst:.3g}."
        raise PredictionError(rule, found, "Normalise the rows before they are returned.")
    if known is None:
        return matrix
    result = np.zeros((matrix.shape[0], n_classes))
    result[:, known] = matrix
    return result


def known_classes(model: Any, classes: Sequence[Any]) -> npt.NDArray[np.intp] | None:
    """Return the position of each of a model's `classes_` in the task's classes; None where it has none.

    Raises:
        PredictionError: The model knows a class that the task does not, or one twice.
    """
    learnt = getattr(model, "classes_", None)
    if learnt is None:
        return None
    position = {value: index for index, value in enumerate(classes)}
    values = [scalar(value) for value in np.asarray(learnt).ravel().tolist()]
    strange = [value for value in values if value not in position]
    if strange or len(set(values)) < len(values):
        rule = "A model may know only the classes of its task, each once."
        found = f"Its `classes_` are {shown(values)}; the task's are {shown(classes)}."
        raise PredictionError(rule, found, "Fit it on the target as it is given, without another encoding.")
    return np.array([position[value] for value in values], dtype=np.intp)


def flags_of(model: Any, classes: Sequence[Any]) -> tuple[str, ...]:
    """Return a phrase for each class of the task that the model's training part lacked."""
    known = known_classes(model, classes)
    if known is None:
        return ()
    learnt = set(known.tolist())
    absent = [value for index, value in enumerate(classes) if index not in learnt]
    return tuple(f"class {scalar(value)!r} was absent in training" for value in absent)


def label_codes(values: Any, classes: Sequence[Any], n_rows: int) -> npt.NDArray[np.int32]:
    """Return the position of each predicted label in the task's classes, (n_rows,).

    Labels are the same where Python calls them equal: 1, 1.0 and True are, "1" is another.

    Raises:
        PredictionError: A label is missing or none of the classes.
    """
    import pandas as pd  # noqa: PLC0415 - a third of a second, for workers only

    codes, labels = pd.factorize(one_per_row("predict", values, n_rows))
    position = {value: index for index, value in enumerate(classes)}
    found = [scalar(value) for value in labels]
    strange = [value for value in found if value not in position]
    if strange or (codes < 0).any():
        rule = "`predict` must return one of the task's classes for each row."
        told = f"It returned {shown(strange or [None])}; the classes are {shown(classes)}."
        raise PredictionError(rule, told, "Return labels as they stand in the target, and scores by `predict_proba`.")
    table = np.array([position[value] for value in found], dtype=np.int32)
    return np.asarray(table[codes], dtype=np.int32)
