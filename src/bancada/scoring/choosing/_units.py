"""What is resampled together: rows, groups, or random blocks of them where there are very many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.exceptions import DataError

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["MOST_UNITS", "Sums", "checked", "pooled_into", "unit_of"]

MOST_UNITS = 5000
"""Units above which random blocks of them are resampled: the variance of a mean is the same, the cost is bounded."""


class Sums:
    """Values and weights of candidates summed by unit.

    Args:
        totals: Weight times value, summed by unit, (n_units, n_candidates).
        weight: Weight by unit, (n_units,).
    """

    def __init__(self, totals: npt.NDArray[np.float64], weight: npt.NDArray[np.float64]) -> None:
        self.totals = totals
        self.weight = weight

    @property
    def n(self) -> int:
        """Number of units."""
        return len(self.weight)

    @property
    def means(self) -> npt.NDArray[np.float64]:
        """The score of each candidate, (n_candidates,)."""
        return np.asarray(self.totals.sum(axis=0) / self.weight.sum())


def checked(
    values: npt.ArrayLike, weight: npt.ArrayLike | None, groups: npt.ArrayLike | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return values and weights as arrays, or refuse them.

    Raises:
        DataError: Where the values are no table of finite numbers with at least two candidates, or a weight is
            negative, not a number or all of them are 0, or the lengths differ.
    """
    table = np.asarray(values, dtype=np.float64)
    given = np.ones(len(table)) if weight is None else np.asarray(weight, dtype=np.float64)
    n_groups = len(table) if groups is None else len(np.asarray(groups))
    if table.ndim != 2 or table.shape[1] < 2 or {len(given), n_groups} != {len(table)}:
        raise DataError(
            "Candidates are held against each other on one value per row and candidate, at least two of these.",
            f"Found values of shape {table.shape}, {len(given)} weights and {n_groups} groups.",
            "Give a column for each candidate and a row for each row of the data.",
        )
    if not np.isfinite(table).all():
        raise DataError(
            "Candidates are held against each other on rows that all of them have: NaN is never averaged away.",
            f"{int((~np.isfinite(table)).sum()):,} values are not finite.",
            "Leave candidates that lack rows out, and count them as tried.",
        )
    if not ((given >= 0) & np.isfinite(given)).all() or not given.sum() > 0:
        raise DataError(
            "Weights are numbers, 0 or more, and not all of them 0.",
            f"{int((~((given >= 0) & np.isfinite(given))).sum()):,} of {len(given):,} are not.",
            "Correct the weights.",
        )
    return table, given


def unit_of(
    n_rows: int, groups: npt.ArrayLike | None, most: int = MOST_UNITS, seed: int = 0
) -> tuple[npt.NDArray[np.intp], int]:
    """Return the unit of each row, (n_rows,), and how many there are.

    Args:
        n_rows: Rows.
        groups: One label per row; None where each row is by itself.
        most: Units above which random blocks of them are the units.
        seed: Seed of the blocks.
    """
    place, n_units = np.arange(n_rows), n_rows
    if groups is not None:
        labels, inverse = np.unique(np.asarray(groups), return_inverse=True)
        place, n_units = inverse.reshape(-1), len(labels)
    if n_units <= most:
        return place, n_units
    block = np.random.default_rng(seed).permutation(n_units) % most
    return block[place], most


def pooled_into(units: npt.NDArray[np.intp], n_units: int, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return values, (n_rows,) or (n_rows, n_candidates), summed by unit, (n_units,) or (n_units, n_candidates)."""
    if values.ndim == 1:
        return np.asarray(np.bincount(units, weights=values, minlength=n_units), dtype=np.float64)
    return np.stack([np.bincount(units, weights=column, minlength=n_units) for column in values.T], axis=1)
