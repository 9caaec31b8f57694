"""KPIs as tables and sentences."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bancada.report.kpi._tables import kpi_tables
    from bancada.report.kpi._view import KpiView

__all__ = ["KpiView", "kpi_tables"]

_HOMES = {"KpiView": "_view", "kpi_tables": "_tables"}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
