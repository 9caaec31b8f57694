"""Means over parts of the rows that follow each other: residuals against prediction, feature and time."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from bancada.scoring._verdict import quantile

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["BinMean", "bin_means", "quantile_bins"]

_FEWEST = 10


@dataclass(frozen=True, slots=True)
class BinMean:
    """The mean over one bin.

    Attributes:
        n_rows: Its rows.
        mean: Mean of their values.
        low: Lower end of its interval; None for fewer than 10 rows (groups), or where the values do not vary.
        high: Upper end.
    """

    n_rows: int
    mean: float
    low: float | None
    high: float | None


def quantile_bins(values: npt.NDArray[np.float64], most: int) -> tuple[npt.NDArray[np.int64], tuple[float, ...]]:
    """Return bins of about equally many rows; equal values are never apart.

    Args:
        values: A number for each row, (n_rows,); NaN is in no bin.
        most: How many bins at most.

    Returns:
        Number of each row's bin, −1 for NaN, (n_rows,); the upper edges of all bins but the last, ascending: a row is
        in the first bin whose edge is not below its value.

    Examples:
        >>> codes, edges = quantile_bins(np.array([1.0, 1.0, 1.0, 2.0, 3.0, 4.0]), 3)
        >>> codes.tolist(), edges
        ([0, 0, 0, 1, 2, 2], (1.0, 2.0))
    """
    known = values[~np.isnan(values)]
    if not known.size:
        return np.full(len(values), -1, dtype=np.int64), ()
    edges = np.unique(np.quantile(known, np.arange(1, most) / most, method="lower"))
    edges = edges[edges < known.max()]
    codes = np.searchsorted(edges, values, side="left").astype(np.int64)
    codes[np.isnan(values)] = -1
    return codes, tuple(float(edge) for edge in edges)


def bin_means(
    values: npt.NDArray[np.float64],
    codes: npt.NDArray[np.int64],
    n_bins: int,
    groups: npt.NDArray[np.int64] | None = None,
    alpha: float = 0.05,
    *,
    shares: npt.NDArray[np.float64] | None = None,
) -> tuple[BinMean, ...]:
    """Return the mean over each bin with its interval: t(n−1)·s/√n; of groups, from the sums over each group.

    Where the values are classes of 0 and 1 less probabilities, a bin may hold one class only, and s says nothing: there
    the interval is Wilson's of the share of the class, less the mean probability. Of groups it is as for all others.

    Args:
        values: A number for each row, (n_rows,); NaN does not count.
        codes: Number of each row's bin, −1 for none, (n_rows,).
        n_bins: How many bins there are.
        groups: Number of each row's group, (n_rows,); None without groups.
        alpha: One minus the level of each interval, which knows nothing of the others.
        shares: The classes, (n_rows,), where the values are these less probabilities; else None.

    Examples:
        >>> bin_means(np.array([1.0, 3.0, 5.0]), np.array([0, 0, 1]), 2)[0].mean
        2.0
    """
    found = []
    for number in range(n_bins):
        among = (codes == number) & ~np.isnan(values)
        if shares is None or groups is not None or not among.any():
            found.append(_mean(values, among, groups, alpha))
        else:
            found.append(_of_share(values[among], shares[among], alpha))
    return tuple(found)


def _of_share(values: npt.NDArray[np.float64], shares: npt.NDArray[np.float64], alpha: float) -> BinMean:
    """Return the mean of classes less probabilities, with Wilson's interval of the share (1927)."""
    n, share, mean = values.size, float(shares.mean()), float(values.mean())
    if n < _FEWEST:
        return BinMean(n, mean, None, None)
    z = -float(ndtri(alpha / 2))
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    told = share - mean
    return BinMean(n, mean, max(centre - reach, 0.0) - told, min(centre + reach, 1.0) - told)


def _mean(
    values: npt.NDArray[np.float64],
    among: npt.NDArray[np.bool_],
    groups: npt.NDArray[np.int64] | None,
    alpha: float,
) -> BinMean:
    own = values[among]
    if not own.size:
        return BinMean(0, nan, None, None)
    mean, deviations, units = float(own.mean()), own - own.mean(), own.size
    if groups is not None:
        inverse = np.unique(groups[among], return_inverse=True)[1]
        deviations = np.bincount(inverse, weights=deviations)
        units = len(deviations)
    spread = float(deviations @ deviations)
    if units < _FEWEST or spread <= (1e-9 * max(1e-12, float(np.abs(own).max()))) ** 2:
        return BinMean(own.size, mean, None, None)
    reach = quantile(units - 1, alpha / 2) * sqrt(units / (units - 1) * spread) / own.size
    return BinMean(own.size, mean, mean - reach, mean + reach)
