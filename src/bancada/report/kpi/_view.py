"""The KPIs as an object of a notebook or a script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.display import to_html, to_text
from bancada.report.kpi._tables import kpi_tables

if TYPE_CHECKING:
    from bancada.judgement.kpi import KpiDocument

__all__ = ["KpiView"]


@dataclass(frozen=True)
class KpiView:
    """What is known of the KPIs of a board; it shows itself.

    Attributes:
        document: The numbers, as `bancada kpi --json` prints them.
    """

    document: KpiDocument

    def __str__(self) -> str:
        """Return the tables as plain text."""
        return "\n".join(to_text(table, width=None, color=False) for table in kpi_tables(self.document))

    def __repr__(self) -> str:
        """Return the tables as plain text: what a console shows."""
        return str(self)

    def _repr_html_(self) -> str:
        return "\n".join(to_html(table) for table in kpi_tables(self.document))
