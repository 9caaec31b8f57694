"""One of several classes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.exceptions import DataError, DefinitionError, PredictionError
from bancada.tasks._asking import Questions
from bancada.tasks._checks import check_probability, check_table, floats
from bancada.tasks._outputs import TOLERANCE, class_matrix, flags_of, known_classes, label_codes, probabilities
from bancada.tasks._target import class_codes, distinct, plain, scalar, shown, target_column
from bancada.tasks._tolerances import of_floats

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bancada.contracts import Model, Task

__all__ = ["Multiclass"]


@dataclass(frozen=True)
class Multiclass:
    """Predict which class a row is of.

    Truth is `label`, a dictionary over all classes, ascending. Predictions are what the model can give of
    `probability_<class>`, one column for each class in that order, and `label`. Columns of `predict_proba` are aligned
    by the model's `classes_`; a class that training lacked gets probability 0, and `flags` says so. A model without
    `classes_` must give a column for each class, ascending.

    Args:
        classes: All classes, where the data may lack one; else they are found in the target.

    Examples:
        >>> task = Multiclass().resolve(pa.table({"kind": ["b", "a", "c"]}))
        >>> task.schema().names
        ['probability_a', 'probability_b', 'probability_c', 'label']
    """

    classes: Sequence[Any] | None = None
    type: pa.DataType | None = field(default=None, kw_only=True, repr=False)

    @property
    def name(self) -> str:
        """`multiclass`."""
        return "multiclass"

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the default metrics, the primary first."""
        return ("accuracy", "balanced_accuracy", "log_loss")

    @property
    def has_classes(self) -> bool:
        """True: a split stratifies by the target."""
        return True

    def identity(self) -> Mapping[str, Any]:
        """Return name and classes: those given, and once resolved all of them, ascending."""
        classes = None if self.classes is None else [plain(value) for value in self.classes]
        return {"name": self.name, "classes": classes}

    def resolve(self, target: pa.Table) -> Task:
        """Return this task with all classes known.

        Raises:
            DataError: The target has null or NaN, fewer than two classes, or one that `classes` lacks.
        """
        column, name = target_column(target), target.column_names[0]
        found = distinct(column, name)
        classes = found if self.classes is None else self._given(found, column.type, name)
        if len(found) < 2:
            rule = "A target of classes must hold at least two of them."
            raise DataError(rule, f"`{name}` holds {shown(found)} only.", "Check which rows the dataset holds.")
        return replace(self, classes=tuple(classes), type=column.type)

    def _given(self, found: list[Any], kind: pa.DataType, name: str) -> list[Any]:
        listed = [scalar(value) for value in self.classes or ()]
        absent = [value for value in found if value not in listed]
        if absent:
            rule = "`classes` must list every class of the target."
            told = f"`{name}` holds {shown(absent)}, which {shown(listed)} lacks."
            raise DataError(rule, told, "Add it, or leave `classes` out.")
        try:
            typed = pa.array(listed, type=kind).to_pylist()
        except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError) as error:
            rule = "`classes` must have the type of the target."
            told = f"`{name}` is {kind}; `classes` are {shown(listed)}."
            raise DataError(rule, told, f"Give values that {kind} can hold.") from error
        return sorted(set(typed))

    def truth(self, target: pa.Table) -> pa.Table:
        """Return `label`, a dictionary over all classes, (n_rows,).

        Raises:
            DataError: A target is null, NaN or none of the classes.
        """
        classes, _ = self._resolved()
        codes = class_codes(target_column(target), classes.to_pylist(), target.column_names[0])
        return pa.table({"label": pa.DictionaryArray.from_arrays(codes, classes)}, schema=self.truth_schema())

    def truth_schema(self) -> pa.Schema:
        """Return the schema of `truth`."""
        return pa.schema([pa.field("label", pa.dictionary(pa.int32(), self._resolved()[0].type))])

    def schema(self) -> pa.Schema:
        """Return the schema of all columns that a model can give."""
        return pa.schema(
            [pa.field(name, pa.float64()) for name in self._resolved()[1]] + [self.truth_schema().field(0)]
        )

    def read(self, model: Model, X: Any, n_rows: int, columns: Collection[str] | None = None) -> pa.Table:
        """Ask a fitted model for the probability of each class and for labels, as far as it gives and they are needed.

        Raises:
            PredictionError: What it returned breaks a rule of this task.
        """
        classes, names = self._resolved()
        values = classes.to_pylist()
        wanted = {*names, "label"} if columns is None else set(columns)
        questions = Questions(model, X)
        read: dict[str, Any] = {}
        if wanted.intersection(names) and questions.can("predict_proba"):
            returned = probabilities("predict_proba", questions.probability, n_rows)
            matrix = class_matrix(returned, known_classes(model, values), len(values))
            read |= {name: pa.array(matrix[:, index].copy()) for index, name in enumerate(names)}
        if "label" in wanted and questions.can("predict"):
            codes = label_codes(questions.labels, values, n_rows)
            read["label"] = pa.DictionaryArray.from_arrays(codes, classes)
        table = pa.table(read)
        self.check(table, n_rows)
        return table

    def flags(self, model: Model) -> tuple[str, ...]:
        """Return a phrase for each class that the model's training part lacked."""
        return flags_of(model, self._resolved()[0].to_pylist())

    def check(self, predictions: pa.Table, n_rows: int) -> None:
        """Raise `PredictionError` unless these are valid predictions for `n_rows` rows."""
        check_table(predictions, self.schema(), n_rows)
        classes, names = self._resolved()
        given = [name for name in names if name in predictions.column_names]
        if given:
            self._check_sums(predictions, given, names)
        if "label" in predictions.column_names:
            for chunk in predictions.column("label").chunks:
                if not chunk.dictionary.equals(classes):
                    rule = "The dictionary of `label` must be the task's class list, ascending."
                    found = f"It is {shown(chunk.dictionary.to_pylist())}."
                    raise PredictionError(rule, found, f"Use {shown(classes.to_pylist())}.")

    def _check_sums(self, predictions: pa.Table, given: list[str], names: list[str]) -> None:
        if len(given) < len(names):
            rule = "Probabilities must be given for every class or for none."
            absent = ", ".join(f"`{name}`" for name in names if name not in given)
            raise PredictionError(rule, f"There is no {absent}.", "Add a column for it; a class never predicted has 0.")
        for name in names:
            check_probability(predictions, name)
        total = np.sum([floats(predictions, name) for name in names], axis=0)
        worst = float(np.max(np.abs(total - 1.0))) if total.size else 0.0
        if worst > TOLERANCE:
            rule = "The probabilities of a row must sum to 1."
            raise PredictionError(rule, f"A row misses it by {worst:.3g}.", "Normalise the rows.")

    def tolerances(self, truth: pa.Table, predictions: pa.Table) -> Mapping[str, float]:  # noqa: ARG002 - the contract's signature
        """Return a millionth for each probability; labels are exact."""
        return of_floats(predictions, self._resolved()[1])

    def baseline(self) -> Model:
        """Return a model that predicts the classes' shares in its training part."""
        from sklearn.dummy import DummyClassifier  # noqa: PLC0415 - half a second, and only workers need it

        model: Model = DummyClassifier(strategy="prior")
        return model

    def _resolved(self) -> tuple[pa.Array, list[str]]:
        """Return the classes as an Arrow array, and the names of their probability columns."""
        if self.classes is None or self.type is None:
            rule = "A task must be resolved with the target of all rows before it reads anything."
            raise DefinitionError(rule, f"{self!r} is not.", "Call `resolve(target)` and go on with what it returns.")
        classes = tuple(self.classes)
        return pa.array(classes, type=self.type), [f"probability_{value}" for value in classes]
