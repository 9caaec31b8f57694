"""How many seeds would settle a comparison on one split."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isfinite, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from bancada.exceptions import counted
from bancada.scoring._verdict import quantile
from bancada.scoring.rows import row_difference
from bancada.scoring.seeds._difference import FEWEST_SEEDS, mean_of, satterthwaite

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.samples import Influence

__all__ = ["SeedsNeeded", "seeds_needed"]

_MOST = 10_000


@dataclass(frozen=True, slots=True)
class SeedsNeeded:
    """How much more evidence would exclude 0, were the difference and its spread to stay as they are.

    Attributes:
        text: The answer in words.
        seeds: Seeds of each side, in all; None where no number of seeds would do.
        rows: Test rows (groups) in all, a rough guide; None where not needed.
    """

    text: str
    seeds: int | None = None
    rows: int | None = None


def seeds_needed(
    first: Sequence[Influence],
    other: Sequence[Influence],
    *,
    greater_is_better: bool,
    a: float,
    groups: npt.NDArray[np.integer] | None = None,
    weight: npt.NDArray[np.float64] | None = None,
) -> SeedsNeeded | None:
    """Say how many seeds of each side, or else test rows, would settle a comparison on one split.

    The smallest S with t(df_S, 1−a/2)·sqrt(SE²_rows + (s²_A + s²_B)/S) < |delta|. Seeds cannot push the standard error
    below that of the rows: where |delta| ≤ z(1−a/2)·SE_rows no number of them would do, and about
    n·(z·SE_rows/|delta|)² test rows would.

    Args:
        first: Score and influences of each seed of the one that the difference is about.
        other: The same of the one that it is held against.
        greater_is_better: Direction of the metric.
        a: Level of the comparison.
        groups: Number of each row's group, -1 where it does not count, (n_rows,); None where rows are independent.
        weight: The weights that the influences were made with, (n_rows,).

    Returns:
        None where there is no standard error.
    """
    rows = row_difference(
        mean_of(first), mean_of(other), greater_is_better=greater_is_better, groups=groups, weight=weight
    )
    if not (isfinite(rows.se) and isfinite(rows.delta)):
        return None
    if rows.delta == 0:
        return SeedsNeeded("no amount of evidence would: the difference found is 0")
    size = abs(rows.delta)
    spreads = [float(np.var([one.value for one in side], ddof=1)) for side in (first, other)]

    def settles(seeds: int) -> bool:
        shares = [spread / seeds for spread in spreads]
        df = satterthwaite((rows.se**2, *shares), (max(rows.df, 1), seeds - 1, seeds - 1), rows.df)
        return quantile(df, a / 2) * sqrt(rows.se**2 + sum(shares)) < size

    floor = -float(ndtri(a / 2)) * rows.se
    if size > floor and settles(_MOST):
        low, high = FEWEST_SEEDS, _MOST
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if settles(middle) else (middle + 1, high)
        return SeedsNeeded(f"{counted(low, 'seed')} of each would", seeds=low)
    needed = ceil(rows.n_units * (floor / size) ** 2)
    noun = f"test {rows.unit[:-1]}"
    return SeedsNeeded(f"no number of seeds would; about {counted(needed, noun)} would", rows=needed)
