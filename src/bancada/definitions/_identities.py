"""What two runs must share to be compared, and what is approved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada.definitions._slices import canonical_slices
from bancada.exceptions import DefinitionError
from bancada.identity import digest
from bancada.metrics.kpi import KpiMetric
from bancada.records import EvaluationIdentity, ProblemIdentity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bancada.contracts import Metric, Split, Task
    from bancada.definitions._problem import Problem
    from bancada.definitions._roles import Roles
    from bancada.records import DatasetIdentity, MetricIdentity

__all__ = ["declared_roles", "evaluation_identity", "problem_identity"]


def evaluation_identity(problem: Problem, metrics: Sequence[Metric]) -> EvaluationIdentity:
    """Return what stakeholders approve: the problem without its data, and how it is judged.

    A new version of the data changes nothing here, nor does the order of metrics, slices, features or exclusions.

    Args:
        problem: The problem as it was declared: its task is not resolved, and null where it is left to the data.
        metrics: Its metrics and KPIs, the primary first.

    Raises:
        DefinitionError: There is no metric.
    """
    if not metrics:
        rule = f"The evaluation of problem `{problem.name}` has a metric."
        raise DefinitionError(rule, "Found none.", 'Name one: `bc.Evaluation(primary="roc_auc")`.')
    identities = tuple(metric.identity() for metric in metrics)
    kpis = {metric.name for metric in metrics if isinstance(metric, KpiMetric)}
    split = problem.design
    if problem.task is not None:
        split = split.resolve(has_classes=problem.task.has_classes, has_groups=problem.groups is not None)
    margin = problem.judged.margin
    ingredients: dict[str, Any] = {
        "dataset": problem.dataset.name,
        "roles": declared_roles(problem),
        "task": None if problem.task is None else dict(problem.task.identity()),
        "split": dict(split.identity()),
        "primary": identities[0].name,
        "metrics": _listed(item for item in identities if item.name not in kpis),
        "slices": canonical_slices(tuple(problem.judged.slices)),
        "margin": None if margin is None else float(margin),
    }
    if kpis:
        # Only where there is one: an evaluation without KPI is the one that was approved before there were any.
        ingredients["kpi"] = _listed(item for item in identities if item.name in kpis)
    return EvaluationIdentity(
        digest=digest(ingredients),
        ingredients=ingredients,
        primary=identities[0].name,
        metrics=identities,
        margin=ingredients["margin"],
    )


def _listed(identities: Iterable[MetricIdentity]) -> list[dict[str, str]]:
    return [{"name": item.name, "digest": item.digest} for item in sorted(identities, key=lambda item: item.name)]


def problem_identity(
    problem: Problem, dataset: DatasetIdentity, roles: Roles, task: Task, split: Split
) -> ProblemIdentity:
    """Return what two runs must share to be compared.

    Labels (the names of problem, dataset and version) and the count of repeats are no part of the digest.

    Args:
        problem: The problem.
        dataset: Identity of its data.
        roles: Roles of the columns on these data.
        task: Its task, resolved.
        split: Its split.
    """
    ingredients: dict[str, Any] = {
        "data": {"table": dataset.table},
        "roles": roles.identity(),
        "task": dict(task.identity()),
        "split": dict(split.identity()),
    }
    return ProblemIdentity(name=problem.name, digest=digest(ingredients), ingredients=ingredients, dataset=dataset)


def declared_roles(problem: Problem) -> dict[str, Any]:
    """Return the roles as they were declared, without a look at the data, as canonical JSON."""
    features = problem.features
    return {
        "id": problem.dataset.id,
        "target": list(problem.targets),
        "features": _selector(features) if callable(features) else None if features is None else sorted(features),
        "exclude": sorted(problem.exclude),
        "groups": problem.groups,
        "time": problem.time,
        "weight": problem.weight,
        "fit_weight": problem.fit_weight,
    }


def _selector(selector: Any) -> dict[str, Any]:
    """Return a selector by its name and settings; which columns it takes is part of the problem's identity."""
    named = selector if hasattr(selector, "__qualname__") else type(selector)
    settings = getattr(selector, "__dict__", {}) if named is not selector else {}
    return {
        "selector": f"{named.__module__}.{named.__qualname__}",
        "settings": {key: _spelled(value) for key, value in sorted(settings.items())},
    }


def _spelled(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_spelled, value)) + "]"
    return f"{value.__module__}.{value.__qualname__}" if isinstance(value, type) else repr(value)
