"""How far each assumption of a KPI moves before the ranking changes."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from bancada.judgement.kpi._candidates import decided_rows
from bancada.judgement.kpi._document import Sensitivity, Swap
from bancada.metrics.kpi import CELLS, CostMatrix, pays, spent
from bancada.scoring.costs import searched_tipping, straight_tipping

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from bancada.judgement.kpi._candidates import Candidate, DecidedRows
    from bancada.metrics.kpi import KpiMetric
    from bancada.scoring.costs import Tipping, TippingPoint

    Floats = npt.NDArray[np.float64]
    Range = tuple[float, float] | None

__all__ = ["sensitivity_of"]

_PER_DECADE = 12
_DECADES = 2
_IN_RANGE = 24


@dataclass(frozen=True)
class _Assumption:
    """What may be otherwise: a number, or the amounts of a column, which are multiplied.

    Attributes:
        name: Its name; for a column that of the column.
        value: Its value; 1 for a column.
        cells: Cells of the table of costs that it decides.
        column: True for a column.
    """

    name: str
    value: float
    cells: tuple[str, ...]
    column: bool = False


def sensitivity_of(
    kpi: KpiMetric, candidates: Sequence[Candidate], ranges: Mapping[str, Range]
) -> tuple[Sensitivity, ...]:
    """Return how far each assumption moves before the ranking by the KPI changes, the others as they are.

    For the model's own decisions a table of costs makes straight lines, of which the tipping points are exact. Where
    the costs decide, and for functions, they are searched for, up to a hundred times and a hundredth of the value, and
    with its sign.

    Args:
        kpi: The KPI.
        candidates: Those who are ranked; no baseline.
        ranges: The range in which an assumption is thought to lie, by its name.
    """
    if len(candidates) < 2:
        return ()
    labels = [candidate.label for candidate in candidates]
    sign = 1.0 if kpi.greater_is_better else -1.0
    if not isinstance(kpi.source, CostMatrix):
        return tuple(
            _told(
                _Assumption(name, value, ()),
                _of_function(kpi, candidates, name, sign, ranges.get(name)),
                labels,
                ranges,
            )
            for name, value in kpi.assumptions.items()
        )
    rows = [part for candidate in candidates if (part := decided_rows(candidate, kpi)) is not None]
    exact = kpi.source.decide == "label"
    found = []
    for assumption in _assumptions(kpi.source):
        thought = ranges.get(assumption.name)
        tipping = _straight(rows, assumption) if exact else _of_decisions(rows, assumption, thought)
        found.append(_told(assumption, tipping, labels, ranges, exact=exact))
    return tuple(found)


def _assumptions(costs: CostMatrix) -> list[_Assumption]:
    """Return the numbers and the columns of a table of costs; being right at no cost is none."""
    found: dict[str, _Assumption] = {}
    for cell in CELLS:
        value = getattr(costs, cell)
        if isinstance(value, str):
            name = value.removeprefix("-").strip()
            others = found[name].cells if name in found else ()
            found[name] = _Assumption(name, 1.0, (*others, cell), column=True)
        elif value or cell in {"c10", "c01"}:
            found[cell] = _Assumption(cell, value, (cell,))
    return list(found.values())


def _straight(rows: Sequence[DecidedRows], assumption: _Assumption) -> Tipping:
    """Return the tipping points where each cost is a straight line of the assumption."""
    values, slopes = [], []
    for part in rows:
        decided = np.zeros(len(part.positive), dtype=np.bool_) if part.decided is None else part.decided
        steps = {
            cell: (part.costs[cell] if assumption.column else np.full(len(part.positive), part.scale))
            if cell in assumption.cells
            else np.zeros(len(part.positive))
            for cell in CELLS
        }
        values.append(-float(part.weight @ spent(part.costs, part.positive, decided)))
        slopes.append(-float(part.weight @ spent(steps, part.positive, decided)))
    low, high = _domain(assumption.value)
    return straight_tipping(np.array(values), np.array(slopes), assumption.value, low, high)


def _of_decisions(rows: Sequence[DecidedRows], assumption: _Assumption, thought: Range) -> Tipping:
    """Return the tipping points where the costs decide, too, what is done."""

    def values_at(place: float) -> Floats:
        found = []
        for part in rows:
            costs = {cell: _moved(part, cell, assumption, place) for cell in CELLS}
            decided = (
                pays(costs, part.probability) if part.probability is not None else np.zeros(len(part.positive), bool)
            )
            found.append(-float(part.weight @ spent(costs, part.positive, decided)))
        return np.array(found)

    below, above = _grid(assumption.value, thought)
    return searched_tipping(values_at, assumption.value, below, above)


def _moved(part: DecidedRows, cell: str, assumption: _Assumption, place: float) -> Floats:
    if cell not in assumption.cells:
        return part.costs[cell]
    return part.costs[cell] * place if assumption.column else np.full(len(part.positive), part.scale * place)


def _of_function(kpi: KpiMetric, candidates: Sequence[Candidate], name: str, sign: float, thought: Range) -> Tipping:
    def values_at(place: float) -> Floats:
        moved = kpi.moved(name, place)
        return np.array([sign * _mean(moved, candidate) for candidate in candidates])

    below, above = _grid(kpi.assumptions[name], thought)
    return searched_tipping(_remembered(values_at), kpi.assumptions[name], below, above)


def _mean(kpi: KpiMetric, candidate: Candidate) -> float:
    try:
        return candidate.mean([kpi.amounts(tested.fold.sample) for tested in candidate.folds])
    except Exception:  # noqa: BLE001 - a user's function may raise anything under a value that it never had
        return float("nan")


def _remembered(values_at: Callable[[float], Floats]) -> Callable[[float], Floats]:
    """Return the function with a memory: leader and order are looked for on the same grid."""
    known: dict[float, Floats] = {}

    def remembered(place: float) -> Floats:
        if place not in known:
            known[place] = values_at(place)
        return known[place]

    return remembered


def _domain(value: float) -> tuple[float, float]:
    """Return what a number can be without changing its sign: a cost that becomes a gain is another matter."""
    return (0.0, inf) if value >= 0 else (-inf, 0.0)


def _grid(value: float, thought: Range) -> tuple[list[float], list[float]]:
    """Return the points to look at, from the nearest on: those of the range, and equal ratios beyond."""
    size = abs(value) or 1.0
    ratios = 10.0 ** (np.arange(1, _DECADES * _PER_DECADE + 1) / _PER_DECADE)
    points = np.concatenate([[0.0], size * ratios, size / ratios]) * (1.0 if value >= 0 else -1.0)
    if thought is not None:
        points = np.concatenate([points, np.linspace(*thought, _IN_RANGE)])
    below, above = sorted({*points[points < value].tolist()}, reverse=True), sorted({*points[points > value].tolist()})
    return below, above


def _told(
    assumption: _Assumption,
    tipping: Tipping,
    labels: Sequence[str],
    ranges: Mapping[str, Range],
    *,
    exact: bool = False,
) -> Sensitivity:
    thought = ranges.get(assumption.name)

    def swap(point: TippingPoint | None) -> Swap | None:
        return (
            None if point is None else Swap(value=point.value, ahead=labels[point.ahead], behind=labels[point.behind])
        )

    holds = None
    if thought is not None:
        below, above = tipping.leader_below, tipping.leader_above
        holds = (below is None or below.value < thought[0]) and (above is None or above.value > thought[1])
    return Sensitivity(
        assumption=assumption.name,
        value=assumption.value,
        column=assumption.name if assumption.column else "",
        exact=exact,
        leader_below=swap(tipping.leader_below),
        leader_above=swap(tipping.leader_above),
        order_below=swap(tipping.order_below),
        order_above=swap(tipping.order_above),
        range_low=None if thought is None else float(thought[0]),
        range_high=None if thought is None else float(thought[1]),
        leader_holds=holds,
    )
