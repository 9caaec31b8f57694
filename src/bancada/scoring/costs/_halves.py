"""Random halves of the rows, and means over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Masks = npt.NDArray[np.bool_]

__all__ = ["half_means", "halves"]


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


def half_means(masks: Masks, values: Floats, weight: Floats | None = None) -> Floats:
    """Return the weighted mean of the rows in each half, (n_splits,); NaN where a half has none.

    Args:
        masks: Rows of each half, (n_splits, n_rows).
        values: A value per row, (n_rows,).
        weight: Weights, (n_rows,).
    """
    own = np.ones(len(values)) if weight is None else weight
    sizes = masks @ own
    found = np.full(len(masks), np.nan)
    np.divide(masks @ (own * values), sizes, out=found, where=sizes > 0)
    return found
