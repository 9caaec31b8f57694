"""One score with its interval over rows (STATISTICS §4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, isfinite, log, nan
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from bancada.exceptions import DefinitionError
from bancada.records import Estimate
from bancada.scoring._verdict import quantile
from bancada.scoring.rows._proportions import newcombe, wilson
from bancada.scoring.rows._resampling import FEWEST, cell_scores, percentiles, resampled
from bancada.scoring.rows._spread import members, spread

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from bancada.samples import CellCounts, Influence
    from bancada.scoring.rows._spread import Spread

    Codes = npt.NDArray[np.integer]
    Bounds = tuple[float | None, float | None]

__all__ = ["RowEstimate", "bootstrap_estimate", "effective", "row_estimate", "smallest_count", "too_few_of_a_class"]

FEW_CARRY = "a few rows carry this number"
_UNBOUNDED = (None, None)
_FEWEST_EXPECTED = 5
_FEWEST_OF_CLASS = 2
_CARRIED = frozenset({"mean", "root", "ratio"})
_RANKS = frozenset({"auc", "rank", "ranks"})


@dataclass(frozen=True, slots=True)
class RowEstimate:
    """A score of fitted models with its interval over rows.

    Attributes:
        value: The score; None where undefined.
        se: Standard error on the score's own scale; NaN where there is none.
        df: Degrees of freedom; 0 where there are none.
        low: Lower end of the interval; None where there is none.
        high: Upper end.
        procedure: What made the interval; empty where there is none.
        n_units: Independent units.
        unit: What they are: `rows`, `groups` or `queries`.
        flags: What must be told beside the number, why there is no interval included.
    """

    value: float | None
    se: float = nan
    df: int = 0
    low: float | None = None
    high: float | None = None
    procedure: str = ""
    n_units: int = 0
    unit: str = "rows"
    flags: tuple[str, ...] = ()

    @property
    def estimate(self) -> Estimate:
        """Value and interval, as records have them."""
        return Estimate(value=self.value, low=self.low, high=self.high, procedure=self.procedure)

    def told(self, *flags: str) -> RowEstimate:
        """Return this with more to be told beside it."""
        return replace(self, flags=(*self.flags, *(flag for flag in flags if flag)))

    def within(self, low: float, high: float, procedure: str, bounds: Bounds) -> RowEstimate:
        """Return this with an interval, clipped to the metric's bounds."""
        smallest, largest = bounds
        low = low if smallest is None else max(low, smallest)
        high = high if largest is None else min(high, largest)
        return replace(self, low=low, high=high, procedure=procedure)


