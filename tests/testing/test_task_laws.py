"""Every task of bancada keeps every law, and each law catches a task that breaks it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.testing.own_blocks import TASKS, every_check

from bancada import tasks
from bancada.exceptions import LawBroken, PredictionError, UsageError
from bancada.testing import Memoriser, NumberTask, task_checks
from bancada.testing._task_laws import LAWS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bancada.contracts import Model, Task
    from bancada.testing import Check


@pytest.mark.parametrize("check", every_check(TASKS, task_checks))
def test_our_tasks_keep_every_law(check: Check) -> None:
    check()


_CALLS = itertools.count()


class Growing(NumberTask):
    def resolve(self, target: Any) -> Task:
        return Growing()

    def identity(self) -> Mapping[str, Any]:
        return {"name": "number", "call": next(_CALLS)}


class Misnamed(NumberTask):
    def identity(self) -> Mapping[str, Any]:
        return {"name": "another"}


class Tolerant(NumberTask):
    def truth(self, target: Any) -> Any:
        return super().truth(pa.table({"value": pc.fill_null(target.column(0), 0)}))


class Sorting(NumberTask):
    def truth(self, target: Any) -> Any:
        return super().truth(target).sort_by("value")


class Centring(NumberTask):
    def truth(self, target: Any) -> Any:
        values = np.asarray(super().truth(target).column("value"))
        return pa.table({"value": values - values.mean()})

    def resolve(self, target: Any) -> Task:
        NumberTask().truth(target)
        return self


class Mismatched(NumberTask):
    metrics = ("roc_auc",)


class Absent(NumberTask):
    metrics = ("no_such_metric",)


_ONLY = NumberTask().baseline()


class Shared(NumberTask):
    def baseline(self) -> Model:
        return _ONLY


class Infinite:
    def fit(self, X: Any, y: Any) -> Infinite:
        return self

    def predict(self, X: Any) -> Any:
        return np.full(len(X), 1e308)


class Overflowing(NumberTask):
    metrics = ("mse",)

    def baseline(self) -> Model:
        return Infinite()


class Reading(NumberTask):
    """It reads the model in its own way."""

    def read(self, model: Model, X: Any, n_rows: int, columns: Collection[str] | None = None) -> Any:
        return self.changed(super().read(model, X, n_rows, columns))

    def changed(self, table: Any) -> Any:
        return table


class Ascending(Reading):
    def changed(self, table: Any) -> Any:
        return table.sort_by("value")


class Doubling(Reading):
    def changed(self, table: Any) -> Any:
        return pa.table({"value": pc.multiply(table.column("value"), 2)})


class Reducing(NumberTask):
    """It looks at the spread of what a model predicts."""

    def read(self, model: Model, X: Any, n_rows: int, columns: Collection[str] | None = None) -> Any:
        if n_rows == 0:
            raise ZeroDivisionError("the mean of nothing")
        return super().read(model, X, n_rows, columns)


class Padding(NumberTask):
    def read(self, model: Model, X: Any, n_rows: int, columns: Collection[str] | None = None) -> Any:
        values = np.asarray(model.predict(X), dtype=np.float64)
        table = pa.table({"value": np.pad(values, (0, n_rows - len(values)))})
        self.check(table, n_rows)
        return table


class Filling(NumberTask):
    def read(self, model: Model, X: Any, n_rows: int, columns: Collection[str] | None = None) -> Any:
        return super().read(_Filled(model), X, n_rows, columns)


class _Filled:
    def __init__(self, model: Model) -> None:
        self.model = model

    def fit(self, X: Any, y: Any) -> _Filled:
        return self

    def predict(self, X: Any) -> Any:
        return np.nan_to_num(np.asarray(self.model.predict(X), dtype=np.float64))


class Lenient(NumberTask):
    def check(self, predictions: Any, n_rows: int) -> None:
        if predictions.num_rows != n_rows:
            raise PredictionError("Rows count.", "Others were found.", "Count.")


class Fickle(NumberTask):
    """Asked for one column it gives another value."""

    def read(self, model: Model, X: Any, n_rows: int, columns: Collection[str] | None = None) -> Any:
        table = super().read(model, X, n_rows)
        return table if columns is None else pa.table({"value": pc.add(table.column("value"), 1)})


class ByPlace(tasks.Binary):
    """It finds columns by their place."""

    def check(self, predictions: Any, n_rows: int) -> None:
        super().check(predictions, n_rows)
        if predictions.column_names != [name for name in self.schema().names if name in predictions.column_names]:
            raise PredictionError("Columns come in order.", f"Found {predictions.column_names}.", "Sort them.")


class Unaligned(tasks.Multiclass):
    """It takes the columns of probabilities as they come."""

    def read(self, model: Any, X: Any, n_rows: int, columns: Collection[str] | None = None) -> Any:
        return super().read(_Nameless(model), X, n_rows, columns)


class _Nameless:
    def __init__(self, model: Any) -> None:
        self.model = model

    def __getattr__(self, name: str) -> Any:
        if name == "classes_":
            raise AttributeError(name)
        return getattr(self.__dict__["model"], name)


class Quiet(tasks.Multiclass):
    def flags(self, model: Model) -> tuple[str, ...]:
        return ()


# By law: tasks that break it, and what the check says of them.
MUTANTS: dict[str, list[tuple[Any, str]]] = {
    "resolve_is_idempotent": [(Growing(), "became")],
    "identity_is_stable": [(Misnamed(), "its identity is"), (Growing(), "A pickled copy has")],
    "null_targets_are_refused": [(Tolerant(), "took a null in `value`")],
    "truth_keeps_rows": [(Sorting(), "In another order it is another truth")],
    "one_row_has_a_truth": [(Centring(), "Alone it is")],
    "default_metrics_read_the_task": [(Mismatched(), "`roc_auc` lacks"), (Absent(), "There is no metric")],
    "baseline_conforms": [(Shared(), "the same model each time")],
    "baseline_has_a_score": [(Overflowing(), "`mse` is inf")],
    "read_keeps_rows": [(Ascending(), "Another order gave other values")],
    "truth_is_read_as_truth": [(Doubling(), "in truth, and was read as")],
    "few_rows_can_be_read": [(Reducing(), "the mean of nothing")],
    "missing_rows_are_refused": [(Padding(), "took one row less")],
    "undefined_predictions_are_refused": [(Filling(), "`read` took it")],
    "check_refuses_what_is_broken": [(Lenient(), "It took an unknown column, a null in `value`, NaN in `value`")],
    "columns_are_found_by_name": [(ByPlace(), "Columns come in order")],
    "columns_do_not_change_values": [(Fickle(), "`value` is another")],
    "classes_are_aligned": [(Unaligned(), "where the model counts its classes backwards")],
    "absent_classes_are_flagged": [(Quiet(), "Class 'a' was absent, and nothing is flagged")],
}


@pytest.mark.filterwarnings("ignore:overflow encountered")
@pytest.mark.parametrize("name", [each.name for each in LAWS])
def test_each_law_catches_a_task_that_breaks_it(name: str) -> None:
    for mutant, found in MUTANTS[name]:
        checks = {check.name: check for check in task_checks(mutant)}
        with pytest.raises(LawBroken, match=found):
            checks[name]()


class Own(NumberTask):
    name = "dosage"

    def identity(self) -> Mapping[str, Any]:
        return {"name": "dosage"}


def test_a_task_of_ones_own_brings_its_target() -> None:
    with pytest.raises(UsageError, match="`dosage` is none of `binary`"):
        task_checks(Own())
    for check in task_checks(Own(), pa.table({"dose": [1.0, 2.0, 4.0]})):
        if check.name not in {"classes_are_aligned", "absent_classes_are_flagged"}:
            check()


def test_the_double_knows_its_rows_by_heart() -> None:
    X = np.arange(6).reshape(3, 2)
    model = Memoriser().fit(X, [7, 8, 9])
    assert model.predict(X[::-1]).tolist() == [9, 8, 7]
    assert model.predict([[5, 5]]).tolist() == [7]
    assert replace(NumberTask()).truth(pa.table({"x": [1]})).to_pydict() == {"value": [1.0]}
