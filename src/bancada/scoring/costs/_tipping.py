"""How far an assumption moves before a ranking changes."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Signs = npt.NDArray[np.int8]

__all__ = ["Tipping", "TippingPoint", "searched_tipping", "straight_tipping"]

_STEPS = 60


@dataclass(frozen=True, slots=True)
class TippingPoint:
    """Where two swap places.

    Attributes:
        value: The assumption at which they are equal.
        ahead: Position of the one that is ahead now.
        behind: Position of the one that is ahead beyond.
    """

    value: float
    ahead: int
    behind: int


@dataclass(frozen=True, slots=True)
class Tipping:
    """The nearest tipping points of an assumption; None where there is none on that side.

    Attributes:
        leader_below: Where another one takes the lead, below the assumption as it is.
        leader_above: The same above it.
        order_below: Where any two swap places, below.
        order_above: The same above.
    """

    leader_below: TippingPoint | None = None
    leader_above: TippingPoint | None = None
    order_below: TippingPoint | None = None
    order_above: TippingPoint | None = None


def straight_tipping(values: Floats, slopes: Floats, present: float, low: float = -inf, high: float = inf) -> Tipping:
    """Return the tipping points where each value is a straight line of the assumption: exact.

    Two lines with values u, v and slopes a, b swap places at present − (u − v)/(a − b). Those that are equal now have
    no order that could change.

    Args:
        values: Values as they are, oriented so that greater is better, (n_lines,).
        slopes: What one more of the assumption adds to each, (n_lines,).
        present: The assumption.
        low: Smallest value that it can take.
        high: Largest.
    """
    apart = values[:, None] - values[None, :]
    steeper = slopes[:, None] - slopes[None, :]
    # Only of each pair the one that is ahead; beyond the point where they meet it is behind.
    ahead, behind = np.nonzero((apart > _tie(values)) & (steeper != 0))
    places = present - apart[ahead, behind] / steeper[ahead, behind]
    inside = (places >= low) & (places <= high)
    points = [
        TippingPoint(float(place), int(first), int(second))
        for place, first, second in zip(places[inside], ahead[inside], behind[inside], strict=True)
    ]
    leader = int(np.argmax(values)) if len(values) else -1
    return _nearest(points, present, leader)


def searched_tipping(
    values_at: Callable[[float], Floats], present: float, below: Sequence[float], above: Sequence[float]
) -> Tipping:
    """Return the tipping points of any dependence: the first change on a grid, then halving.

    Two that swap places twice between neighbouring points of the grid are not seen.

    Args:
        values_at: Takes the assumption and returns the values, oriented so that greater is better, (n_lines,).
        present: The assumption.
        below: Points to look at below it, from the nearest on.
        above: Points above it, from the nearest on.
    """
    now = values_at(present)
    signs = _signs(now)
    leader = int(np.argmax(now)) if len(now) else -1
    found: dict[str, TippingPoint | None] = {}
    for side, grid in (("below", below), ("above", above)):
        for name, rows in (("leader", [leader]), ("order", list(range(len(now))))):
            found[f"{name}_{side}"] = _first_change(values_at, signs, present, grid, rows) if len(now) else None
    return Tipping(**found)


def _first_change(
    values_at: Callable[[float], Floats], signs: Signs, present: float, grid: Sequence[float], rows: list[int]
) -> TippingPoint | None:
    """Return the first point of the grid, refined by halving, at which one of the rows falls behind another."""

    def swapped(place: float) -> npt.NDArray[np.bool_]:
        changed: npt.NDArray[np.bool_] = (_signs(values_at(place)) < 0) & (signs > 0)
        return changed[rows]

    same = present
    for place in grid:
        if swapped(place).any():
            other = place
            break
        same = place
    else:
        return None
    for _ in range(_STEPS):
        middle = (same + other) / 2
        if middle in (same, other):
            break
        if swapped(middle).any():
            other = middle
        else:
            same = middle
    row, behind = np.argwhere(swapped(other))[0]
    return TippingPoint(other, rows[int(row)], int(behind))


def _signs(values: Floats) -> Signs:
    """Return who is ahead of whom: 1 where the row is, −1 where the column is, (n_lines, n_lines)."""
    apart = values[:, None] - values[None, :]
    told = np.isfinite(apart) & (np.abs(apart) > _tie(values))
    return np.where(told, np.sign(apart), 0).astype(np.int8)


def _tie(values: Floats) -> float:
    """Return the difference up to which two values are the same but for rounding."""
    known = np.abs(values[np.isfinite(values)])
    return 1e-9 * float(known.max(initial=0.0))


def _nearest(points: Sequence[TippingPoint], present: float, leader: int) -> Tipping:
    below = [point for point in points if point.value < present]
    above = [point for point in points if point.value > present]
    return Tipping(
        leader_below=max((p for p in below if p.ahead == leader), key=lambda p: p.value, default=None),
        leader_above=min((p for p in above if p.ahead == leader), key=lambda p: p.value, default=None),
        order_below=max(below, key=lambda p: p.value, default=None),
        order_above=min(above, key=lambda p: p.value, default=None),
    )
