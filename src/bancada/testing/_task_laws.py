"""The laws of `contracts.Task`."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from bancada import metrics, models
from bancada.contracts import PlacedTask, RowTask, TeachingTask
from bancada.exceptions import DataError, PredictionError, UsageError
from bancada.identity import canonical_json
from bancada.samples import FoldPart, Sample, Timeline
from bancada.testing._check import Found, Skip, checks_of, law
from bancada.testing._memoriser import Memoriser

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from bancada.contracts import Model, Task
    from bancada.testing._check import Check

__all__ = ["LAWS", "TARGETS", "TaskCase", "task_checks"]

_METHODS = ("predict", "predict_proba", "decision_function")
_N_ROWS = 48
_SEED = 3
_NO_METRICS = Skip("it names no default metric")
_NO_CLASSES = Skip("it has no classes")


def _binary() -> pa.Table:
    return pa.table({"label": [number % 3 == 0 for number in range(_N_ROWS)]})


def _multiclass() -> pa.Table:
    return pa.table({"kind": ["abbccc"[number % 6] for number in range(_N_ROWS)]})


def _numbers() -> pa.Table:
    return pa.table({"value": np.random.default_rng(_SEED).uniform(1, 9, _N_ROWS)})


def _labels() -> pa.Table:
    position = np.arange(_N_ROWS)
    return pa.table({"red": position % 2, "big": position % 3 // 2})


def _relevances() -> pa.Table:
    grades = [[0, 2, 1, 0][number % 4] for number in range(_N_ROWS)]
    return pa.table({"grade": grades, "query": [f"query {number // 4}" for number in range(_N_ROWS)]})


def _texts() -> pa.Table:
    return pa.table({"answer": [f"answer number {number}" for number in range(_N_ROWS)]})


# The target that is made up for each kind of task, by its name; a new kind of task adds a line.
TARGETS: dict[str, Callable[[], pa.Table]] = {
    "binary": _binary,
    "forecast": _numbers,
    "multiclass": _multiclass,
    "multilabel": _labels,
    "number": _numbers,
    "quantile": _numbers,
    "ranking": _relevances,
    "regression": _numbers,
    "text": _texts,
}


@dataclass(frozen=True)
class TaskCase:
    """A task, resolved, and data of it.

    Attributes:
        declared: The task as it was written.
        task: The task as the engine uses it.
        target: Target columns, (n_rows, n_targets).
        X: Features, a pandas frame, (n_rows, n_features).
        make: Makes a model whose predictions differ from row to row.
    """

    declared: Task
    task: Task
    target: pa.Table
    X: pd.DataFrame
    make: Callable[[], Model]

    @property
    def n_rows(self) -> int:
        """Count of rows."""
        return int(self.target.num_rows)

    def y(self, positions: npt.NDArray[np.int64] | None = None) -> Any:
        """Return the target as a model receives it: a series, or a frame of several columns."""
        task = self.task
        if isinstance(task, TeachingTask):
            frame = task.taught(self.target).to_pandas()
        else:
            frame = self.target.drop_columns(list(task.columns) if isinstance(task, RowTask) else []).to_pandas()
        frame = frame if positions is None else frame.iloc[positions].reset_index(drop=True)
        return frame.iloc[:, 0] if frame.shape[1] == 1 else frame

    def fitted(self, model: Model) -> Any:
        """Return a model, fitted on all rows."""
        models.fit(model, self.X, self.y())
        return model

    def read(self, model: Any, positions: npt.NDArray[np.int64] | None = None) -> pa.Table:
        """Return what a fitted model predicts for rows, all of them without positions."""
        X = self.X if positions is None else self.X.iloc[positions].reset_index(drop=True)
        table: pa.Table = self.task.read(model, X, len(X))
        return table

    @cached_property
    def baseline_X(self) -> Any:  # noqa: N802 - scikit-learn's name for the table of features
        """What the baseline receives: the places of rows where the task has them, those of one series; else X."""
        if not isinstance(self.task, PlacedTask):
            return self.X
        step = np.arange(self.n_rows)
        timeline = Timeline(pa.array(np.zeros_like(step)), pa.array(step), np.zeros_like(step), step)
        fold = FoldPart(step[: self.n_rows // 2], step[self.n_rows // 2 :])
        return self.task.places(timeline, self.task.truth(self.target), [fold])

    def baseline(self) -> Any:
        """Return a baseline, fitted on all rows."""
        model = self.task.baseline()
        models.fit(model, self.baseline_X, self.y())
        return model

    def read_baseline(self, model: Any, columns: list[str] | None = None) -> pa.Table:
        """Return what a fitted baseline predicts for all rows."""
        table: pa.Table = self.task.read(model, self.baseline_X, self.n_rows, columns)
        return table


def task_checks(
    task: Task,
    target: pa.Table | None = None,
    *,
    X: pd.DataFrame | None = None,
    model: Callable[[], Model] = Memoriser,
    waive: Mapping[str, str] | None = None,
) -> tuple[Check, ...]:
    """Return a check for each law of a task.

    Args:
        task: The task.
        target: Arrow table of the target columns, (n_rows, n_targets), and of the other columns that the task reads,
            with all that it must cope with; made up without it, where the task has the name of a built-in one.
        X: Features, (n_rows, n_features), no two rows alike; made up without them.
        model: Makes a fresh model that the task can read and whose predictions differ from row to row; without it a
            model that knows the target by heart.
        waive: Laws that the task breaks knowingly, each with its reason.

    Raises:
        UsageError: There is no target, and none can be made up.
    """
    if target is None and task.name not in TARGETS:
        rule = "A task of one's own is checked on a target of its own."
        found = f"`{task.name}` is none of {', '.join(f'`{name}`' for name in TARGETS)}, and there is no `target`."
        raise UsageError(rule, found, "Give one: `task_checks(task, pa.table({'target': [...]}))`.")
    target = TARGETS[task.name]() if target is None else target
    if X is None:
        draw = np.random.default_rng(_SEED)
        X = pd.DataFrame({"row": np.arange(target.num_rows), "noise": draw.normal(size=target.num_rows)})
    case = TaskCase(task, task.resolve(target), target, X, model)
    return checks_of(LAWS, case, type(task).__name__, waive=waive)


class _Altered:
    """A fitted model whose answers are altered on the way."""

    def __init__(self, model: Any, alter: Callable[[npt.NDArray[Any]], Any]) -> None:
        self._model = model
        self._alter = alter

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.__dict__["_model"], name)
        if name not in _METHODS:
            return value
        return lambda X: self._alter(np.asarray(value(X)))


class _Reversed(_Altered):
    """A fitted classifier that counts its classes backwards."""

    def __init__(self, model: Any) -> None:
        super().__init__(model, lambda values: values)
        self.classes_ = np.asarray(model.classes_)[::-1]

    def predict_proba(self, X: Any) -> Any:
        return np.asarray(self._model.predict_proba(X))[:, ::-1]

    def __getattr__(self, name: str) -> Any:
        if name == "decision_function":
            raise AttributeError(name)
        return super().__getattr__(name)


def _order(case: TaskCase) -> npt.NDArray[np.int64]:
    return np.random.default_rng(_SEED).permutation(case.n_rows)


def _refused(case: TaskCase, table: pa.Table, n_rows: int) -> bool:
    try:
        case.task.check(table, n_rows)
    except PredictionError:
        return True
    return False


def _with_first(table: pa.Table, name: str, value: float | None) -> pa.Table:
    """Return a table with another value in the first row of a column."""
    column = table.column(name)
    first = pa.array([value], type=column.type)
    changed = pa.chunked_array([*([first] if table.num_rows else []), *column.slice(1).chunks])
    return table.set_column(table.column_names.index(name), name, changed)


@law("`resolve` is idempotent.", "Let `resolve` of a resolved task return an equal one.")
def resolve_is_idempotent(case: TaskCase) -> Found:
    first, again = dict(case.task.identity()), dict(case.task.resolve(case.target).identity())
    return None if first == again else f"{first} became {again}."


@law("The identity is canonical JSON with the name, and a pickled copy has the same.", "Look at `identity`.")
def identity_is_stable(case: TaskCase) -> Found:
    identity = dict(case.task.identity())
    canonical_json(identity)
    copy: Task = pickle.loads(pickle.dumps(case.task))  # noqa: S301 - bytes of the line itself
    if identity.get("name") != case.task.name:
        return f"The task is called {case.task.name!r}, and its identity is {identity}."
    return None if dict(copy.identity()) == identity else f"A pickled copy has {dict(copy.identity())}."


@law("A target that is null is refused with `DataError`.", "Look at what `resolve` does with nulls.")
def null_targets_are_refused(case: TaskCase) -> Found:
    for name in case.target.column_names:
        try:
            case.declared.resolve(_with_first(case.target, name, None))
        except DataError:
            continue
        return f"`resolve` took a null in `{name}`."
    return None if case.target.num_columns else Skip("it reads no target")


@law("`truth` keeps rows and their order, in `truth_schema()`, without nulls.", "Look at `truth`.")
def truth_keeps_rows(case: TaskCase) -> Found:
    truth, order = case.task.truth(case.target), pa.array(_order(case))
    if truth.num_rows != case.n_rows:
        return f"{case.n_rows} rows became {truth.num_rows}."
    if not truth.schema.equals(case.task.truth_schema()):
        return f"It has the schema {truth.schema.to_string()!r}."
    if any(column.null_count for column in truth.columns):
        return "It has nulls."
    moved = case.task.truth(case.target.take(order))
    return None if moved.to_pylist() == truth.take(order).to_pylist() else "In another order it is another truth."


@law("One row has a truth.", "Let `truth` ask nothing of the rows as a whole; that is for `resolve`.")
def one_row_has_a_truth(case: TaskCase) -> Found:
    alone = case.task.truth(case.target.slice(1, 1)).to_pylist()
    among = case.task.truth(case.target).slice(1, 1).to_pylist()
    return None if alone == among else f"Alone it is {alone}, among others {among}."


@law("Default metrics exist, and read what the task gives.", "Look at `metrics` and the two schemas.")
def default_metrics_read_the_task(case: TaskCase) -> Found:
    if not case.task.metrics:
        return _NO_METRICS
    given = list(case.task.schema())
    if isinstance(case.task, PlacedTask):
        given += list(case.task.place_schema())
    for name in case.task.metrics:
        lacking = metrics.as_metric(name).missing(case.task.truth_schema(), pa.schema(given))
        if lacking:
            return f"`{name}` lacks {', '.join(f'`{item}`' for item in lacking)}."
    return None


@law("The baseline is fresh, fits, predicts every row, and its predictions pass `check`.", "Look at `baseline`.")
def baseline_conforms(case: TaskCase) -> Found:
    if case.task.baseline() is case.task.baseline():
        return "It is the same model each time."
    predictions = case.read_baseline(case.baseline())
    case.task.check(predictions, case.n_rows)
    known = list(case.task.schema())
    strange = [item.name for item in predictions.schema if item not in known]
    return (
        f"`read` gave {', '.join(f'`{name}`' for name in strange)} in another form than `schema()`."
        if strange
        else None
    )


@law("The baseline has a score by the primary metric.", "Look at `baseline`, and at the first of `metrics`.")
def baseline_has_a_score(case: TaskCase) -> Found:
    if not case.task.metrics:
        return _NO_METRICS
    predictions = case.read_baseline(case.baseline())
    rows = pa.table({"row": np.arange(case.n_rows)})
    metric = metrics.as_metric(case.task.metrics[0])
    score = metric.score(Sample(case.task.truth(case.target), predictions, rows))
    return None if np.isfinite(score) else f"`{metric.name}` is {score!r}."


@law("`read` gives one row for each row of X, in order.", "Look at `read`.")
def read_keeps_rows(case: TaskCase) -> Found:
    model, order = case.fitted(case.make()), _order(case)
    whole, moved = case.read(model), case.read(model, order)
    if whole.num_rows != case.n_rows:
        return f"{case.n_rows} rows became {whole.num_rows}."
    return None if moved.to_pylist() == whole.take(pa.array(order)).to_pylist() else "Another order gave other values."


@law("A model that predicts the target itself is read as the truth.", "Compare `truth` with `read`.")
def truth_is_read_as_truth(case: TaskCase) -> Found:
    truth, predictions = case.task.truth(case.target), case.read(case.fitted(case.make()))
    shared = [item.name for item in truth.schema if item in list(predictions.schema)]
    if not shared:
        return Skip("truth and predictions share no column")
    if not isinstance(case.make(), Memoriser):
        return Skip("the model that was given does not know the target by heart")
    for name in shared:
        true, read = truth.column(name).to_pylist(), predictions.column(name).to_pylist()
        if true != read:
            row = next(row for row in range(case.n_rows) if true[row] != read[row])
            return f"`{name}` of row {row} is {true[row]!r} in truth, and was read as {read[row]!r}."
    return None


@law("One row, and none, can be read.", "Look at reductions over rows in `read` and `check`.")
def few_rows_can_be_read(case: TaskCase) -> Found:
    model = case.fitted(case.make())
    for n_rows in (1, 0):
        found = case.read(model, np.arange(n_rows)).num_rows
        if found != n_rows:
            return f"{n_rows} rows became {found}."
    return None


@law("A model that returns too few rows is refused with `PredictionError`.", "Count rows in `read`.")
def missing_rows_are_refused(case: TaskCase) -> Found:
    try:
        case.read(_Altered(case.fitted(case.make()), lambda values: values[:-1]))
    except PredictionError:
        return None
    return "`read` took one row less."


@law("A model that returns NaN or None is refused with `PredictionError`.", "Look for NaN in `read`.")
def undefined_predictions_are_refused(case: TaskCase) -> Found:
    def spoil(values: npt.NDArray[Any]) -> Any:
        spoilt = values.astype(np.float64 if values.dtype.kind in "iuf" else object)
        spoilt[0] = np.nan if spoilt.dtype.kind == "f" else None
        return spoilt

    try:
        case.read(_Altered(case.fitted(case.make()), spoil))
    except PredictionError:
        return None
    return "`read` took it."


@law(
    "`check` refuses another count of rows, unknown columns, nulls and NaN with `PredictionError`.",
    "Look at `check`: predictions that were made elsewhere meet nothing else.",
)
def check_refuses_what_is_broken(case: TaskCase) -> Found:
    good = case.read(case.fitted(case.make()))
    broken = {"one row less": good.slice(1), "an unknown column": good.append_column("zz", good.column(0))}
    for item in good.schema:
        broken[f"a null in `{item.name}`"] = _with_first(good, item.name, None)
        if pa.types.is_floating(item.type):
            broken[f"NaN in `{item.name}`"] = _with_first(good, item.name, float("nan"))
    taken = [what for what, table in broken.items() if not _refused(case, table, case.n_rows)]
    return f"It took {', '.join(taken)}." if taken else None


@law("The order of prediction columns says nothing.", "Find columns by name in `check`.")
def columns_are_found_by_name(case: TaskCase) -> Found:
    good = case.read_baseline(case.baseline())
    case.task.check(good.select(good.column_names[::-1]), case.n_rows)
    return None


@law("Asked for one column, `read` gives it as it gives it among all.", "Look at `columns` in `read`.")
def columns_do_not_change_values(case: TaskCase) -> Found:
    model = case.baseline()
    whole = case.read_baseline(model)
    for name in whole.column_names:
        part = case.read_baseline(model, [name])
        if name not in part.column_names or part.column(name).to_pylist() != whole.column(name).to_pylist():
            return f"`{name}` is another, or not there, when nothing else is asked for."
    return None


@law("Probabilities are found by `classes_`, in whatever order a model keeps them.", "Align columns by `classes_`.")
def classes_are_aligned(case: TaskCase) -> Found:
    model = case.fitted(case.task.baseline()) if case.task.has_classes else None
    if model is None or not hasattr(model, "predict_proba") or np.asarray(getattr(model, "classes_", 0)).ndim != 1:
        return _NO_CLASSES
    straight, backwards = case.read(model), case.read(_Reversed(model))
    for name in straight.column_names:
        if not np.array_equal(np.asarray(straight.column(name)), np.asarray(backwards.column(name))):
            return f"`{name}` is another where the model counts its classes backwards."
    return None


@law("A class that training lacked is flagged, and harms no prediction.", "Look at `flags`.")
def absent_classes_are_flagged(case: TaskCase) -> Found:
    if not case.task.has_classes or case.target.num_columns != 1:
        return _NO_CLASSES
    values = np.array(case.target.column(0).to_pylist(), dtype=object)
    positions = np.flatnonzero(values != values[0])
    model = case.task.baseline()
    models.fit(model, case.X.iloc[positions].reset_index(drop=True), case.y(positions))
    case.task.check(case.read(model), case.n_rows)
    told = set(case.task.flags(model)) - set(case.task.flags(case.fitted(case.task.baseline())))
    return None if told else f"Class {values[0]!r} was absent, and nothing is flagged."


LAWS = (
    resolve_is_idempotent,
    identity_is_stable,
    null_targets_are_refused,
    truth_keeps_rows,
    one_row_has_a_truth,
    default_metrics_read_the_task,
    baseline_conforms,
    baseline_has_a_score,
    read_keeps_rows,
    truth_is_read_as_truth,
    few_rows_can_be_read,
    missing_rows_are_refused,
    undefined_predictions_are_refused,
    check_refuses_what_is_broken,
    columns_are_found_by_name,
    columns_do_not_change_values,
    classes_are_aligned,
    absent_classes_are_flagged,
)
