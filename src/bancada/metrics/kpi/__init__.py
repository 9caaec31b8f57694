"""What a business counts: an amount per row with a unit, from a function or from a table of costs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.metrics.kpi._costs import CELLS, CostMatrix, cell_named, cost_matrix, pays, spent
    from bancada.metrics.kpi._function import AmountFunction, amount_function
    from bancada.metrics.kpi._metric import KpiMetric

__all__ = [
    "CELLS",
    "AmountFunction",
    "CostMatrix",
    "KpiMetric",
    "amount_function",
    "cell_named",
    "cost_matrix",
    "pays",
    "spent",
]

_HOMES = {
    "CELLS": "_costs",
    "AmountFunction": "_function",
    "CostMatrix": "_costs",
    "KpiMetric": "_metric",
    "amount_function": "_function",
    "cell_named": "_costs",
    "cost_matrix": "_costs",
    "pays": "_costs",
    "spent": "_costs",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
