"""Bins of equal mass, rows of one probability together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.scoring.calibration._rows import Rows

__all__ = ["BINS", "Binned", "binned"]

BINS = 15


@dataclass(frozen=True, slots=True, eq=False)
class Binned:
    """Rows in bins, each bin with at least one row.

    Attributes:
        place: Bin of each row, (n_rows,).
        n: Rows of each bin, (n_bins,).
        mass: Weight of each bin over the total, (n_bins,).
        predicted: Mean probability of each bin, (n_bins,).
        observed: Mean truth of each bin, (n_bins,).
    """

    place: npt.NDArray[np.intp]
    n: npt.NDArray[np.int64]
    mass: npt.NDArray[np.float64]
    predicted: npt.NDArray[np.float64]
    observed: npt.NDArray[np.float64]

    def mean(self, values: npt.NDArray[np.float64], rows: Rows) -> npt.NDArray[np.float64]:
        """Return the weighted mean of a value in each bin, (n_bins,)."""
        return _means(values, rows, self.place, len(self.n))


def binned(rows: Rows, bins: int = BINS) -> Binned:
    """Put rows into bins of equal mass by their probability; rows of one probability are never parted.

    A value of p goes as a whole to the bin in which the middle of its mass lies, so the bins do not depend on the order
    of the rows, and there may be fewer of them than asked for. Rows of weight 0 are in a bin and count nothing there.
    """
    values, inverse = np.unique(rows.p, return_inverse=True)
    inverse = inverse.reshape(-1)
    mass = np.bincount(inverse, weights=rows.weight, minlength=len(values))
    middle = np.cumsum(mass) - mass / 2
    of_value = np.minimum((bins * (middle / mass.sum())).astype(np.intp), bins - 1)
    # A bin whose rows all have weight 0 has no mean: its values join the bin before, or the first one that counts.
    counted = np.unique(of_value[mass > 0])
    of_value = np.maximum(np.searchsorted(counted, of_value, side="right") - 1, 0)
    place = of_value[inverse]
    n_bins = len(counted)
    share = np.bincount(place, weights=rows.weight, minlength=n_bins) / rows.weight.sum()
    return Binned(
        place=place,
        n=np.bincount(place, minlength=n_bins).astype(np.int64),
        mass=share,
        predicted=_means(rows.p, rows, place, n_bins),
        observed=_means(rows.y, rows, place, n_bins),
    )


def _means(
    values: npt.NDArray[np.float64], rows: Rows, place: npt.NDArray[np.intp], n_bins: int
) -> npt.NDArray[np.float64]:
    """Return weighted means by bin."""
    totals = np.bincount(place, weights=rows.weight * values, minlength=n_bins)
    return np.asarray(totals / np.bincount(place, weights=rows.weight, minlength=n_bins))
