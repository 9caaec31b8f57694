"""The difference of two procedures on one split, each fitted with several seeds."""

from __future__ import annotations

from dataclasses import replace
from math import nan, sqrt
from typing import TYPE_CHECKING

import numpy as np

from bancada.exceptions import ProcedureRefused
from bancada.samples import Influence
from bancada.scoring.rows import RowDifference, row_difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = ["FEWEST_SEEDS", "mean_of", "satterthwaite", "seeds_difference"]

FEWEST_SEEDS = 3
_PROCEDURE = "paired t over {unit}, and seeds"


def seeds_difference(
    first: Sequence[Influence],
    other: Sequence[Influence],
    *,
    greater_is_better: bool,
    groups: npt.NDArray[np.integer] | None = None,
    weight: npt.NDArray[np.float64] | None = None,
) -> RowDifference:
    """Return the difference of two procedures on one split, from at least three seeds of each.

    Scores and influences are averaged over the seeds, row by row. SE² = SE²_rows + s²_A/S_A + s²_B/S_B, s the standard
    deviation of the scores over seeds; degrees of freedom by Satterthwaite (1946), rounded down. SE_rows holds a part
    of the seeds' variance already, so the interval is rather too wide. It is about the procedures on this split:
    another training part was not seen.

    Args:
        first: Score and influences of each seed of the one that the difference is about.
        other: The same of the one that it is held against.
        greater_is_better: Direction of the metric.
        groups: Number of each row's group, -1 where it does not count, (n_rows,); None where rows are independent.
        weight: The weights that the influences were made with, (n_rows,).

    Raises:
        ProcedureRefused: A side has fewer than three seeds, or the rows are not the same ones.
        DataError: The groups are not one for each row.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> def seeds(level):
        ...     return [Influence(level + shift, rng.normal(0, 1, 200)) for shift in (0.0, 0.01, 0.02)]
        >>> found = seeds_difference(seeds(1.0), seeds(2.0), greater_is_better=False)
        >>> round(found.delta, 3), found.df, found.procedure
        (1.0, 202, 'paired t over rows, and seeds')
    """
    fewest = min(len(first), len(other))
    if fewest < FEWEST_SEEDS:
        raise ProcedureRefused(
            "What a seed changes is measured from at least three seeds of each side.",
            f"One side has {fewest}.",
            f"Run it with `--seeds {FEWEST_SEEDS}`, or compare two fitted models, one seed of each.",
        )
    if len({one.values.shape for one in (*first, *other)}) > 1:
        raise ProcedureRefused(
            "Procedures on one split are compared in pairs, on the same rows.",
            f"Found {sorted({one.values.size for one in (*first, *other)})} rows.",
            "Score every seed on the rows that all have predicted.",
        )
    rows = row_difference(
        mean_of(first), mean_of(other), greater_is_better=greater_is_better, groups=groups, weight=weight
    )
    if np.isnan(rows.se) or np.isnan(rows.delta):
        return rows
    shares = [float(np.var([one.value for one in side], ddof=1)) / len(side) for side in (first, other)]
    variance = rows.se**2 + sum(shares)
    if not variance > 0:
        return replace(rows, procedure="", se=0.0)
    freedoms = (max(rows.df, 1), len(first) - 1, len(other) - 1)
    df = satterthwaite((rows.se**2, *shares), freedoms, rows.df)
    return replace(rows, se=sqrt(variance), df=df, procedure=_PROCEDURE.format(unit=rows.unit))


def satterthwaite(parts: Sequence[float], freedoms: Sequence[int], otherwise: int) -> int:
    """Return the degrees of freedom of a sum of variances, rounded down (Satterthwaite 1946).

    Args:
        parts: The variances.
        freedoms: Degrees of freedom of each.
        otherwise: What holds where all variances are 0.
    """
    spread = sum(part**2 / df for part, df in zip(parts, freedoms, strict=True))
    return int(sum(parts) ** 2 / spread) if spread > 0 else otherwise


def mean_of(side: Sequence[Influence]) -> Influence:
    """Return the mean over seeds; what a cell table of one fit is good for does not hold for a mean of several."""
    value = float(np.mean([one.value for one in side]))
    values = np.mean([one.values for one in side], axis=0)
    flags = tuple(dict.fromkeys(flag for one in side for flag in one.flags))
    defined = all(np.isfinite(one.value) for one in side)
    first = side[0]
    # The truth is the same for every seed, and so are the rows of each class.
    return Influence(
        value if defined else nan, values, first.scale, first.kind, first.counts, units=first.units, flags=flags
    )
