"""Which metrics of an evaluation are KPIs, and how lines stand by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.judgement._documents import KpiColumn, KpiValue
from bancada.judgement._lines import line_of
from bancada.judgement._words import direction

if TYPE_CHECKING:
    from bancada.judgement._lines import Line
    from bancada.records import EvaluationIdentity, MetricIdentity

__all__ = ["is_kpi", "kpi_columns", "kpi_values", "kpis_of", "unit_of"]


def is_kpi(metric: MetricIdentity) -> bool:
    """Return whether a metric is a KPI: its identity tells a unit."""
    return bool(unit_of(metric))


def unit_of(metric: MetricIdentity) -> str:
    """Return the unit of a KPI; empty for any other metric."""
    unit = metric.ingredients.get("unit", "")
    return unit if isinstance(unit, str) else ""


def kpis_of(evaluation: EvaluationIdentity) -> tuple[MetricIdentity, ...]:
    """Return the KPIs of an evaluation, in its order."""
    return tuple(metric for metric in evaluation.metrics if is_kpi(metric))


def kpi_columns(evaluation: EvaluationIdentity) -> tuple[KpiColumn, ...] | msgspec.UnsetType:
    """Return the KPIs as the board names them."""
    found = tuple(
        KpiColumn(name=kpi.name, unit=unit_of(kpi), direction=direction(kpi), metric_id=kpi.digest)
        for kpi in kpis_of(evaluation)
    )
    return found or msgspec.UNSET


def kpi_values(line: Line, evaluation: EvaluationIdentity) -> tuple[KpiValue, ...] | msgspec.UnsetType:
    """Return a line of the board by each KPI; where its runs were not scored by one, there is no value."""
    found = []
    for kpi in kpis_of(evaluation):
        judged = line_of(line.runs, kpi)
        scores = [score for run in line.runs if (score := run.score_by(kpi.digest)) is not None]
        found.append(
            KpiValue(
                name=kpi.name,
                value=judged.estimate.value,
                low=judged.estimate.low,
                high=judged.estimate.high,
                flags=tuple(dict.fromkeys(flag for score in scores for flag in score.flags)),
            )
        )
    return tuple(found) or msgspec.UNSET
