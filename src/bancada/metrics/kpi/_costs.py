"""What each of the four outcomes of a yes-or-no decision costs (Elkan 2001)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bancada.exceptions import DataError, DefinitionError, counted, nearest
from bancada.metrics._readings import BINARY_LABELS, BINARY_PROBABILITY, flags, floats, is_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from bancada.samples import Sample

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

__all__ = ["CELLS", "DECISIONS", "CostMatrix", "cell_named", "cost_matrix", "pays", "spent"]

CELLS = ("c10", "c01", "c00", "c11")
DECISIONS = ("label", "threshold")
_WORDS = {"false_positive": "c10", "false_negative": "c01", "true_negative": "c00", "true_positive": "c11"}


@dataclass(frozen=True)
class CostMatrix:
    """Costs c_ij of deciding i where j is true: a number, or a column that holds an amount for each row.

    A column's name after a minus counts as a gain.

    Attributes:
        c10: Cost of a false positive.
        c01: Cost of a false negative.
        c00: Cost of a true negative.
        c11: Cost of a true positive.
        decide: `label` takes the model's own decision; `threshold` decides positive where that is expected to cost no
            more, by the predicted probability.
    """

    c10: float | str
    c01: float | str
    c00: float | str = 0.0
    c11: float | str = 0.0
    decide: str = "label"

    @property
    def columns(self) -> tuple[str, ...]:
        """Row columns that hold amounts, each once."""
        named = (getattr(self, cell) for cell in CELLS)
        return tuple(dict.fromkeys(_column(value) for value in named if isinstance(value, str)))

    def ingredients(self) -> dict[str, Any]:
        """Return what belongs to the identity."""
        return {"costs": {cell: getattr(self, cell) for cell in CELLS}, "decide": self.decide, "version": 1}

    def missing(self, truth: pa.Schema, predictions: pa.Schema) -> tuple[str, ...]:
        """Return what the schemas lack."""
        reading = BINARY_LABELS if self.decide == "label" else BINARY_PROBABILITY
        return reading.missing(truth, predictions)

    def amounts(self, sample: Sample) -> Floats:
        """Return the cost of each row, (n_rows,); NaN where the probability is.

        Raises:
            DataError: An amount is missing or negative.
        """
        positive = flags(sample.truth, "label")
        costs = self.cells(sample.rows, len(positive))
        if self.decide == "label":
            return spent(costs, positive, flags(sample.predictions, "label"))
        probability = floats(sample.predictions, "probability")
        decided = spent(costs, positive, pays(costs, probability))
        return np.where(np.isnan(probability), np.nan, decided)

    def cells(self, rows: pa.Table, n_rows: int) -> dict[str, Floats]:
        """Return each cost for every row, (n_rows,), by its cell.

        Args:
            rows: Row columns, (n_rows,).
            n_rows: Count of rows, for a table without columns has none.

        Raises:
            DataError: An amount is missing or negative.
        """
        return {cell: _values(getattr(self, cell), rows, n_rows) for cell in CELLS}

    def check(self, rows: pa.Table) -> None:
        """Look at the amounts before anything is fitted.

        Raises:
            DataError: An amount is missing or negative, or a column holds no numbers.
        """
        for name in self.columns:
            _amounts(name, rows)

    def moved(self, cell: str, value: float) -> CostMatrix:
        """Return these costs with another number in a cell; a column of amounts is left alone."""
        changed: dict[str, Any] = {cell: value}
        return replace(self, **changed)


def spent(costs: Mapping[str, Floats], positive: Flags, decided: Flags) -> Floats:
    """Return what each row costs, (n_rows,), under these decisions."""
    of_positive = np.where(decided, costs["c11"], costs["c01"])
    of_negative = np.where(decided, costs["c10"], costs["c00"])
    return np.where(positive, of_positive, of_negative)


def pays(costs: Mapping[str, Floats], probability: Floats) -> Flags:
    """Return where deciding positive is expected to cost no more than deciding negative, (n_rows,).

    p·c11 + (1 − p)·c10 ≤ p·c01 + (1 − p)·c00: for a positive denominator that is p ≥ p* (Elkan 2001, equation 2).
    """
    less = probability * (costs["c01"] - costs["c11"])
    more = (1.0 - probability) * (costs["c10"] - costs["c00"])
    return np.asarray(more <= less, dtype=np.bool_)


def cell_named(name: str) -> str:
    """Return the cell that a word means, such as `c10` for `false_positive`; any other name as it is."""
    return _WORDS.get(name, name)


def cost_matrix(costs: object, decide: str = "label") -> CostMatrix:
    """Return a table of costs from what a person wrote.

    Args:
        costs: Costs by `c10`, `c01`, `c00`, `c11`, or by `false_positive`, `false_negative`, `true_negative`,
            `true_positive`. What is right costs nothing unless it is said.
        decide: `label` or `threshold`.

    Raises:
        DefinitionError: A cell is unknown or missing, or a cost is neither a number nor the name of a column.
    """
    if not isinstance(costs, dict):
        rule = "`costs` of a KPI is a table of costs by outcome."
        raise DefinitionError(rule, f"Found {costs!r}.", 'Write `costs={"c10": 200, "c01": 5_000}`.')
    if decide not in DECISIONS:
        rule = "`decide` says who decides: the model's `label`, or the `threshold` that its costs make best."
        raise DefinitionError(rule, f"Found {decide!r}.", nearest(str(decide), DECISIONS))
    found: dict[str, Any] = {}
    for name, value in costs.items():
        cell = cell_named(name)
        if cell not in CELLS:
            rule = "A cost is that of `c10` (false positive), `c01` (false negative), `c00` or `c11`."
            raise DefinitionError(rule, f"Found {name!r}.", nearest(str(name), (*CELLS, *_WORDS)))
        if cell in found:
            rule = "Each outcome has one cost."
            raise DefinitionError(rule, f"Found `{cell}` twice.", "Take one of them out.")
        found[cell] = _cost(name, value)
    lacking = [cell for cell in ("c10", "c01") if cell not in found]
    if lacking:
        rule = "A table of costs says what both errors cost: `c10` (false positive) and `c01` (false negative)."
        raise DefinitionError(rule, f"Found no `{lacking[0]}`.", "Add it, 0 where it costs nothing.")
    return CostMatrix(**found, decide=decide)


def _cost(name: str, value: object) -> float | str:
    if isinstance(value, str) and _column(value):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    rule = "A cost is a number, or the name of a column with an amount for each row."
    raise DefinitionError(rule, f"`{name}` is {value!r}.", "Give one of the two; a gain is a negative number.")


def _column(name: str) -> str:
    """Return the column that a cost names; a minus before it makes it a gain."""
    return name.removeprefix("-").strip()


def _values(cost: float | str, rows: pa.Table, n_rows: int) -> Floats:
    if not isinstance(cost, str):
        return np.full(n_rows, float(cost))
    amounts = _amounts(_column(cost), rows)
    return -amounts if cost.startswith("-") else amounts


def _amounts(name: str, rows: pa.Table) -> Floats:
    rule = "An amount is a number in each row, and not negative."
    column = rows.column(name)
    if not (is_number(column.type) or pa.types.is_decimal(column.type)):
        raise DataError(rule, f"Column `{name}` holds {column.type}.", "Name a column of numbers.")
    amounts = np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
    bad = int(np.count_nonzero(~np.isfinite(amounts)))
    if bad:
        remedy = "Fill these in, or take the rows out."
        raise DataError(rule, f"Column `{name}` has {counted(bad, 'row')} without one.", remedy)
    below = int(np.count_nonzero(amounts < 0))
    if below:
        remedy = f"Mend the column; where all of it is a gain, keep it positive and write `-{name}`."
        raise DataError(rule, f"Column `{name}` is negative in {counted(below, 'row')}.", remedy)
    return amounts
