"""Two models on the same rows: the difference of their scores, paired (STATISTICS §4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, isfinite, nan, sqrt
from typing import TYPE_CHECKING

import numpy as np

from bancada.exceptions import DataError, ProcedureRefused
from bancada.scoring._verdict import quantile, verdict
from bancada.scoring.rows._estimate import FEW_CARRY, effective, smallest_count, too_few_of_a_class
from bancada.scoring.rows._resampling import FEWEST, joint_scores, obstacle, resampled
from bancada.scoring.rows._spread import members, spread

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from bancada.samples import Influence
    from bancada.scoring._verdict import Verdict

    Codes = npt.NDArray[np.integer]
    Floats = npt.NDArray[np.float64]

__all__ = ["RowDifference", "bootstrap_difference", "row_difference"]

_FEWEST_EXPECTED = 5
_ROUNDING = 1e-9
_SMALLEST_SCALE = 1e-12
_FEWEST_OF_FEW = 3
_CARRIED = frozenset({"mean", "root", "ratio"})


@dataclass(frozen=True, slots=True)
class RowDifference:
    """The difference of two scores of fitted models on the same rows, oriented so that positive is better.

    Attributes:
        delta: First − other; NaN where one is undefined.
        se: Standard error; 0 where the rows do not vary, NaN where there is none.
        df: Degrees of freedom; 0 where there are none.
        procedure: What made the standard error; empty where there is none.
        n_units: Independent units.
        unit: What they are: `rows`, `groups` or `queries`.
        flags: What must be told beside the number, why there is no interval included.
    """

    delta: float
    se: float = nan
    df: int = 0
    procedure: str = ""
    n_units: int = 0
    unit: str = "rows"
    flags: tuple[str, ...] = ()

    def ends(self, a: float = 0.05) -> tuple[float | None, float | None]:
        """Return the interval delta ± t(df, 1 − a/2)·SE; None twice where there is none.

        Args:
            a: Level of the comparison.
        """
        if not (isfinite(self.se) and self.se > 0):
            return None, None
        reach = quantile(self.df, a / 2) * self.se
        return self.delta - reach, self.delta + reach

    def verdict(self, margin: float | None = None, a: float = 0.05) -> Verdict:
        """Return the word on two fitted models, by the one function that makes words.

        Never ask it of out-of-fold predictions: a word on a procedure comes from fold scores only.

        Args:
            margin: Smallest difference that matters; None where none was declared.
            a: Level of the comparison.

        Raises:
            DefinitionError: The level or the margin means nothing.
        """
        found = verdict(self.delta, self.se, self.df, margin, a)
        if found.word == "none" and found.note:
            return replace(found, note=self.flags[-1] if self.flags else "every row shows the same difference")
        return found

    def told(self, *flags: str) -> RowDifference:
        """Return this with more to be told beside it."""
        return replace(self, flags=(*self.flags, *(flag for flag in flags if flag)))


def row_difference(
    first: Influence,
    other: Influence,
    *,
    greater_is_better: bool,
    groups: Codes | None = None,
    weight: Floats | None = None,
) -> RowDifference:
    """Return the difference of two scores on the same rows, with the standard error of f of the one less the other's.

    Both influences are of the same rows in the same order. Of predictions made in several repeats, each is averaged
    first, by `over_repeats`. Of a table with few expected rows in a cell the standard error is that over multinomial
    resamples of the cells (y, ŷA, ŷB). Rows that do not count tell nothing of the spread: an AUC of m rows of the rarer
    class, and a proportion of m rows, leave at most m − 1 degrees of freedom.

    Args:
        first: The one that the difference is about.
        other: The one that it is held against.
        greater_is_better: Direction of the metric.
        groups: Number of each row's group, -1 where it does not count, (n_rows,); None where rows are independent.
        weight: The weights that both influences were made with, (n_rows,).

    Raises:
        ProcedureRefused: The rows are not the same ones: a test that ignores the pairs is refused.
        DataError: The groups are not one for each row.

    Examples:
        >>> from bancada.samples import Influence
        >>> first, other = (np.linspace(-1, 1, 100) ** power for power in (3, 1))
        >>> found = row_difference(Influence(2.0, first), Influence(2.2, other), greater_is_better=False)
        >>> round(found.delta, 3), round(found.se, 4), found.procedure
        (0.2, 0.0277, 'paired t over rows')
    """
    if first.values.shape != other.values.shape:
        raise ProcedureRefused(
            "Two fitted models are compared in pairs, on the same rows.",
            f"One was scored on {first.values.size:,} rows, the other on {other.values.size:,}.",
            "Score both on the rows that both have predicted.",
        )
    sign = 1.0 if greater_is_better else -1.0
    flags = tuple(dict.fromkeys((*first.flags, *other.flags)))
    delta = sign * (first.value - other.value)
    if not isfinite(delta):
        return RowDifference(nan, flags=(*flags, "undefined on these rows"))
    units, unit = members(first, groups)
    scale = max(abs(first.value), abs(other.value))
    found = spread(first.values - other.values, scale, units, unit)
    bare = RowDifference(delta, n_units=found.n_units, unit=found.unit, flags=flags)
    # With one row of a class its placements have no spread, and all of it would be missing from the standard error.
    obstacle = found.obstacle or too_few_of_a_class(first) or too_few_of_a_class(other)
    if obstacle:
        return bare.told(obstacle)
    if found.few and first.kind in _CARRIED:
        bare = bare.told(FEW_CARRY)
    if found.se == 0:
        # Rounding is no difference.
        same = abs(delta) <= _ROUNDING * max(_SMALLEST_SCALE, scale)
        return replace(bare, delta=0.0 if same else delta, se=0.0, df=found.df)
    if first.table is not None and other.table is not None and _has_few(first, other, weight):
        return _of_cells(bare, first, other, weight, sign, groups)
    told = replace(bare, se=found.se, df=found.df, procedure=f"paired t over {found.unit}")
    return _by_counted_rows(told, first, other)


def bootstrap_difference(
    first: Callable[[npt.NDArray[np.int64]], float],
    other: Callable[[npt.NDArray[np.int64]], float],
    n_rows: int,
    *,
    greater_is_better: bool,
    groups: Codes | None = None,
    count: int = 1000,
) -> RowDifference:
    """Return the difference of two scores without closed form, with its standard error over shared resamples.

    The interval is Student's: percentiles at the level of a large family would need more resamples than can be had.

    Args:
        first: Takes positions of rows, some of them several times, and gives the score.
        other: The same of the other.
        n_rows: Count of rows.
        greater_is_better: Direction of the metric.
        groups: Number of each row's group, (n_rows,): groups are drawn with all their rows.
        count: Resamples.

    Raises:
        DefinitionError: There are fewer than 100 resamples.
        DataError: The groups are not one for each row.
    """
    every = np.arange(n_rows)
    values = [float(score(every)) for score in (first, other)]
    sign = 1.0 if greater_is_better else -1.0
    n_units, unit = (n_rows, "rows") if groups is None else (np.unique(groups).size, "groups")
    bare = RowDifference(sign * (values[0] - values[1]), n_units=n_units, unit=unit)
    if not isfinite(bare.delta):
        return bare.told("undefined on these rows")
    if n_units < FEWEST:
        return bare.told(f"fewer than {FEWEST} {unit}: no bootstrap, and so no interval")
    # Both see the same resamples, for these depend on the count of units alone.
    scores = [resampled(score, n_rows, groups=groups, count=count) for score in (first, other)]
    found = _spread_of(bare, sign * (scores[0] - scores[1]), f"paired bootstrap over {unit}")
    reasons = [obstacle(one, value) for one, value in zip(scores, values, strict=True)]
    reason = next((reason for reason in reasons if reason), "")
    return bare.told(reason) if reason and found.se else found


def _by_counted_rows(found: RowDifference, first: Influence, other: Influence) -> RowDifference:
    """Return a difference of AUCs or of proportions with the error that its rarest rows allow; any other as it is."""
    if first.kind == "auc":
        # DeLong's variance has ddof 1 in each class.
        return _of_few(found, min(*first.counts, *other.counts), "of a class")
    if first.kind == "proportion" and first.counts and other.counts:
        return _of_few(found, min(first.counts[0], other.counts[0]), "that count", found.n_units)
    return found


def _of_few(found: RowDifference, fewest: float, which: str, counted: float = inf) -> RowDifference:
    """Return a difference with an error that is no better known than the m rows that make it: of a class, of a share.

    √(m/(m − 1))·SE, in place of √(n/(n − 1)) of `counted` rows, on at most m − 1 degrees of freedom. As if all rows
    told the same, equal models are told apart by the AUC in 15 % of cases with 5 positives among 400 rows, and by the
    recall in 24 % with 4 among 200.
    """
    if fewest < _FEWEST_OF_FEW:
        bare = replace(found, se=nan, df=0, procedure="")
        return bare.told(f"fewer than {_FEWEST_OF_FEW} rows {which}: no interval of a difference")
    instead = 1.0 if counted == inf else counted / (counted - 1)
    widened = max(fewest / (fewest - 1) / instead, 1.0)
    return replace(found, se=found.se * sqrt(widened), df=min(found.df, int(fewest) - 1))


def _has_few(first: Influence, other: Influence, weight: Floats | None) -> bool:
    tables = (one.table for one in (first, other) if one.table is not None)
    return min(smallest_count(table, weight) for table in tables) < _FEWEST_EXPECTED


def _of_cells(
    bare: RowDifference,
    first: Influence,
    other: Influence,
    weight: Floats | None,
    sign: float,
    groups: Codes | None,
) -> RowDifference:
    if groups is not None:
        return bare.told("too few rows in a cell of the table for an interval over groups")
    if first.table is None or other.table is None or first.table.n_classes != other.table.n_classes:
        raise DataError(
            "Two tables are compared that have the same classes.",
            "Found tables of other classes.",
            "Score both against one list of classes.",
        )
    n_rows = first.values.size
    weights = np.ones(n_rows) if weight is None else weight
    scores = joint_scores(first.table, other.table, weights, effective(n_rows, weight))
    return _spread_of(bare, sign * scores, "multinomial bootstrap")


def _spread_of(bare: RowDifference, scores: Floats, procedure: str) -> RowDifference:
    se = float(np.std(scores, ddof=1))
    if se <= _ROUNDING * max(_SMALLEST_SCALE, float(np.max(np.abs(scores)))):
        return replace(bare, se=0.0, df=bare.n_units - 1)
    reason = obstacle(scores, bare.delta)
    if reason:
        return bare.told(reason)
    return replace(bare, se=se, df=bare.n_units - 1, procedure=procedure)
