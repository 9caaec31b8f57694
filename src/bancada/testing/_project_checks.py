"""The checks of every block that a project defines."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.contracts import RowTask, TeachingTask
from bancada.definitions import find_project, load
from bancada.engine import bind
from bancada.exceptions import BancadaError, DefinitionError, PredictionError
from bancada.samples import SplitRows
from bancada.store import Store
from bancada.testing._check import Check, Found, Skip
from bancada.testing._dataset_laws import dataset_checks
from bancada.testing._examples import EXAMPLES
from bancada.testing._memoriser import Memoriser
from bancada.testing._metric_laws import checks_on
from bancada.testing._model_laws import model_checks
from bancada.testing._split_laws import split_checks
from bancada.testing._task_laws import task_checks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    from bancada.contracts import Metric, Model, Task
    from bancada.definitions import Candidate, Definitions, Problem
    from bancada.engine import Binding

__all__ = ["ProjectCheck", "project_checks"]

_MOST_ROWS = 300
_MOST_TARGETS = 2_000
_LOOK = "Run `bancada run --plan`, which needs the same."


@dataclass(frozen=True)
class ProjectCheck:
    """A check of a block that a project defines.

    Attributes:
        name: Problem, kind and name of the block, as in `churn/split KFold`.
        check: The check.
        path: File that defines the block, or the root where it is not known.
        line: Line in the file, from 1.
    """

    name: str
    check: Check
    path: Path
    line: int = 1

    def __str__(self) -> str:
        """Return the name of the block and of the law."""
        return f"{self.name}::{self.check.name}"


def project_checks(folder: Path, *, waive: Mapping[str, str] | None = None) -> tuple[ProjectCheck, ...]:
    """Return a check for each law of each dataset, split, task, metric and candidate of a project.

    The project's modules are imported and its data are read; nothing is written into it. Splits are checked on the
    project's rows, models on some hundreds of them, metrics on made-up predictions with the project's row columns.
    Tasks and metrics of bancada's own are left to bancada's tests.

    Args:
        folder: A folder of the project.
        waive: Laws that blocks break knowingly: patterns of names such as `churn/metric cost::better_is_never_worse`,
            where `*` stands for anything, each with its reason.
    """
    project = find_project(folder, os.environ, home=Path.home())
    definitions = load(project)
    found = [_broken(f"module {item.module}", project.root, item.error) for item in definitions.failures]
    with tempfile.TemporaryDirectory(prefix="bancada-") as aside:
        store = Store.open(Path(aside) / "store", create=True)
        for name, problem in definitions.problems.items():
            place = definitions.places[name]
            path = project.root / place.file if place.file is not None else project.root
            try:
                binding = bind(problem, project, store, repeats=1)
            except BancadaError as error:
                found.append(_broken(f"{name}/problem", path, str(error), place.line or 1))
                continue
            blocks = [*_data_checks(problem, binding), *_metric_checks(binding), *_model_checks(definitions, binding)]
            found += [
                ProjectCheck(f"{name}/{block}", check, path, place.line or 1)
                for block, checks in blocks
                for check in checks
            ]
    return tuple(_waived(item, waive or {}) for item in found)


def _broken(name: str, path: Path, error: str, line: int = 1) -> ProjectCheck:
    """Return a check that fails: what cannot be read cannot be checked."""
    check = Check(name, "can_be_read", "What a project defines can be read.", _LOOK, partial(_say, error))
    return ProjectCheck(name, check, path, line)


def _say(found: str) -> Found:
    return found


def _waived(item: ProjectCheck, waive: Mapping[str, str]) -> ProjectCheck:
    for pattern, reason in waive.items():
        if fnmatchcase(str(item), pattern):
            skipped = dataclasses.replace(item.check, holds=partial(Skip, f"waived: {reason}"))
            return dataclasses.replace(item, check=skipped)
    return item


def _data_checks(problem: Problem, binding: Binding) -> Iterator[tuple[str, tuple[Check, ...]]]:
    """Yield the checks of a problem's dataset, split and task."""
    yield f"dataset {binding.dataset.name}", dataset_checks(binding.dataset)
    yield f"split {_kind(binding.split)}", split_checks(problem.design, _split_rows(binding))
    if not _is_own(binding.task):
        target = _target(binding, _spread(len(binding.positions), _MOST_TARGETS))
        model = partial(_readable, binding.task, target)
        yield f"task {binding.task.name}", task_checks(binding.task, target, model=model)


def _split_rows(binding: Binding) -> SplitRows:
    """Return all rows as the split sees them, the sealed ones among them."""
    dataset, roles = binding.dataset, binding.roles
    target = groups = None
    if len(roles.target) == 1:
        target = np.asarray(dataset.rows(roles.target).column(0).to_numpy())
    if roles.groups is not None:
        groups = np.asarray(dataset.rows([roles.groups]).column(0).to_numpy())
    time = None if roles.time is None else dataset.rows([roles.time])
    columns = dataset.rows(binding.split.columns)
    return SplitRows(dataset.ids(), columns, target, groups, binding.task.has_classes, time)


