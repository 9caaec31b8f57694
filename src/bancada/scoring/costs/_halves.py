"""Random halves of the rows, and means over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Masks = npt.NDArray[np.bool_]

__all__ = ["half_means", "halves"]

_BLOCK = 16_384
_NOTHING = 1e-9


def halves(n_rows: int, n_splits: int, seed: int = 0, groups: npt.NDArray[np.int64] | None = None) -> Masks:
    """Return which rows are in the first half of each split, (n_splits, n_rows); the others are in the second.

    Args:
        n_rows: Rows.
        n_splits: Splits.
        seed: Seed.
        groups: Number of each row's group, dense from 0, (n_rows,): a group stays whole, and half of them is a half.
    """
    units = n_rows if groups is None else int(groups.max(initial=-1)) + 1
    drawn = np.random.default_rng(seed).random((n_splits, units))
    first = np.argsort(np.argsort(drawn, axis=1), axis=1) < (units + 1) // 2
    return first if groups is None else first[:, groups]


def half_means(first: Masks, values: Floats, weight: Floats | None = None) -> tuple[Floats, Floats]:
    """Return the weighted means of the rows in the first and in the second halves, NaN where a half has none.

    Sums over the second half are those over all rows less those over the first: one product of matrices, block by
    block, serves both.

    Args:
        first: Rows of the first half of each split, (n_splits, n_rows).
        values: Values, (n_rows, n_columns).
        weight: Weights, (n_rows,).

    Returns:
        Means over the first and over the second halves, (n_splits, n_columns) each.
    """
    own = np.ones(len(values)) if weight is None else weight
    # A last column of weights alone gives the sizes.
    weighted = np.column_stack([own[:, None] * values, own])
    sums = np.zeros((len(first), weighted.shape[1]))
    for start in range(0, len(values), _BLOCK):
        block = slice(start, start + _BLOCK)
        sums += first[:, block].astype(np.float64) @ weighted[block]
    return _means(sums), _means(weighted.sum(axis=0) - sums)


def _means(sums: Floats) -> Floats:
    sizes = sums[:, -1:]
    found = np.full((len(sums), sums.shape[1] - 1), np.nan)
    # What is left of a half without rows is rounding.
    np.divide(sums[:, :-1], sizes, out=found, where=sizes > _NOTHING)
    return found
