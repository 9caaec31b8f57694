"""From influence values to a standard error: rows, groups or queries as units (STATISTICS §4)."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan, sqrt
from typing import TYPE_CHECKING

import numpy as np

from bancada.exceptions import DataError, ProcedureRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.samples import Influence

    Codes = npt.NDArray[np.integer]
    Floats = npt.NDArray[np.float64]

__all__ = ["FEWEST_UNITS", "Spread", "check_weights", "members", "over_repeats", "spread", "time_blocks"]

FEWEST_UNITS = 10
_FEW_CARRY = 5
_FEWEST_TO_CARRY = 50
_ROUNDING = 1e-9
_SMALLEST_SCALE = 1e-12


@dataclass(frozen=True, slots=True)
class Spread:
    """The standard error of a score over its rows.

    Attributes:
        se: Standard error; 0 where no unit moves the score, beyond rounding.
        n_units: Independent units.
        unit: What they are: `rows`, `groups` or `queries`.
        few: True where the five units that move the score most hold more than half of Σf², of fifty or more.
    """

    se: float
    n_units: int
    unit: str
    few: bool = False

    @property
    def df(self) -> int:
        """Degrees of freedom."""
        return max(self.n_units - 1, 0)

    @property
    def obstacle(self) -> str:
        """Why there is no interval; empty where there may be one."""
        if self.n_units < FEWEST_UNITS:
            return f"fewer than {FEWEST_UNITS} {self.unit}: no interval"
        return ""


def members(influence: Influence, groups: Codes | None) -> tuple[Codes | None, str]:
    """Return the units of an influence and what they are: groups where they are told, else its own, else rows.

    A row that does not count, such as one of a query without a relevant row, is in no group.
    """
    if groups is None:
        return influence.units, "queries"
    if influence.units is None or groups.shape != influence.units.shape:
        return groups, "groups"
    return np.where(influence.units >= 0, groups, -1), "groups"


def spread(values: Floats, scale: float, units: Codes | None = None, unit: str = "groups") -> Spread:
    """Return the standard error that influence values make.

    Rows: SE² = Σf²/(n·(n − 1)). Groups: f is summed within each, SE² = G/(G − 1)·Σg²/n².

    Args:
        values: Influence of each row, or the paired difference of two, mean 0, (n_rows,).
        scale: Largest absolute score, against which rounding is measured.
        units: Number of each row's group, -1 where the row does not count, (n_rows,); None where rows are the units.
        unit: What the units are.

    Raises:
        DataError: The groups are not one for each row.
    """
    n_rows = values.size
    if units is None:
        return _summary(values, n_rows, n_rows, scale, "rows")
    if units.shape != values.shape:
        raise DataError(
            "Each row belongs to one group.",
            f"There are {n_rows:,} rows, and groups of the shape {units.shape}.",
            "Give the group of each row that was scored.",
        )
    counted = units >= 0
    _, codes = np.unique(units[counted], return_inverse=True)
    sums = np.bincount(codes, values[counted]).astype(np.float64) if codes.size else np.zeros(0)
    return _summary(sums, sums.size, n_rows, scale, unit)


def _summary(moved: Floats, n_units: int, n_rows: int, scale: float, unit: str) -> Spread:
    # Not `moved @ moved`: that wakes the threads of the BLAS, and waits for them where the cores are busy.
    squares = float(np.einsum("i,i->", moved, moved))
    if n_units < 2 or not isfinite(squares):
        return Spread(nan, n_units, unit)
    se = sqrt(n_units / (n_units - 1) * squares) / n_rows
    # The standard deviation of the units, of which the mean is taken, is what rounding is measured against.
    if se * sqrt(n_units) <= _ROUNDING * max(_SMALLEST_SCALE, scale):
        return Spread(0.0, n_units, unit)
    few = n_units >= _FEWEST_TO_CARRY and _carried_by_few(moved, squares)
    return Spread(se, n_units, unit, few)


def _carried_by_few(moved: Floats, squares: float) -> bool:
    if float(np.max(np.abs(moved))) ** 2 * _FEW_CARRY <= squares / 2:
        return False
    largest = np.partition(np.square(moved), -_FEW_CARRY)[-_FEW_CARRY:]
    return float(largest.sum()) > squares / 2


def check_weights(weight: Floats | None) -> None:
    """Refuse weights that mean nothing.

    Raises:
        DataError: A weight is negative or no number, or all are 0.
    """
    if weight is None or not weight.size:
        return
    missing, negative = int((~np.isfinite(weight)).sum()), int((weight < 0).sum())
    if missing or negative or not weight.any():
        raise DataError(
            "Weights are numbers that are not negative, and not all zero.",
            f"Found {missing} without a number, {negative} negative, {int((weight > 0).sum())} positive.",
            "Mend the weights, or leave them out.",
        )


def over_repeats(parts: Sequence[tuple[Influence, Codes]]) -> tuple[Influence, Codes]:
    """Return one influence of predictions that were made several times: a row's is its mean over the repeats.

    Repeats are never stacked as rows: a row that was tested ten times is one row still.

    Args:
        parts: For each repeat the influence of the rows that it tested, all in one sample, and their positions.

    Returns:
        The influence of each row that was tested at all, and the positions, ascending. The score is the mean over the
        repeats.

    Raises:
        ProcedureRefused: A repeat holds a row twice.
        DataError: There is no repeat.
    """
    if not parts:
        raise DataError("Repeats are averaged row by row.", "There is none.", "Give at least one.")
    for _, positions in parts:
        if np.unique(positions).size != positions.size:
            raise ProcedureRefused(
                "A row counts once in a repeat: stacked repeats would count one piece of evidence several times.",
                f"Of {positions.size:,} rows {positions.size - np.unique(positions).size:,} stand twice.",
                "Give each repeat by itself.",
            )
    if len(parts) == 1:
        return parts[0]
    rows, codes = np.unique(np.concatenate([positions for _, positions in parts]), return_inverse=True)
    summed = np.bincount(codes, np.concatenate([part.values for part, _ in parts]), minlength=rows.size)
    values = summed / np.bincount(codes, minlength=rows.size)
    first = parts[0][0]
    flags = tuple(dict.fromkeys(flag for part, _ in parts for flag in part.flags))
    value = float(np.mean([part.value for part, _ in parts]))
    # What is left is a mean of rows, whatever each repeat was: no share of so many rows, and no table.
    kind = first.kind if first.kind in {"root", "undefined"} else "mean"
    return type(first)(value, values - values.mean(), first.scale, kind, flags=flags), rows


def time_blocks(order: Codes, count: int = FEWEST_UNITS) -> npt.NDArray[np.int64]:
    """Return contiguous blocks of time as groups: rows near in time are not independent.

    Rows of one time, such as the series of a forecast, stand in one block; blocks hold about equally many times.

    Args:
        order: Number of each row's time, ascending, (n_rows,).
        count: Blocks.

    Raises:
        DataError: There are fewer times than blocks.

    Examples:
        >>> import numpy as np
        >>> time_blocks(np.array([0, 0, 1, 2, 3, 3]), 2).tolist()
        [0, 0, 0, 1, 1, 1]
    """
    times, codes = np.unique(order, return_inverse=True)
    if times.size < count:
        raise DataError(
            f"{count} blocks of time need as many times.",
            f"There are {times.size}.",
            "Score over more time, or read the estimate without an interval.",
        )
    return np.asarray(codes * count // times.size, dtype=np.int64)