def row_estimate(
    influence: Influence,
    *,
    groups: Codes | None = None,
    weight: npt.NDArray[np.float64] | None = None,
    bounds: Bounds = _UNBOUNDED,
    alpha: float = 0.05,
) -> RowEstimate:
    """Return a score with its interval over rows: a statement on fitted models, never on the procedure.

    SE = sqrt(Σf²/(n·(n − 1))), t(n − 1), on the scale that suits the score: plain, log or logit. A proportion has
    Wilson's interval; an AUC near its ends Newcombe's method 5; a function of a table with few expected rows in a cell
    percentiles of multinomial resamples of its cells. With groups, influence is summed in each, a proportion counts at
    n/deff, and there is neither Newcombe nor a table drawn by rows.

    Args:
        influence: The score and the influence of each row.
        groups: Number of each row's group, -1 where it does not count, (n_rows,); None where rows are independent.
        weight: The weights that the influence was made with, by which the rows of a table count, (n_rows,).
        bounds: Smallest and largest value of the metric.
        alpha: One minus the level of the interval.

    Raises:
        DefinitionError: The level is not between 0 and 1.
        DataError: The groups are not one for each row.

    Examples:
        >>> from bancada.samples import Influence
        >>> right = np.repeat([1.0, 0.0], [90, 10])
        >>> found = row_estimate(Influence(0.9, right - 0.9, kind="proportion", counts=(100.0,)))
        >>> round(found.low, 4), round(found.high, 4), found.procedure
        (0.8256, 0.9448, 'Wilson')
    """
    if not 0 < alpha < 1:
        raise DefinitionError("A level lies between 0 and 1.", f"It is {alpha!r}.", "Give a level such as 0.05.")
    if not isfinite(influence.value):
        return RowEstimate(None, flags=(*influence.flags, "undefined on these rows"))
    units, unit = members(influence, groups)
    found = spread(influence.values, abs(influence.value), units, unit)
    bare = RowEstimate(
        influence.value, found.se, found.df, n_units=found.n_units, unit=found.unit, flags=influence.flags
    )
    if found.few and influence.kind in _CARRIED:
        bare = bare.told(FEW_CARRY)
    obstacle = found.obstacle or too_few_of_a_class(influence)
    if obstacle:
        return replace(bare, se=nan, df=0).told(obstacle)
    if influence.kind == "proportion":
        return _proportion(bare, influence, found, bounds, alpha)
    if influence.kind == "auc" and _at_its_end(influence, found):
        return _near_the_end(bare, influence, groups, alpha)
    if influence.table is not None and smallest_count(influence.table, weight) < _FEWEST_EXPECTED:
        return _of_cells(bare, influence.table, weight, groups, bounds, alpha)
    return _on_scale(bare, influence, bounds, alpha)


def bootstrap_estimate(
    score: Callable[[npt.NDArray[np.int64]], float],
    n_rows: int,
    *,
    groups: Codes | None = None,
    bounds: Bounds = _UNBOUNDED,
    alpha: float = 0.05,
    count: int = 1000,
) -> RowEstimate:
    """Return a score without closed form with its percentile interval over shared resamples.

    Args:
        score: Takes positions of rows, some of them several times, and gives the score.
        n_rows: Count of rows.
        groups: Number of each row's group, (n_rows,): groups are drawn with all their rows.
        bounds: Smallest and largest value of the metric.
        alpha: One minus the level of the interval.
        count: Resamples.

    Raises:
        DefinitionError: There are fewer than 100 resamples.
        DataError: The groups are not one for each row.
    """
    value = float(score(np.arange(n_rows)))
    n_units, unit = (n_rows, "rows") if groups is None else (np.unique(groups).size, "groups")
    bare = RowEstimate(value if isfinite(value) else None, n_units=n_units, unit=unit)
    if bare.value is None:
        return bare.told("undefined on these rows")
    if n_units < FEWEST:
        return bare.told(f"fewer than {FEWEST} {unit}: no bootstrap, and so no interval")
    scores = resampled(score, n_rows, groups=groups, count=count)
    ends = percentiles(scores, alpha, value)
    if ends.reason:
        return bare.told(ends.reason)
    bare = replace(bare, se=float(np.std(scores, ddof=1)), df=n_units - 1)
    return bare.within(ends.low, ends.high, f"percentile bootstrap over {unit}", bounds)


def smallest_count(table: CellCounts, weight: npt.NDArray[np.float64] | None = None) -> float:
    """Return the least of the hits, misses and false alarms of the classes that the score depends on.

    Args:
        table: The table.
        weight: Weights of the rows, (n_rows,): they are counted as so many rows of equal weight.
    """
    n = table.n_classes
    # Sums of weights are no counts: weights that are all 100 make no rare cell a frequent one.
    rows = table.counts if weight is None else table.counts * (effective(table.codes.size, weight) / weight.sum())
    counts, moves = rows.reshape(n, n), table.gradient.reshape(n, n) != 0
    hits, truth, predicted = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    off = ~np.eye(n, dtype=np.bool_)
    parts = (
        (hits, moves.diagonal()),
        (truth - hits, (moves & off).any(axis=1)),
        (predicted - hits, (moves & off).any(axis=0)),
    )
    return min((float(size[counted].min()) for size, counted in parts if counted.any()), default=0.0)


