"""Resamples of rows, groups or cells, for scores that have no closed form (STATISTICS §4).

Resamples are shared: of one count of units, every score and every model sees the same ones, so that differences of two
are paired.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bancada.exceptions import DataError, DefinitionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from bancada.samples import CellCounts

    Floats = npt.NDArray[np.float64]
    Positions = npt.NDArray[np.int64]

__all__ = ["FEWEST", "Ends", "cell_scores", "joint_scores", "obstacle", "percentiles", "resampled", "resamples"]

FEWEST = 50
_SEED = 20_061


@dataclass(frozen=True, slots=True)
class Ends:
    """A percentile interval; `reason` says why there is none."""

    low: float
    high: float
    reason: str = ""


def resamples(n_units: int, count: int, seed: int = _SEED) -> Iterator[Positions]:
    """Yield positions of units drawn with replacement, the same ones whenever the three numbers are the same."""
    draw = np.random.default_rng([seed, n_units])
    for _ in range(count):
        yield draw.integers(0, n_units, n_units)


def resampled(
    score: Callable[[Positions], float],
    n_rows: int,
    *,
    groups: npt.NDArray[np.integer] | None = None,
    count: int = 1000,
) -> Floats:
    """Return a score over resamples, (count,); NaN where it is undefined on one.

    Args:
        score: Takes positions of rows, some of them several times, and gives the score.
        n_rows: Count of rows.
        groups: Number of each row's group, (n_rows,): groups are drawn with all their rows; None where rows are drawn.
        count: Resamples.

    Raises:
        DefinitionError: There are fewer than 100 resamples.
        DataError: The groups are not one for each row.
    """
    if count < 100:
        raise DefinitionError(
            "Ends of an interval are read from at least 100 resamples.", f"It is {count!r}.", "Take 1,000."
        )
    if groups is None:
        return np.array([score(rows) for rows in resamples(n_rows, count)], dtype=np.float64)
    if groups.shape != (n_rows,):
        raise DataError(
            "Each row belongs to one group.",
            f"There are {n_rows:,} rows, and groups of the shape {groups.shape}.",
            "Give the group of each row.",
        )
    _, codes = np.unique(groups, return_inverse=True)
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    members = np.split(order, starts[1:])
    drawn = resamples(len(members), count)
    return np.array([score(np.concatenate([members[unit] for unit in units])) for units in drawn], dtype=np.float64)


def obstacle(scores: Floats, value: float) -> str:
    """Say why resampled scores make no interval; empty where they do.

    A maximum, of which two thirds of all resamples are the very value found, has no bootstrap (Bickel & Freedman 1981).

    Args:
        scores: The scores, (count,).
        value: The score of the rows themselves.
    """
    undefined = int((~np.isfinite(scores)).sum())
    if undefined:
        return f"undefined on {undefined:,} of {scores.size:,} resamples: no interval"
    if (scores == scores[0]).all():
        return "all resamples give the same value: no interval"
    if np.count_nonzero(scores == value) > scores.size / 2:
        return "it hangs on single rows, as a maximum does: no interval"
    return ""


def percentiles(scores: Floats, alpha: float, value: float = np.nan) -> Ends:
    """Return the percentile interval of resampled scores, or why there is none.

    Args:
        scores: The scores, (count,).
        alpha: One minus the level of the interval.
        value: The score of the rows themselves; NaN where it may be among the resamples as often as it likes.
    """
    reason = obstacle(scores, value)
    if reason:
        return Ends(np.nan, np.nan, reason)
    low, high = (float(end) for end in np.quantile(scores, [alpha / 2, 1 - alpha / 2]))
    return Ends(low, high)


def cell_scores(table: CellCounts, n_rows: float, count: int = 1000) -> Floats:
    """Return a score over multinomial resamples of its table, (count,): the cost does not grow with the rows.

    Args:
        table: The table.
        n_rows: Rows to draw; of weighted rows (Σw)²/Σw².
        count: Resamples.
    """
    shape = (table.n_classes, table.n_classes)
    return np.array([table.score(cells.reshape(shape)) for cells in _drawn(table.counts, n_rows, count)])


def joint_scores(a: CellCounts, b: CellCounts, weight: Floats, n_rows: float, count: int = 1000) -> Floats:
    """Return the difference of two scores of one truth over resamples of the cells (y, ŷA, ŷB), (count,).

    Args:
        a: The table of the one.
        b: The table of the other, of the same rows.
        weight: Weight of each row, (n_rows,).
        n_rows: Rows to draw.
        count: Resamples.
    """
    n = a.n_classes
    joint = a.codes.astype(np.int64) * n + b.codes % n
    held = np.bincount(joint, weights=weight, minlength=n**3).astype(np.float64, copy=False)
    found = np.empty(count)
    for number, cells in enumerate(_drawn(held, n_rows, count)):
        cube = cells.reshape(n, n, n)
        found[number] = a.score(cube.sum(axis=2)) - b.score(cube.sum(axis=1))
    return found


def _drawn(counts: Floats, n_rows: float, count: int) -> Iterator[Floats]:
    draw = np.random.default_rng([_SEED, round(n_rows)])
    shares = counts / counts.sum()
    for cells in draw.multinomial(round(n_rows), shares, count):
        yield cells.astype(np.float64)
