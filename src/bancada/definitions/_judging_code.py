"""Which definitions of the project make an evaluation: its own metrics, KPIs, task, split and selector."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any

from bancada.metrics.kpi import KpiMetric
from bancada.provenance import ProjectCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bancada.contracts import Metric
    from bancada.definitions._problem import Problem
    from bancada.definitions._project import Project

__all__ = ["judging_code"]


def judging_code(problem: Problem, metrics: Sequence[Metric], project: Project) -> list[dict[str, Any]]:
    """Return the project's own functions and classes by which a problem is judged, as canonical JSON.

    Args:
        problem: The problem.
        metrics: Its metrics and KPIs.
        project: Whose code counts; what comes from packages does not.

    Returns:
        For each what it is for, its module and its name there; the name is None for what no top level binds, such as a
        lambda: its code cannot be told from reading.
    """
    code = ProjectCode(project.root, project.search)
    found = []
    for what, value in _parts(problem, metrics):
        target = _bare(value)
        module = getattr(target, "__module__", None)
        if not isinstance(module, str) or code.find(module) is None:
            continue
        name = str(getattr(target, "__qualname__", "<lambda>"))
        parsed = code.module(module)
        bound = parsed is not None and name.partition(".")[0] in parsed.top.units and "<" not in name
        found.append({"what": what, "module": module, "qualname": name if bound else None})
    return found


def _parts(problem: Problem, metrics: Sequence[Metric]) -> Iterator[tuple[str, Any]]:
    """Yield what may be of the project's own making, with what it is for."""
    for metric in metrics:
        function: Any = getattr(metric, "function", None) or getattr(metric, "scorer", None)
        what = "KPI" if isinstance(metric, KpiMetric) else "metric"
        yield f"{what} {metric.name}", type(metric) if function is None else getattr(function, "_score_func", function)
    if problem.task is not None:
        yield "task", type(problem.task)
    yield "split", type(getattr(problem.design, "splitter", None) or problem.design)
    if callable(problem.features):
        yield "features", problem.features if hasattr(problem.features, "__qualname__") else type(problem.features)


def _bare(value: Any) -> Any:
    """Return the function or class behind a partial or a decorator."""
    while isinstance(value, partial):
        value = value.func
    bare = inspect.unwrap(value) if callable(value) else value
    return bare if hasattr(bare, "__qualname__") else type(bare)
