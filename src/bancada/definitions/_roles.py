"""Which column of the data plays which part."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bancada.contracts import PlacedTask, RowTask
from bancada.definitions._slices import Slice, slice_columns
from bancada.exceptions import DefinitionError, NotFoundError, nearest
from bancada.metrics.kpi import KpiMetric

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from bancada.contracts import Metric, Split
    from bancada.definitions._problem import Problem

__all__ = ["Roles", "roles"]


@dataclass(frozen=True)
class Roles:
    """The parts that columns play in a problem, on data with a known schema.

    Attributes:
        features: Columns of X, in file order.
        target: Target columns, in the order given.
        groups: Column of groups.
        time: Column of times.
        weight: Column of weights.
        row_columns: Columns that slices, metrics and the split read, in file order.
        id: Column of ids; None where rows are numbered.
        fit_weight: True where `fit` gets the weights.
        left_out: Why each column that is not in X is not in it, in file order.
        of_task: Columns that the task reads beside the target.
    """

    features: tuple[str, ...]
    target: tuple[str, ...]
    groups: str | None = None
    time: str | None = None
    weight: str | None = None
    row_columns: tuple[str, ...] = ()
    id: str | None = None
    fit_weight: bool = False
    left_out: dict[str, str] = field(default_factory=dict, hash=False)
    of_task: tuple[str, ...] = ()

    @property
    def read_by_task(self) -> tuple[str, ...]:
        """Columns from which the task reads truth: the target, then its own."""
        return (*self.target, *self.of_task)

    def identity(self) -> dict[str, Any]:
        """Return what belongs to the problem's identity as canonical JSON; what is read for scoring only does not."""
        return {
            "id": self.id,
            "features": list(self.features),
            "target": list(self.target),
            "groups": self.groups,
            "time": self.time,
            "weight": self.weight,
            "fit_weight": self.fit_weight,
        }

    def describe(self) -> tuple[str, ...]:
        """Return what X contains and what the other columns are for, a line each."""
        lines = [f"X: {_count(self.features)} ({', '.join(self.features)})"]
        if self.left_out:
            lines.append("not in X: " + ", ".join(f"{name} ({reason})" for name, reason in self.left_out.items()))
        lines.append(f"target: {', '.join(self.target) or 'none'}")
        if self.of_task:
            lines.append(f"read by the task: {', '.join(self.of_task)}")
        if self.groups is not None:
            lines.append(f"groups: {self.groups}")
        if self.time is not None:
            lines.append(f"time: {self.time}")
        if self.weight is not None:
            lines.append(f"weight: {self.weight}, {'for fit and metrics' if self.fit_weight else 'for metrics only'}")
        if self.row_columns:
            lines.append(f"read by split, metrics and slices: {', '.join(self.row_columns)}")
        return tuple(lines)


def roles(
    problem: Problem,
    schema: pa.Schema,
    split: Split,
    metrics: Sequence[Metric] = (),
    slices: Sequence[str | Slice] = (),
) -> Roles:
    """Return the roles of the columns of a problem.

    The id, target, weight, groups and split columns never enter X unless named in `features`; time and slice columns
    stay.

    Args:
        problem: The problem.
        schema: Arrow schema of all columns, in file order.
        split: The problem's split.
        metrics: Whose row columns are read.
        slices: Whose columns are read.

    Raises:
        NotFoundError: A column does not exist.
        DefinitionError: No column is left for X, or the selector of features failed.
    """
    known = tuple(schema.names)
    wanted = [("target", name) for name in problem.targets]
    wanted += [(role, getattr(problem, role)) for role in ("groups", "time", "weight")]
    wanted += [("exclude", name) for name in problem.exclude]
    wanted += [("split", name) for name in split.columns]
    of_task = problem.task.columns if isinstance(problem.task, RowTask) else ()
    wanted += [("task", name) for name in of_task]
    wanted += [(_reader(metric), name) for metric in metrics for name in metric.columns]
    placed = problem.task.place_schema().names if isinstance(problem.task, PlacedTask) else []
    wanted += [("slices", name) for name in slice_columns(tuple(slices)) if name in known or name not in placed]
    for role, name in wanted:
        if name is not None:
            _require(problem, role, name, known)
    reasons = _reasons(problem, split)
    features = _features(problem, schema, reasons)
    read = {*split.columns, *slice_columns(tuple(slices)), *(name for metric in metrics for name in metric.columns)}
    return Roles(
        features=features,
        target=problem.targets,
        groups=problem.groups,
        time=problem.time,
        weight=problem.weight,
        row_columns=tuple(name for name in known if name in read),
        id=problem.dataset.id,
        fit_weight=problem.fit_weight,
        left_out={name: reasons.get(name, "not in `features`") for name in known if name not in features},
        of_task=of_task,
    )


def _count(names: Sequence[str]) -> str:
    return f"{len(names):,} column{'' if len(names) == 1 else 's'}"


def _reader(metric: Metric) -> str:
    return f"{'KPI' if isinstance(metric, KpiMetric) else 'metric'} `{metric.name}`"


def _require(problem: Problem, role: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        rule = f"`{role}` of problem `{problem.name}` names columns of its dataset `{problem.dataset.name}`."
        if role.startswith(("metric", "KPI", "split", "task")):
            rule = f"The {role} of problem `{problem.name}` reads columns of its dataset `{problem.dataset.name}`."
        raise NotFoundError(rule, f"Found no column `{name}`.", nearest(name, known))


def _reasons(problem: Problem, split: Split) -> dict[str, str]:
    """Return why a column stays out of X unless it is named; the first reason that holds is told."""
    reasons = {name: "split" for name in split.columns if name != problem.time}
    if isinstance(problem.task, RowTask):
        reasons |= {name: "task" for name in problem.task.columns if name != problem.time}
    reasons |= dict.fromkeys(problem.exclude, "excluded")
    if problem.weight is not None:
        reasons[problem.weight] = "weight"
    if problem.groups is not None:
        reasons[problem.groups] = "groups"
    reasons |= dict.fromkeys(problem.targets, "target")
    if problem.dataset.id is not None:
        reasons[problem.dataset.id] = "id"
    return reasons


def _features(problem: Problem, schema: pa.Schema, reasons: dict[str, str]) -> tuple[str, ...]:
    free = tuple(name for name in schema.names if name not in reasons)
    if problem.features is None:
        chosen = free
    elif callable(problem.features):
        chosen = _selected(problem, problem.features, schema, free)
    else:
        for name in problem.features:
            _require(problem, "features", name, schema.names)
        chosen = tuple(problem.features)
    if not chosen:
        rule = f"At least one column of problem `{problem.name}` is left for X."
        found = (
            "Found none: " + ", ".join(f"`{name}` ({reasons.get(name, 'not selected')})" for name in schema.names) + "."
        )
        raise DefinitionError(rule, found, "Name columns in `features`, or take some out of `exclude`.")
    return tuple(name for name in schema.names if name in chosen)


def _selected(problem: Problem, selector: Any, schema: pa.Schema, free: Sequence[str]) -> tuple[str, ...]:
    frame = schema.empty_table().select(list(free)).to_pandas()
    rule = f"The selector in `features` of problem `{problem.name}` returns names of columns of the frame that it gets."
    try:
        chosen = list(selector(frame))
    except Exception as error:
        found = f"It raised `{type(error).__name__}`: {error}."
        raise DefinitionError(rule, found, "Try it on an empty pandas frame.") from error
    for name in chosen:
        if name not in free:
            raise DefinitionError(rule, f"Found {name!r}.", nearest(str(name), free))
    return tuple(chosen)
