"""What the business counts, declared: a name, a unit, and what gives the amount of each row."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bancada.definitions._names import check_column
from bancada.exceptions import DefinitionError, nearest
from bancada.metrics.kpi import CostMatrix, KpiMetric, amount_function, cell_named, cost_matrix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bancada.metrics.kpi import AmountFunction

__all__ = ["Kpi"]

_LONGEST = 80
_PER = re.compile(r"\bper\s+(\d[\d,._']*)")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})*|\d+")


@dataclass(frozen=True)
class Kpi:
    """What the business counts: an amount for each row with a unit, shown as a mean times a scale.

    A function gets truth, prediction and, by the names of its further parameters, columns of the data, all as arrays,
    and returns an amount per row. A parameter with a number as its default is an assumption. For yes-or-no tasks
    `costs` says instead what each outcome costs: c10 a false positive, c01 a false negative, c00 and c11 what is right.

    Args:
        name: What people call it; printable text, up to 80 characters.
        unit: What its numbers are, such as `EUR per 1,000 customers`.
        function: Returns an amount per row; exactly one of `function` and `costs` is given.
        costs: Costs by `c10`, `c01`, `c00`, `c11`, or `false_positive` and so on: numbers, or columns of amounts, of
            which one after a minus is a gain. What is right costs nothing unless it is said.
        decide: With `costs`: `label`, the model's own decision, or `threshold`, the decision that costs least in
            expectation by the predicted probability.
        amounts: Column by parameter of the function, where they are not called the same.
        assumptions: Values of the function's assumptions that are not the defaults.
        ranges: The range (low, high) in which an assumption, or a cost, is thought to lie; for a column of costs what
            its amounts are multiplied by. For the sensitivity only.
        reads: Kind of prediction that the function reads, as in `bc.metrics.from_function`.
        scale: Rows that one number speaks of; by default the number after `per` in the unit, else 1.
        greater_is_better: Direction; a function's amounts are gains by default, costs are never.
        rationale: Why this is what counts: a file below the root, or a sentence.

    Raises:
        DefinitionError: Something is not well formed, as far as that can be told without the data.

    Examples:
        >>> kpi = Kpi("cost of errors", unit="EUR per 1,000 patients", costs={"c10": 1_000, "c01": 50_000})
        >>> kpi.metric.scale, kpi.metric.greater_is_better
        (1000.0, False)
    """

    name: str
    unit: str = ""
    function: Callable[..., Any] | None = None
    costs: Mapping[str, float | str] | None = None
    decide: str = "label"
    amounts: Mapping[str, str] | None = None
    assumptions: Mapping[str, float] | None = None
    ranges: Mapping[str, tuple[float, float]] | None = None
    reads: str | Sequence[str] = "auto"
    scale: float | None = None
    greater_is_better: bool | None = None
    rationale: str = ""

    def __post_init__(self) -> None:
        """Refuse what needs no data to be told wrong."""
        _check_text("name", self.name, 'Call it as people do: `bc.Kpi("retained margin", …)`.')
        _check_text("unit", self.unit, 'Say what its numbers are: `unit="EUR per 1,000 customers"`.')
        rationale: object = self.rationale
        if not isinstance(rationale, str):
            rule = f"`rationale` of KPI `{self.name}` is a file below the root, or a sentence."
            raise DefinitionError(rule, f"Found {rationale!r}.", "Give it as text.")
        if (self.function is None) == (self.costs is None):
            found = "Found neither." if self.function is None else "Found both."
            rule = f"KPI `{self.name}` is counted by a `function` or by a table of `costs`."
            raise DefinitionError(rule, found, 'Give one of them, such as `costs={"c10": 200, "c01": 5_000}`.')
        self._check_ranges(self.metric)

    @cached_property
    def metric(self) -> KpiMetric:
        """The KPI as a metric."""
        if self.costs is None:
            better = True if self.greater_is_better is None else self.greater_is_better
        elif self.greater_is_better:
            rule = f"Of the costs of KPI `{self.name}` less is better."
            raise DefinitionError(rule, "Found `greater_is_better=True`.", "Leave it out; a gain is a negative cost.")
        else:
            better = False
        return KpiMetric(self.name, self.unit, self._scale(), better, self._source())

    @property
    def thought(self) -> dict[str, tuple[float, float]]:
        """The ranges, by assumption; a cost by its cell."""
        return {cell_named(name) if self.costs else name: ends for name, ends in (self.ranges or {}).items()}

    def _source(self) -> CostMatrix | AmountFunction:
        if self.function is None:
            for role in ("amounts", "assumptions"):
                if getattr(self, role) is not None:
                    rule = f"`{role}` of KPI `{self.name}` belongs to a `function`."
                    raise DefinitionError(rule, "Found it beside `costs`.", "Put numbers and columns into `costs`.")
            return cost_matrix(None if self.costs is None else dict(self.costs), self.decide)
        if self.decide != "label":
            rule = f"`decide` of KPI `{self.name}` belongs to `costs`."
            remedy = "Decide inside the function: with `y_proba` as its second parameter it gets probabilities."
            raise DefinitionError(rule, "Found it beside `function`.", remedy)
        for column in (self.amounts or {}).values():
            check_column(f"KPI `{self.name}`", "amounts", column)
        reads = self.reads if isinstance(self.reads, str) else tuple(self.reads)
        return amount_function(self.function, amounts=self.amounts, assumptions=self.assumptions, reads=reads)

    def _scale(self) -> float:
        """Return the scale that was given, or the number after `per` in the unit.

        A number with a point in it means another thing to other people; it is not guessed.
        """
        found = _PER.search(self.unit)
        told = None
        if found is not None and _GROUPED.fullmatch(found[1].rstrip(",.")):
            told = float(found[1].replace(",", ""))
        if self.scale is None:
            if found is not None and told is None:
                rule = f"The unit of KPI `{self.name}` says how many rows one number speaks of, as in `per 1,000`."
                raise DefinitionError(rule, f"Found {found[1]!r}.", "Say the number with `scale=`.")
            return 1.0 if told is None else told
        scale: object = self.scale
        if not isinstance(scale, int | float) or isinstance(scale, bool) or not 0 < scale < math.inf:
            rule = f"`scale` of KPI `{self.name}` is a number above 0."
            raise DefinitionError(rule, f"Found {scale!r}.", "Give such a number, or leave it out.")
        if told is not None and told != scale:
            rule = f"Unit and `scale` of KPI `{self.name}` say the same."
            raise DefinitionError(rule, f"Found {self.unit!r} and {scale!r}.", "Correct one of them.")
        return float(scale)

    def _check_ranges(self, metric: KpiMetric) -> None:
        known = metric.assumptions
        if isinstance(metric.source, CostMatrix):
            known |= dict.fromkeys(metric.columns, 1.0)
        for name, ends in self.thought.items():
            if name not in known:
                rule = f"`ranges` of KPI `{self.name}` is by assumption: a number, or a column of costs."
                raise DefinitionError(rule, f"Found `{name}`.", nearest(str(name), known))
            given: object = ends
            numbers = isinstance(given, list | tuple) and len(given) == 2 and all(map(_is_number, given))
            if not numbers or not ends[0] <= known[name] <= ends[1]:
                rule = f"A range of KPI `{self.name}` is (low, high), and holds the value that is assumed."
                found = f"Found {ends!r} for `{name}`, which is {known[name]:g}."
                raise DefinitionError(rule, found, "Correct one of them.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _check_text(role: str, value: object, remedy: str) -> None:
    if not isinstance(value, str) or not value.strip() or not value.isprintable() or len(value) > _LONGEST:
        rule = f"The {role} of a KPI is printable text of up to {_LONGEST} characters."
        raise DefinitionError(rule, f"Found {value!r}.", remedy)
