"""One of two classes, of which one is the positive."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.exceptions import DataError, DefinitionError, PredictionError
from bancada.tasks._asking import Questions
from bancada.tasks._checks import check_probability, check_table
from bancada.tasks._outputs import (
    class_matrix,
    flags_of,
    known_classes,
    label_codes,
    numbers,
    one_per_row,
    probabilities,
)
from bancada.tasks._target import class_codes, distinct, plain, scalar, shown, target_column
from bancada.tasks._tolerances import of_floats

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy.typing as npt

    from bancada.contracts import Model, Task

__all__ = ["Binary"]

_TRUTH = pa.schema([pa.field("label", pa.bool_())])
_PREDICTIONS = pa.schema(
    [pa.field("score", pa.float64()), pa.field("probability", pa.float64()), pa.field("label", pa.bool_())]
)


@dataclass(frozen=True)
class Binary:
    """Predict whether a row is of the positive class.

    Truth is `label`, True for the positive class. Predictions are what the model can give of `score` (any real, higher
    means positive), `probability` (of the positive class) and `label`. `score` is `decision_function` where the model
    has one, as in scikit-learn's own scorers, since probabilities near 0 and 1 are rounded together; else it is
    `probability`.

    A model tells the order of its classes by `classes_`. One without must follow scikit-learn's order, ascending, where
    the positive class is the greater of the two; where it is the smaller, `classes_` is required. `predict_proba` may
    return (n_rows,), the probability of the positive class.

    Args:
        positive: The positive class. It may be left out only where the classes are {0, 1} or booleans.

    Examples:
        >>> task = Binary(positive="yes").resolve(pa.table({"churned": ["no", "yes", "no"]}))
        >>> task.truth(pa.table({"churned": ["yes", "no"]})).column("label").to_pylist()
        [True, False]
    """

    positive: Any = None
    classes: tuple[Any, Any] | None = field(default=None, kw_only=True, repr=False)

    @property
    def name(self) -> str:
        """`binary`."""
        return "binary"

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the default metrics, the primary first."""
        return ("roc_auc", "log_loss", "brier", "accuracy")

    @property
    def has_classes(self) -> bool:
        """True: a split stratifies by the target."""
        return True

    def identity(self) -> Mapping[str, Any]:
        """Return name and positive class; once resolved, also the classes, the negative one first.

        Classes that are equal to a whole number are that number: `True`, `1` and `1.0` mean the same class.
        """
        ingredients: dict[str, Any] = {"name": self.name, "positive": _canonical(self.positive)}
        if self.classes is not None:
            ingredients["classes"] = [_canonical(value) for value in self.classes]
        return ingredients

    def resolve(self, target: pa.Table) -> Task:
        """Return this task with both classes known.

        Raises:
            DataError: The target has null or NaN, not exactly two classes, or not the positive class.
        """
        column, name = target_column(target), target.column_names[0]
        labels = distinct(column, name)
        if len(labels) != 2:
            rule = "A binary target must hold exactly two classes."
            found = f"`{name}` holds {len(labels):,}: {shown(labels)}."
            other = (
                "Check which rows the dataset holds." if len(labels) < 2 else "Use `Multiclass()` or `Regression()`."
            )
            raise DataError(rule, found, other)
        if self.positive is None and set(labels) != {0, 1}:
            rule = "A binary task must know its positive class."
            found = f"`{name}` holds {shown(labels)}."
            raise DataError(
                rule, found, f"Say which one: `Binary(positive={labels[1]!r})` or `Binary(positive={labels[0]!r})`."
            )
        wanted = 1 if self.positive is None else scalar(self.positive)
        if wanted not in labels:
            rule = "The positive class must be one of the two classes."
            found = f"`positive` is {wanted!r}; `{name}` holds {shown(labels)}."
            raise DataError(rule, found, f"Use `Binary(positive={labels[1]!r})` or `Binary(positive={labels[0]!r})`.")
        index = labels.index(wanted)
        return replace(self, positive=labels[index], classes=(labels[1 - index], labels[index]))

    def truth(self, target: pa.Table) -> pa.Table:
        """Return `label`, True where the target is the positive class, (n_rows,).

        Raises:
            DataError: A target is null, NaN or neither class.
        """
        codes = class_codes(target_column(target), self._classes(), target.column_names[0])
        return pa.table({"label": pa.array(codes == 1)}, schema=_TRUTH)

    def truth_schema(self) -> pa.Schema:
        """Return the schema of `truth`."""
        return _TRUTH

    def schema(self) -> pa.Schema:
        """Return the schema of all columns that a model can give."""
        return _PREDICTIONS

    def read(self, model: Model, X: Any, n_rows: int, columns: Collection[str] | None = None) -> pa.Table:
        """Ask a fitted model for `score`, `probability` and `label`, as far as it gives them and they are needed.

        Raises:
            PredictionError: What it returned breaks a rule of this task.
        """
        classes = self._classes()
        known = known_classes(model, classes)
        wanted = set(_PREDICTIONS.names) if columns is None else set(columns)
        questions = Questions(model, X)
        decides = questions.can("decision_function") and (known is None or len(known) == 2)
        if "score" in wanted and not decides:
            wanted.add("probability")
        read: dict[str, npt.NDArray[Any]] = {}
        if "probability" in wanted and questions.can("predict_proba"):
            read["probability"] = self._probability(questions.probability, known, n_rows)
        if "score" in wanted and decides:
            read["score"] = self._score(questions.decision, known, n_rows)
        elif "score" in wanted and "probability" in read:
            read["score"] = read["probability"]
        if "label" in wanted and questions.can("predict"):
            read["label"] = label_codes(questions.labels, classes, n_rows) == 1
        fields = [item for item in _PREDICTIONS if item.name in read]
        table = pa.table([pa.array(read[item.name]) for item in fields], schema=pa.schema(fields))
        self.check(table, n_rows)
        return table

    def flags(self, model: Model) -> tuple[str, ...]:
        """Return a phrase for each class that the model's training part lacked."""
        return flags_of(model, self._classes())

    def check(self, predictions: pa.Table, n_rows: int) -> None:
        """Raise `PredictionError` unless these are valid predictions for `n_rows` rows."""
        check_table(predictions, _PREDICTIONS, n_rows)
        if "probability" in predictions.column_names:
            check_probability(predictions, "probability")

    def tolerances(self, truth: pa.Table, predictions: pa.Table) -> Mapping[str, float]:  # noqa: ARG002 - the contract's signature
        """Return a millionth for the probability and for the spread of the score; labels are exact."""
        return of_floats(predictions, {"probability"})

    def baseline(self) -> Model:
        """Return a model that predicts the classes' shares in its training part."""
        from sklearn.dummy import DummyClassifier  # noqa: PLC0415 - half a second, and only workers need it

        model: Model = DummyClassifier(strategy="prior")
        return model

    def _classes(self) -> tuple[Any, Any]:
        if self.classes is None:
            rule = "A task must be resolved with the target of all rows before it reads anything."
            raise DefinitionError(rule, f"{self!r} is not.", "Call `resolve(target)` and go on with what it returns.")
        return self.classes

    def _probability(self, values: Any, known: npt.NDArray[np.intp] | None, n_rows: int) -> npt.NDArray[np.float64]:
        array = probabilities("predict_proba", values, n_rows)
        if array.ndim == 2 and array.shape[1] == 1 and (known is None or len(known) == 2):
            array = array[:, 0]
        if array.ndim == 1:
            return array
        if known is None:
            self._require_order("predict_proba")
        return np.ascontiguousarray(class_matrix(array, known, 2)[:, 1])

    def _score(self, values: Any, known: npt.NDArray[np.intp] | None, n_rows: int) -> npt.NDArray[np.float64]:
        score = numbers("decision_function", one_per_row("decision_function", values, n_rows))
        if known is None:
            self._require_order("decision_function")
        elif known[-1] == 0:
            return -score
        return score

    def _require_order(self, method: str) -> None:
        negative, positive = self._classes()
        if negative > positive:
            rule = "Without `classes_` a model's classes are in ascending order, the positive one last."
            found = f"The classes are {shown([positive, negative])}, and {positive!r} is the positive one."
            remedy = f"Set `classes_` in `fit`, in the order that `{method}` uses."
            raise PredictionError(rule, found, remedy)


def _canonical(value: Any) -> bool | int | float | str | None:
    """Return a class as a value of JSON, the same for equal classes."""
    value = plain(value)
    whole = isinstance(value, bool) or (isinstance(value, float) and value.is_integer())
    return int(value) if whole else value