def _target(binding: Binding, positions: npt.NDArray[np.int64]) -> pa.Table:
    """Return the target columns, and the others that the task reads."""
    names = [*binding.roles.target]
    if isinstance(binding.task, RowTask):
        names += [name for name in binding.task.columns if name not in names]
    return binding.dataset.rows(names).take(pa.array(binding.positions[positions]))


def _readable(task: Task, target: pa.Table) -> Model:
    """Return a model that the task can read: one that knows the target by heart, else the baseline."""
    model = Memoriser()
    X, y = np.arange(target.num_rows).reshape(-1, 1), target.column(0).to_pandas()
    try:
        task.read(model.fit(X, y), X, target.num_rows)
    except PredictionError:
        return task.baseline()
    return Memoriser()


def _metric_checks(binding: Binding) -> Iterator[tuple[str, tuple[Check, ...]]]:
    for metric in binding.metrics:
        if _is_own(metric) and getattr(metric, "function", getattr(metric, "scorer", None)) is None:
            continue
        yield f"metric {metric.name}", _checks_of_metric(metric, binding)


def _checks_of_metric(metric: Metric, binding: Binding) -> tuple[Check, ...]:
    kind = binding.task.name
    if kind not in EXAMPLES:
        reason = f"there are no made-up predictions of the task `{kind}`: use `metric_checks(metric, sample)` in a test"
        return (Check(metric.name, "every_law", "A metric keeps its laws.", "", partial(Skip, reason)),)
    example = EXAMPLES[kind]()
    positions = np.resize(_spread(len(binding.positions), example.n_rows), example.n_rows)
    rows = binding.dataset.rows(list(metric.columns)).take(pa.array(binding.positions[positions]))
    if metric.columns:
        example = dataclasses.replace(example, rows=rows)
    return checks_on(metric, example)


def _model_checks(definitions: Definitions, binding: Binding) -> Iterator[tuple[str, tuple[Check, ...]]]:
    for candidate in definitions.candidates.values():
        yield f"candidate {candidate.name}", _checks_of_candidate(candidate, binding)


def _checks_of_candidate(candidate: Candidate, binding: Binding) -> tuple[Check, ...]:
    reason = ""
    missing = [f"`{item.name}`" for item in candidate.parameters if item.required]
    if missing:
        reason = f"{', '.join(missing)} has no default"
    elif isinstance(binding.task, RowTask) and binding.task.together is not None:
        reason = f"the rows of a `{binding.task.together}` go together"
    elif not binding.roles.target:
        reason = "the problem has no target"
    if reason:
        return (Check(candidate.name, "every_law", "A model keeps its laws.", "", partial(Skip, reason)),)
    positions = _spread(len(binding.positions), _MOST_ROWS)
    X = binding.dataset.take(binding.positions[positions], binding.roles.features, candidate.frame)
    y = _taught(binding, positions, candidate.frame)
    return model_checks(partial(_made, candidate), X, y, name=candidate.name)


def _made(candidate: Candidate) -> Any:
    """Return a fresh model.

    Raises:
        DefinitionError: The candidate returned something that cannot be fitted.
    """
    model = candidate.function(**candidate.resolve({}))
    if isinstance(model, type) or not callable(getattr(model, "fit", None)):
        rule = "A candidate returns a model with `fit` and `predict` or `predict_proba`."
        found = f"`{candidate.name}` gave {model!r}."
        raise DefinitionError(rule, found, "Return the unfitted model at the end of the function.")
    return model


def _taught(binding: Binding, positions: npt.NDArray[np.int64], frame: str) -> Any:
    """Return y as a model receives it."""
    table = _target(binding, positions)
    if isinstance(binding.task, TeachingTask):
        table = binding.task.taught(table)
    else:
        table = table.select(list(binding.roles.target))
    if frame in {"arrow", "polars"}:
        return table.column(0) if table.num_columns == 1 else table
    values = table.to_pandas()
    values = values.iloc[:, 0] if values.shape[1] == 1 else values
    return values if frame == "pandas" else values.to_numpy()


def _spread(n_rows: int, most: int) -> npt.NDArray[np.int64]:
    """Return the positions of at most so many rows, evenly spread."""
    return np.unique(np.linspace(0, n_rows - 1, min(n_rows, most)).astype(np.int64))


def _kind(block: Any) -> str:
    return type(block).__name__


def _is_own(block: Any) -> bool:
    """Tell whether a block is of bancada's own."""
    return type(block).__module__.partition(".")[0] == __name__.partition(".")[0]
