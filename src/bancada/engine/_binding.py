"""A problem bound to its data: columns in their roles, the split drawn, the identities computed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada import tasks
from bancada.contracts import RowTask
from bancada.definitions import Slice, evaluation_identity, problem_identity, resolved_metrics, roles
from bancada.engine._places import places_of, slices_of
from bancada.engine._repeats import Repeats
from bancada.engine.data import data_evidence, held
from bancada.engine.sealing import holdout_rows
from bancada.exceptions import DataError, DefinitionError, counted
from bancada.identity import digest
from bancada.metrics.kpi import KpiMetric
from bancada.samples import SplitRows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from bancada.contracts import Dataset, Metric, Split, Task
    from bancada.definitions import Problem, Project, Roles
    from bancada.engine._repeats import Repeat
    from bancada.records import DatasetIdentity, EvaluationIdentity, ProblemIdentity
    from bancada.records.looks import HoldoutRows
    from bancada.store import Store

__all__ = ["Binding", "all_rows", "bind", "weights_of"]


@dataclass(frozen=True)
class Binding:
    """A problem with everything that depends on its data.

    Tables and arrays hold the rows that are not sealed, in id order, (n_open,).

    Attributes:
        problem: As it was defined.
        project: Where it lives.
        dataset: Opened.
        data: Its identity.
        roles: Which column does what.
        split: The split, once resolved.
        task: The task, once resolved.
        metrics: The primary first.
        identity: What runs must share to be compared.
        evaluation: What stakeholders approve.
        ids: Ids.
        target: Target columns, and those that the task reads beside them.
        truth: What the task reads from them.
        rows: Columns that slices, metrics and the split read.
        slices: A truth value per row for each slice, by its name.
        weight: Weights; None where all rows weigh the same.
        positions: Positions in the dataset, int64.
        repeats: Every repeat that was asked for.
        drawn: These and any other, drawn when it is needed.
        kept: Objects by which the data can be had again; see `data_evidence`.
        places: Where in time each row stands; None where the task has no places.
    """

    problem: Problem
    project: Project
    dataset: Dataset
    data: DatasetIdentity
    roles: Roles
    split: Split
    task: Task
    metrics: tuple[Metric, ...]
    identity: ProblemIdentity
    evaluation: EvaluationIdentity
    ids: pa.Array
    target: pa.Table
    truth: pa.Table
    rows: pa.Table
    slices: Mapping[str, npt.NDArray[np.bool_]]
    weight: npt.NDArray[np.float64] | None
    positions: npt.NDArray[np.int64]
    repeats: tuple[Repeat, ...]
    drawn: Repeats
    kept: Mapping[str, Any]
    places: pa.Table | None = None

    @property
    def slice_ids(self) -> dict[str, str]:
        """Digest of which rows each slice means, by its name: a slice that was redefined under its name is another."""
        expressions = {item.name: item.canonical for item in self.problem.judged.slices if isinstance(item, Slice)}
        return {name: digest([name, expressions.get(name)]) for name in self.slices}

    @property
    def types(self) -> dict[str, str]:
        """Arrow type of each column as text, the levels of categories included: models see them."""
        return {column.name: column.type for column in self.data.columns}

    def first_fold(self, row_limit: int, seed: int) -> Binding:
        """Return this binding with the first fold alone, on at most so many rows; see `Repeats.first_fold`."""
        drawn = self.drawn.first_fold(row_limit, seed)
        return replace(self, repeats=(drawn[0],), drawn=drawn)

    @cached_property
    def holdout(self) -> HoldoutRows | None:
        """The rows of the sealed holdout, by hashes of their ids; None where the split seals none."""
        return holdout_rows(self.dataset, self.positions)

    @property
    def named(self) -> dict[str, str]:
        """The champion that the problem names, for the provenance of runs that begin now; empty where it names none."""
        return {} if self.problem.champion is None else {"champion": self.problem.champion}

    @property
    def n_sealed(self) -> int:
        """Count of rows in the sealed holdout."""
        return self.data.n_rows - len(self.positions)


def bind(problem: Problem, project: Project, store: Store, repeats: int | None = None) -> Binding:
    """Read a problem's data and draw its split.

    Args:
        problem: What is solved.
        project: Its root and cache.
        store: Where the split's tables are kept.
        repeats: How many repeats to draw instead of what the split says.

    Raises:
        ConfigurationError: `data.lock` cannot be read.
        DataError: The data break a rule of the dataset, the task, the split or a KPI, or differ from `data.lock`.
        DefinitionError: A metric cannot read the task's predictions, or a slice the values of its columns.
        NotFoundError: A role names a column that does not exist.
    """
    dataset = held(problem.dataset.at(project.root, project.cache), project, store)
    schema = dataset.schema()
    target = dataset.rows(roles(problem, schema, problem.design).read_by_task)
    _refuse_torn(problem, dataset)
    declared = tasks.infer(target) if problem.task is None else problem.task
    split = problem.design.resolve(has_classes=declared.has_classes, has_groups=problem.groups is not None)
    task = declared.resolve(target)
    metrics = resolved_metrics(problem, task, project)
    columns = roles(problem, schema, split, metrics, problem.judged.slices)
    everything = _split_rows(dataset, columns, split, task)
    # Whoever decides what is sealed sees no target: a row is sealed by what it is, never by what became of it.
    sealed = split.sealed(replace(everything, target=None))
    positions = np.flatnonzero(~sealed).astype(np.int64)
    kept = everything if len(positions) == len(sealed) else _kept(everything, positions)
    data = dataset.identity()
    rows = dataset.rows(columns.row_columns).take(pa.array(positions))
    for metric in metrics:
        if isinstance(metric, KpiMetric):
            metric.source.check(rows)
    target = target.take(pa.array(positions))
    truth, drawn = task.truth(target), Repeats(split, kept, store)
    places = places_of(task, split, kept, truth, drawn)
    binding = Binding(
        problem=problem,
        project=project,
        dataset=dataset,
        data=data,
        roles=columns,
        split=split,
        task=task,
        metrics=metrics,
        identity=problem_identity(problem, data, columns, task, split),
        evaluation=evaluation_identity(problem, metrics),
        ids=kept.ids,
        target=target,
        truth=truth,
        rows=rows,
        slices=slices_of(problem.judged, rows, places),
        weight=weights_of(dataset, columns, positions),
        positions=positions,
        repeats=tuple(drawn[number] for number in range(split.repeats if repeats is None else repeats)),
        drawn=drawn,
        kept=data_evidence(dataset, project, store),
        places=places,
    )
    # Only now: columns that no problem could use are not those that later files are held to.
    store.remember_schema(dataset.name, dataset.version, {field.name: str(field.type) for field in schema})
    return binding


def all_rows(binding: Binding) -> SplitRows:
    """Return all rows as the split saw them, the sealed ones among them; only a look at the holdout asks."""
    return _split_rows(binding.dataset, binding.roles, binding.split, binding.task)


def _refuse_torn(problem: Problem, dataset: Dataset) -> None:
    """Refuse groups that would let a fold tear apart what the task judges as a whole."""
    together = problem.task.together if isinstance(problem.task, RowTask) else None
    if together is None or together == problem.groups:
        return
    rule = f"Rows with the same `{together}` must stay on one side of a fold: the task judges them together."
    remedy = f"Write `groups={together!r}`."
    if problem.groups is None:
        raise DefinitionError(rule, f"Problem `{problem.name}` has no `groups`.", remedy)
    pairs = dataset.rows([together, problem.groups]).group_by([together, problem.groups]).aggregate([])
    torn = len(pairs) - len(pairs.column(together).unique())
    if torn:
        found = f"The groups are `{problem.groups}`, of which some `{together}` has several."
        raise DefinitionError(rule, found, remedy)


def _split_rows(dataset: Dataset, columns: Roles, split: Split, task: Task) -> SplitRows:
    target = groups = None
    if len(columns.target) == 1:
        target = _values(dataset.rows(columns.target).column(0))
    if columns.groups is not None:
        groups = _values(dataset.rows([columns.groups]).column(0))
        _refuse_missing(groups, columns.groups)
    time = None if columns.time is None else dataset.rows([columns.time])
    return SplitRows(dataset.ids(), dataset.rows(split.columns), target, groups, task.has_classes, time)


def _kept(rows: SplitRows, positions: npt.NDArray[np.int64]) -> SplitRows:
    taken = pa.array(positions)
    return SplitRows(
        rows.ids.take(taken),
        rows.columns.take(taken),
        None if rows.target is None else rows.target[positions],
        None if rows.groups is None else rows.groups[positions],
        rows.has_classes,
        None if rows.time is None else rows.time.take(taken),
    )


def weights_of(dataset: Dataset, columns: Roles, positions: npt.NDArray[np.int64]) -> npt.NDArray[np.float64] | None:
    """Return the weights of rows, (n_rows,); None where all weigh the same.

    Raises:
        DataError: The column holds what is no weight.
    """
    if columns.weight is None:
        return None
    values = dataset.rows([columns.weight]).column(0).to_pandas()
    try:
        weight = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        weight = np.full(len(values), np.nan)
    if not np.isfinite(weight).all() or (weight < 0).any() or not weight.any():
        raise DataError(
            "Weights are numbers that are not negative, and not all zero.",
            f"Column `{columns.weight}` holds others.",
            "Mend the column, or drop `weight=` from the problem.",
        )
    return weight[positions]


def _refuse_missing(groups: npt.NDArray[np.generic], name: str) -> None:
    missing = int(sum(value is None or value != value for value in groups.tolist()))  # noqa: PLR0124 - NaN is not itself
    if missing:
        raise DataError(
            "Every row must belong to a group.",
            f"Column `{name}` has {counted(missing, 'row')} without a value.",
            "Give each of these rows a group of its own, or drop them.",
        )


def _values(column: pa.ChunkedArray) -> npt.NDArray[np.generic]:
    return np.asarray(column.to_numpy())
