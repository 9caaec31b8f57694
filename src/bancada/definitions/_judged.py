"""How a problem is judged, as plain values: what `bancada evaluation` shows and people approve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada.definitions._judging_code import judging_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.contracts import Metric
    from bancada.definitions._problem import Problem
    from bancada.definitions._project import Project
    from bancada.definitions.kpi import Kpi
    from bancada.records import EvaluationIdentity

__all__ = ["judged"]


def judged(
    problem: Problem, metrics: Sequence[Metric], evaluation: EvaluationIdentity, project: Project
) -> dict[str, Any]:
    """Return how a problem is judged as canonical JSON.

    Args:
        problem: The problem.
        metrics: Its metrics and KPIs, the primary first.
        evaluation: What stakeholders approve; its digest is that of `ingredients`.
        project: Whose own code judges.
    """
    said = problem.judged
    kpis = {kpi.name for kpi in said.kpis}
    return {
        "title": said.title,
        "rationale": said.rationale,
        "reasons": {str(name): said.reasons[name] for name in sorted(said.reasons)},
        "alternatives": [{"name": item.name, "why": item.why} for item in said.alternatives],
        "ingredients": evaluation.ingredients,
        "metrics": [
            {
                "name": identity.name,
                "greater_is_better": identity.greater_is_better,
                "built_in": "version" in identity.ingredients,
                "ingredients": identity.ingredients,
            }
            for identity in evaluation.metrics
            if identity.name not in kpis
        ],
        "kpi": [_kpi(kpi) for kpi in said.kpis],
        "repeats": problem.design.repeats,
        "code": judging_code(problem, metrics, project),
    }


def _kpi(kpi: Kpi) -> dict[str, Any]:
    """Return what the business counts, with what it rests on."""
    function = getattr(kpi.function, "__qualname__", None)
    return {
        "name": kpi.name,
        "unit": kpi.unit,
        "rationale": kpi.rationale,
        "greater_is_better": kpi.metric.greater_is_better,
        "rows": kpi.metric.scale,
        "function": None if function is None else str(function),
        "costs": None if kpi.costs is None else {str(cell): kpi.costs[cell] for cell in sorted(kpi.costs)},
        "decided_by": None if kpi.costs is None else kpi.decide,
        "columns": list(kpi.metric.columns),
        "assumptions": kpi.metric.assumptions if kpi.costs is None else {},
        "ranges": {str(name): [float(end) for end in ends] for name, ends in sorted((kpi.ranges or {}).items())},
    }
