"""What is said about KPIs: differences in their unit, thresholds, sensitivity, metrics against them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.judgement._comparison import KpiDifference
    from bancada.judgement.kpi._document import KpiDocument, KpiLine, KpiReport, MetricRelation, Sensitivity, Swap
    from bancada.judgement.kpi._reporting import kpi_document

__all__ = [
    "KpiDifference",
    "KpiDocument",
    "KpiLine",
    "KpiReport",
    "MetricRelation",
    "Sensitivity",
    "Swap",
    "kpi_document",
]

_HOMES = {
    "KpiDifference": "bancada.judgement._comparison",
    "KpiDocument": "bancada.judgement.kpi._document",
    "KpiLine": "bancada.judgement.kpi._document",
    "KpiReport": "bancada.judgement.kpi._document",
    "MetricRelation": "bancada.judgement.kpi._document",
    "Sensitivity": "bancada.judgement.kpi._document",
    "Swap": "bancada.judgement.kpi._document",
    "kpi_document": "bancada.judgement.kpi._reporting",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