def too_few_of_a_class(influence: Influence) -> str:
    """Say that a metric of the order has no interval where a class has one row; empty where it has more."""
    if influence.kind in _RANKS and min(influence.counts, default=0.0) < _FEWEST_OF_CLASS:
        return f"fewer than {_FEWEST_OF_CLASS} rows of a class: no interval"
    return ""


def _reach(alpha: float) -> float:
    return -float(ndtri(alpha / 2))


def _proportion(bare: RowEstimate, influence: Influence, found: Spread, bounds: Bounds, alpha: float) -> RowEstimate:
    """Wilson's interval; in groups of as many rows as carry as much evidence, and with Student's quantile."""
    n_rows, share = influence.counts[0], influence.value
    if found.unit == "rows":
        low, high = wilson(share, n_rows, _reach(alpha))
        return bare.within(low, high, "Wilson", bounds)
    independent = share * (1 - share) / n_rows
    # Rows of one group that are all alike are worth one; that is assumed where no row is unlike another.
    deff = max(found.se**2 / independent, 1.0) if independent > 0 and found.se > 0 else n_rows / found.n_units
    low, high = wilson(share, n_rows / max(deff, 1.0), quantile(found.df, alpha / 2))
    return bare.within(low, high, f"Wilson over {found.unit}", bounds)


def _at_its_end(influence: Influence, found: Spread) -> bool:
    theta, fewest = influence.value, min(influence.counts)
    return not 0 < theta < 1 or found.se == 0 or fewest * (1 - theta) < _FEWEST_EXPECTED


def _near_the_end(bare: RowEstimate, influence: Influence, groups: Codes | None, alpha: float) -> RowEstimate:
    if groups is not None:
        return replace(bare, se=nan).told("an AUC this near its end has no interval over groups")
    low, high = newcombe(influence.value, influence.counts[0], influence.counts[1], _reach(alpha))
    return bare.within(low, high, "Newcombe's method 5", _UNBOUNDED)


def _of_cells(
    bare: RowEstimate,
    table: CellCounts,
    weight: npt.NDArray[np.float64] | None,
    groups: Codes | None,
    bounds: Bounds,
    alpha: float,
) -> RowEstimate:
    if groups is not None:
        return replace(bare, se=nan).told("too few rows in a cell of the table for an interval over groups")
    ends = percentiles(cell_scores(table, effective(table.codes.size, weight)), alpha)
    if ends.reason:
        return replace(bare, se=nan).told(ends.reason)
    return bare.within(ends.low, ends.high, "multinomial bootstrap", bounds)


def effective(n_rows: int, weight: npt.NDArray[np.float64] | None) -> float:
    """Return how many rows of equal weight some rows are worth: (Σw)²/Σw²."""
    return float(n_rows) if weight is None else float(weight.sum()) ** 2 / float(weight @ weight)


def _on_scale(bare: RowEstimate, influence: Influence, bounds: Bounds, alpha: float) -> RowEstimate:
    """Student's interval on the scale of the score."""
    theta, se = influence.value, bare.se
    if not se > 0:
        return bare.told(f"all {bare.unit} have the same part in it: no interval")
    reach = quantile(bare.df, alpha / 2)
    name = f"{'DeLong' if influence.kind == 'auc' else 't'} over {bare.unit}"
    if influence.scale == "log" and theta > 0:
        half = reach * se / theta
        return bare.within(theta * exp(-half), theta * exp(half), f"{name}, log scale", bounds)
    if influence.scale == "logit" and 0 < theta < 1:
        middle, half = log(theta / (1 - theta)), reach * se / (theta * (1 - theta))
        return bare.within(_expit(middle - half), _expit(middle + half), f"{name}, logit scale", bounds)
    return bare.within(theta - reach * se, theta + reach * se, name, bounds)


def _expit(value: float) -> float:
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))
