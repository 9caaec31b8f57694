"""The parts of a Brier score, which add up exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bancada.scoring.calibration._binning import BINS, binned
from bancada.scoring.calibration._rows import rows_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.scoring.calibration._binning import Binned
    from bancada.scoring.calibration._rows import Rows

__all__ = ["BrierParts", "brier_parts", "parts_of"]


@dataclass(frozen=True, slots=True)
class BrierParts:
    """brier = reliability − resolution + uncertainty + within_variance − within_covariance.

    Attributes:
        brier: Mean squared difference of probability and truth.
        reliability: Mean squared difference of the bins' mean probability and share of positives; less is better.
        resolution: Variance of the bins' shares of positives; more is better.
        uncertainty: Variance of the truth; no model changes it.
        within_variance: Mean variance of the probabilities within bins.
        within_covariance: Twice the mean covariance of probability and truth within bins: what the bins hide of the
            resolution.
    """

    brier: float
    reliability: float
    resolution: float
    uncertainty: float
    within_variance: float
    within_covariance: float


def brier_parts(
    y: npt.ArrayLike, p: npt.ArrayLike, *, weight: npt.ArrayLike | None = None, bins: int = BINS
) -> BrierParts:
    """Return the parts of the Brier score with the within-bin terms (Stephenson, Coelho & Jolliffe 2008).

    Murphy's three parts add up only where all rows of a bin have one probability; with the variance of the
    probabilities within bins, and twice their covariance with the truth, they always do.

    Args:
        y: 1 for positive rows, 0 for negative ones, (n_rows,).
        p: Probability of positive, (n_rows,).
        weight: One weight per row, (n_rows,).
        bins: Bins of equal mass; rows of one probability stay together.

    Raises:
        DataError: Where the arrays are not truths, probabilities and weights of one length.

    Examples:
        >>> parts = brier_parts([0, 0, 1, 1], [0.1, 0.4, 0.6, 0.8], bins=2)
        >>> round(parts.brier, 4), round(parts.reliability, 4), round(parts.resolution, 4), round(parts.uncertainty, 4)
        (0.0925, 0.0763, 0.25, 0.25)
    """
    rows = rows_of(y, p, weight)
    return parts_of(rows, binned(rows, bins))


def parts_of(rows: Rows, bins: Binned) -> BrierParts:
    """Return the parts over bins that exist."""
    rate = float(np.average(rows.y, weights=rows.weight))
    spread = rows.p - bins.predicted[bins.place]
    noise = rows.y - bins.observed[bins.place]
    return BrierParts(
        brier=float(np.average((rows.p - rows.y) ** 2, weights=rows.weight)),
        reliability=float(bins.mass @ (bins.predicted - bins.observed) ** 2),
        resolution=float(bins.mass @ (bins.observed - rate) ** 2),
        uncertainty=rate * (1 - rate),
        within_variance=float(np.average(spread**2, weights=rows.weight)),
        within_covariance=float(2 * np.average(spread * noise, weights=rows.weight)),
    )
