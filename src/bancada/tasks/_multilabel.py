"""Any number of labels for each row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bancada.exceptions import DataError, DefinitionError, PredictionError
from bancada.tasks._asking import Questions
from bancada.tasks._checks import check_probability, check_table
from bancada.tasks._indicators import constant_labels, label_matrix, label_probabilities, label_scores
from bancada.tasks._target import plain, scalar, shown, target_column
from bancada.tasks._tolerances import of_floats

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy.typing as npt

    from bancada.contracts import Model, Task

__all__ = ["Multilabel"]

_KINDS = (("probability", pa.float64()), ("score", pa.float64()), ("label", pa.bool_()))


@dataclass(frozen=True)
class Multilabel:
    """Predict which labels a row has: none, one or several.

    The target is several columns of 0 and 1, each a label that is called as its column, or one column that holds lists
    of labels. `fit` receives y as 0 and 1, a column for each label, from both.

    Truth is `label_<label>` for each label. Predictions are what the model can give of `probability_<label>`,
    `score_<label>` (from `decision_function`: any real, higher means more likely) and `label_<label>`, for every label
    or for none. All shapes in which scikit-learn returns `predict_proba` are read. A label of which the training part
    held one value is predicted so, and `flags` says it. `predict` may also return a list of labels for each row.

    Args:
        labels: All labels, where lists may lack one; else they are found in the target. With several columns they are
            the columns.

    Examples:
        >>> task = Multilabel().resolve(pa.table({"tags": [["a", "b"], [], ["b"]]}))
        >>> task.truth(pa.table({"tags": [["b"]]})).to_pylist()
        [{'label_a': False, 'label_b': True}]
    """

    labels: Sequence[Any] | None = None
    listed: bool = field(default=False, kw_only=True, repr=False)
    known: bool = field(default=False, kw_only=True, repr=False)

    @property
    def name(self) -> str:
        """`multilabel`."""
        return "multilabel"

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the default metrics, the primary first."""
        return ("f1_macro", "hamming_loss", "exact_match", "log_loss")

    @property
    def has_classes(self) -> bool:
        """False: no split can keep the shares of all labels at once."""
        return False

    def identity(self) -> Mapping[str, Any]:
        """Return name and labels: those given, and once resolved all of them."""
        labels = None if self.labels is None else [plain(value) for value in self.labels]
        return {"name": self.name, "labels": labels}

    def resolve(self, target: pa.Table) -> Task:
        """Return this task with all labels known.

        Raises:
            DataError: The target is neither columns of 0 and 1 nor lists, has fewer than two labels, or holds one that
                `labels` lacks.
        """
        listed = target.num_columns == 1
        labels = self._of_lists(target) if listed else self._of_columns(target)
        if len(labels) < 2:
            rule = "A target of several labels has at least two."
            found = f"It has {shown(labels) or 'none'}."
            raise DataError(rule, found, "For a single label use `Binary(positive=1)`.")
        names = [str(label) for label in labels]
        if len(set(names)) < len(names):
            raise DataError("Labels differ as text.", f"They are {shown(labels)}.", "Call them by different names.")
        resolved = replace(self, labels=tuple(labels), listed=listed, known=True)
        resolved.truth(target)
        return resolved

    def _of_columns(self, target: pa.Table) -> list[Any]:
        names = list(target.column_names)
        if self.labels is not None and set(self.labels) != set(names):
            rule = "With several target columns the labels are these columns."
            found = f"`labels` are {shown(list(self.labels))}; the columns are {shown(names)}."
            raise DataError(rule, found, "Leave `labels` out.")
        return names

    def _of_lists(self, target: pa.Table) -> list[Any]:
        column, name = target_column(target), target.column_names[0]
        if not _is_list(column.type):
            rule = "The target of several labels is several columns of 0 and 1, or one column of lists."
            remedy = 'Name the columns: `target=["a", "b"]`; of one class for each row use `Multiclass()`.'
            raise DataError(rule, f"`{name}` is {column.type}.", remedy)
        values = pc.unique(pc.list_flatten(column)).to_pylist()
        if None in values:
            rule = "A list of labels holds labels only."
            raise DataError(rule, f"A list of `{name}` holds null.", "Take it out; a row without a label is `[]`.")
        if any(isinstance(value, list | dict) for value in values):
            raise DataError(
                "Labels are plain values.", f"`{name}` is {column.type}.", "Give lists of texts or numbers."
            )
        if self.labels is None:
            return sorted(values)
        given = [scalar(value) for value in self.labels]
        absent = [value for value in values if value not in given]
        if absent:
            rule = "`labels` must list every label of the target."
            raise DataError(
                rule, f"`{name}` holds {shown(sorted(absent))}, which it lacks.", "Add it, or leave `labels` out."
            )
        return list(dict.fromkeys(given))

    def truth(self, target: pa.Table) -> pa.Table:
        """Return `label_<label>` for each label, True where the row has it, (n_rows,).

        Raises:
            DataError: A target is null, NaN, no 0 or 1, or holds an unknown label.
        """
        matrix = self._indicators(target)
        columns = [pa.array(matrix[:, index].copy()) for index in range(matrix.shape[1])]
        return pa.table(columns, schema=self.truth_schema())

    def taught(self, target: pa.Table) -> pa.Table:
        """Return y as `fit` receives it: a column of 0 and 1 for each label, int64, called as the label, (n_rows,)."""
        matrix = self._indicators(target).astype(np.int64)
        return pa.table({str(label): matrix[:, index].copy() for index, label in enumerate(self._labels())})

    def truth_schema(self) -> pa.Schema:
        """Return the schema of `truth`."""
        return pa.schema([pa.field(f"label_{label}", pa.bool_()) for label in self._labels()])

    def schema(self) -> pa.Schema:
        """Return the schema of all columns that a model can give."""
        labels = self._labels()
        return pa.schema([pa.field(f"{kind}_{label}", type_) for kind, type_ in _KINDS for label in labels])

    def read(self, model: Model, X: Any, n_rows: int, columns: Collection[str] | None = None) -> pa.Table:
        """Ask a fitted model for probabilities, scores and labels, as far as it gives them and they are needed.

        Raises:
            PredictionError: What it returned breaks a rule of this task.
        """
        labels = self._labels()
        kinds = {kind for kind, _ in _KINDS if columns is None or any(self._is(name, kind) for name in columns)}
        questions = Questions(model, X)
        read: dict[str, npt.NDArray[Any]] = {}
        if "probability" in kinds and questions.can("predict_proba"):
            read["probability"] = label_probabilities(questions.model, questions.probability, len(labels), n_rows)
        if "score" in kinds and questions.can("decision_function"):
            read["score"] = label_scores(questions.decision, len(labels), n_rows)
        if "label" in kinds and questions.can("predict"):
            read["label"] = label_matrix(questions.model.predict(questions.X), labels, n_rows)
        table = pa.table(
            {
                f"{kind}_{label}": pa.array(read[kind][:, index].copy())
                for kind, _ in _KINDS
                if kind in read
                for index, label in enumerate(labels)
            }
        )
        self.check(table, n_rows)
        return table

    def _is(self, name: str, kind: str) -> bool:
        return name in {f"{kind}_{label}" for label in self._labels()}

    def flags(self, model: Model) -> tuple[str, ...]:
        """Return a phrase for each label of which the model's training part held one value."""
        labels = self._labels()
        steps = getattr(model, "steps", None)
        last = steps[-1][1] if steps else model
        return tuple(
            f"label {labels[index]!r} was {'on every row' if value else 'absent'} in training"
            for index, value in constant_labels(last, len(labels)).items()
        )

    def check(self, predictions: pa.Table, n_rows: int) -> None:
        """Raise `PredictionError` unless these are valid predictions for `n_rows` rows."""
        check_table(predictions, self.schema(), n_rows)
        for kind, _ in _KINDS:
            names = [f"{kind}_{label}" for label in self._labels()]
            absent = [name for name in names if name not in predictions.column_names]
            if absent and len(absent) < len(names):
                rule = f"A {kind} must be given for every label or for none."
                found = f"There is no {', '.join(f'`{name}`' for name in absent)}."
                raise PredictionError(rule, found, "Add a column for it.")
            if kind == "probability" and not absent:
                for name in names:
                    check_probability(predictions, name)

    def tolerances(self, truth: pa.Table, predictions: pa.Table) -> Mapping[str, float]:  # noqa: ARG002 - the contract's signature
        """Return a millionth for each probability and for the spread of each score; labels are exact."""
        return of_floats(predictions, {f"probability_{label}" for label in self._labels()})

    def baseline(self) -> Model:
        """Return a model that predicts the share of each label in its training part."""
        from sklearn.dummy import DummyClassifier  # noqa: PLC0415 - half a second, and only workers need it

        model: Model = DummyClassifier(strategy="prior")
        return model

    def _labels(self) -> tuple[Any, ...]:
        if self.labels is None or not self.known:
            rule = "A task must be resolved with the target of all rows before it reads anything."
            raise DefinitionError(rule, f"{self!r} is not.", "Call `resolve(target)` and go on with what it returns.")
        return tuple(self.labels)

    def _indicators(self, target: pa.Table) -> npt.NDArray[np.bool_]:
        """Return which labels each row has, (n_rows, n_labels)."""
        labels = self._labels()
        if not self.listed:
            return np.column_stack([_flags(target.select([str(label)])) for label in labels])
        column = target_column(target)
        return _members(column, labels, target.column_names[0])


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _flags(target: pa.Table) -> npt.NDArray[np.bool_]:
    """Return a column of 0 and 1 as booleans, (n_rows,)."""
    column, name = target_column(target), target.column_names[0]
    kind = column.type
    if pa.types.is_boolean(kind):
        return np.asarray(column.to_numpy(), dtype=np.bool_)
    values = np.unique(column.to_numpy()) if pa.types.is_integer(kind) or pa.types.is_floating(kind) else None
    if values is None or not set(values.tolist()) <= {0, 1}:
        rule = "Each of several target columns says by 0 and 1 whether a row has the label."
        found = f"`{name}` is {kind}." if values is None else f"`{name}` holds {shown(values.tolist())}."
        raise DataError(rule, found, "Convert the column to 0 and 1, or to booleans.")
    return np.asarray(column.to_numpy() == 1)


def _members(column: pa.ChunkedArray, labels: Sequence[Any], name: str) -> npt.NDArray[np.bool_]:
    """Return which labels each list holds, (n_rows, n_labels)."""
    lists = column.combine_chunks()
    flat = pc.list_flatten(lists)
    codes = pc.index_in(flat, pa.array(labels, flat.type))
    if codes.null_count:
        unknown = pc.unique(flat.filter(pc.is_null(codes))).to_pylist()
        rule = "Every target must hold labels of the task only."
        found = f"`{name}` holds {shown(unknown)}; the labels are {shown(labels)}."
        raise DataError(rule, found, "List all labels in the task, or leave these rows out.")
    result = np.zeros((len(lists), len(labels)), dtype=np.bool_)
    result[pc.list_parent_indices(lists).to_numpy(), codes.to_numpy()] = True
    return result
