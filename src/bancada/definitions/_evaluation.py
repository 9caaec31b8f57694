"""How a problem is judged: what stakeholders approve."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bancada.definitions._names import check_name
from bancada.definitions._slices import check_slices
from bancada.definitions._slicing import slice_masks
from bancada.definitions.agreement import check_alternatives, check_reasons, check_text
from bancada.definitions.kpi import Kpi
from bancada.exceptions import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from bancada.definitions._slices import Slice
    from bancada.definitions.agreement import Alternative

__all__ = ["Evaluation"]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Metrics, margin, slices and KPIs, and why it is these.

    Title, rationale, reasons and alternatives are for the people who approve it (`bancada evaluation show`); they
    change no score and no identity.

    Args:
        primary: The metric that decides: a name, a metric, a function `f(y_true, y_pred)` or a scikit-learn scorer; the
            first default metric of the task without one.
        metrics: The others, in the order to show. Without a primary metric and others, the task's default metrics.
        margin: Smallest difference that matters, in units of the primary metric.
        slices: Columns' names (each value is a slice, up to 20) and `Slice(name, expression)`.
        kpi: What the business counts: a `Kpi`, or a list of them. It is scored like a metric and decides nothing.
        title: Heading of the document that people approve.
        rationale: What the evaluation is to tell, and for which decision.
        reasons: Why each metric was chosen, by its name.
        alternatives: What was considered and rejected: `bc.Alternative("accuracy", "why not")`.

    Raises:
        DefinitionError: A metric's name cannot be one, the margin is not above 0, a slice or a KPI is none, or a text
            says nothing.
    """

    primary: Any = None
    metrics: Sequence[Any] = ()
    margin: float | None = None
    slices: Sequence[str | Slice] = ()
    kpi: Kpi | Sequence[Kpi] = ()
    title: str = ""
    rationale: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict, hash=False)
    alternatives: Sequence[Alternative] = ()

    def __post_init__(self) -> None:
        """Refuse what needs no data to be told wrong."""
        if isinstance(self.metrics, str) or not isinstance(self.metrics, list | tuple):
            rule = "`metrics` of an evaluation is a list."
            raise DefinitionError(rule, f"Found {self.metrics!r}.", "Put the metrics in a list.")
        for metric in (self.primary, *self.metrics):
            if isinstance(metric, str):
                check_name("metric", metric)
        if self.margin is not None and not _is_margin(self.margin):
            rule = "`margin` is the smallest difference of the primary metric that matters, a number above 0."
            raise DefinitionError(rule, f"Found {self.margin!r}.", "Give such a number, or leave it out.")
        check_slices(self.slices)
        _check_kpis(self.kpi)
        check_text("The title of an evaluation", self.title, one_line=True)
        check_text("The rationale of an evaluation", self.rationale)
        check_reasons(self.reasons)
        check_alternatives(self.alternatives)

    @property
    def kpis(self) -> tuple[Kpi, ...]:
        """The KPIs, in the order to show."""
        return (self.kpi,) if isinstance(self.kpi, Kpi) else tuple(self.kpi)

    def slice_masks(self, rows: pa.Table) -> dict[str, npt.NDArray[np.bool_]]:
        """Return the rows of each slice, (n_rows,), by the name it is shown under.

        A column gives one slice per value, named `region=north`, ordered by value, and `region is null` where some are
        missing.

        Args:
            rows: The row columns of the dataset, (n_rows,).

        Raises:
            NotFoundError: A column does not exist.
            DefinitionError: A column has more than 20 values or values that are no label; an expression compares unlike
                types; two slices have one name.
        """
        return slice_masks(self.slices, rows)


def _check_kpis(kpi: object) -> None:
    if isinstance(kpi, Kpi):
        return
    rule = "`kpi` of an evaluation is a `Kpi`, or a list of them."
    if not isinstance(kpi, list | tuple):
        raise DefinitionError(rule, f"Found {kpi!r}.", "Write `bc.Kpi(NAME, unit=…, costs=…)`.")
    for item in kpi:
        if not isinstance(item, Kpi):
            raise DefinitionError(rule, f"Found {item!r} in it.", "Write `bc.Kpi(NAME, unit=…, costs=…)`.")


def _is_margin(margin: object) -> bool:
    number = isinstance(margin, int | float) and not isinstance(margin, bool)
    return number and 0 < margin < math.inf  # type: ignore[operator] # it is a number where this is reached
