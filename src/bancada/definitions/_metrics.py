"""The metrics of a problem: by name, as values, as functions and scorers, each once, the primary first."""

from __future__ import annotations

import inspect
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any

from bancada.contracts import PlacedTask
from bancada.exceptions import DefinitionError, nearest
from bancada.metrics import as_metric
from bancada.metrics.kpi import KpiMetric
from bancada.provenance import ProjectCode, code_closure

if TYPE_CHECKING:
    from bancada.contracts import Metric, Task
    from bancada.definitions._problem import Problem
    from bancada.definitions._project import Project

__all__ = ["named_metrics", "resolved_metrics"]


def named_metrics(problem: Problem, task: Task | None, project: Project) -> tuple[Metric, ...]:
    """Return the metrics of a problem, the primary first, KPIs last, whether or not they can read what the task gives.

    Args:
        problem: The problem.
        task: Its task, resolved or not; None where the problem names all metrics itself.
        project: By its code a user's function is known with all that it calls.

    Raises:
        NotFoundError: There is no built-in metric of a name.
        DefinitionError: Something is no metric, two different metrics have one name, or a reason is given for none.
    """
    code = ProjectCode(project.root, project.search)
    found: dict[str, Metric] = {}
    kpis = [kpi.metric for kpi in problem.judged.kpis]
    for value in [*_wanted(problem, task), *kpis]:
        metric = _with_code(as_metric(value), code)
        other = found.setdefault(metric.name, metric)
        if other is not metric and other.identity().digest != metric.identity().digest:
            rule = f"Each metric of problem `{problem.name}` has a name of its own."
            raise DefinitionError(rule, f"Found two called `{metric.name}`.", "Give one of them another name.")
    for name in problem.judged.reasons:
        if name not in found:
            rule = f"`reasons` of problem `{problem.name}` says why each of its metrics was chosen."
            raise DefinitionError(rule, f"Found a reason for `{name}`, which is none of them.", nearest(name, found))
    return tuple(found.values())


def _wanted(problem: Problem, task: Task | None) -> list[Any]:
    evaluation = problem.judged
    if evaluation.primary is not None:
        return [evaluation.primary, *evaluation.metrics]
    if task is None:
        rule = f"Problem `{problem.name}` names its task or its primary metric."
        raise DefinitionError(rule, "Found neither.", "Say it: `task=bc.tasks.Binary()`.")
    return [task.metrics[0], *evaluation.metrics] if evaluation.metrics else list(task.metrics)


def resolved_metrics(problem: Problem, task: Task, project: Project) -> tuple[Metric, ...]:
    """Return the metrics of a problem, the primary first, KPIs last, each known to read what the task gives.

    Args:
        problem: The problem.
        task: Its task, resolved.
        project: By its code a user's function is known with all that it calls.

    Raises:
        NotFoundError: There is no built-in metric of a name.
        DefinitionError: Something is no metric, two different metrics have one name, or one cannot read the task's
            truth and predictions.
    """
    metrics = named_metrics(problem, task, project)
    truth, predictions = task.truth_schema(), task.schema()
    if isinstance(task, PlacedTask):
        for field in task.place_schema():
            predictions = predictions.append(field)
    for metric in metrics:
        missing = metric.missing(truth, predictions)
        if missing:
            rule = f"A metric of problem `{problem.name}` reads what its task `{task.name}` gives."
            kind = "KPI" if isinstance(metric, KpiMetric) else "Metric"
            found = f"{kind} `{metric.name}` reads {_listed(missing)}, but truth has {_listed(truth.names)} "
            found += f"and predictions have {_listed(predictions.names)}."
            remedy = "Choose another metric, such as " + _listed(task.metrics, " or ") + "."
            if isinstance(metric, KpiMetric):
                remedy = "Give it a function of what the task gives: costs by outcome are for yes-or-no tasks."
            raise DefinitionError(rule, found, remedy)
    return metrics


def _listed(names: Any, last: str = ", ") -> str:
    return last.join(f"`{name}`" for name in names)


def _with_code(metric: Metric, code: ProjectCode) -> Metric:
    """Return a user's metric known by all the code that its function calls, from now on.

    What a module of the project has at its top level, decorators included, is known by reading the project. Else, as in
    a notebook, in a script, or where a function was decorated or made on the way, it is known by what its names resolve
    to now. A code that the user gave stands.
    """
    with_code = getattr(metric, "with_code", None)
    if with_code is None or getattr(metric, "code", None) is not None:
        return metric
    function = _of_project(metric, code)
    told: str | None
    if function is not None:
        told = code_closure(function.__module__, function.__qualname__, code).digest
    else:
        told = metric.identity().ingredients.get("code")
    known: Metric = metric if told is None else with_code(told)
    return known


def _of_project(metric: Metric, code: ProjectCode) -> FunctionType | None:
    """Return the function that a metric or scorer calls where a module of the project has it under its own name."""
    value: Any = getattr(metric, "function", None) or getattr(metric, "scorer", None)
    value = getattr(value, "_score_func", value)
    while isinstance(value, partial):
        value = value.func
    inner = inspect.unwrap(value) if callable(value) else None
    if not isinstance(inner, FunctionType) or inner.__module__ == "__main__" or "<" in inner.__qualname__:
        return None
    name, *parts = inner.__qualname__.split(".")
    bound = inner.__globals__.get(name)
    for part in parts:
        bound = getattr(bound, part, None)
    return inner if bound is value and code.find(inner.__module__) is not None else None
