"""From which probability on deciding positive pays: by the costs, and as it was found in the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["BestThreshold", "best_threshold", "optimal_thresholds"]


@dataclass(frozen=True, slots=True)
class BestThreshold:
    """The threshold that costs least on rows that were seen.

    It is chosen by the very rows on which its cost is counted, so that the cost is too good by some amount.

    Attributes:
        value: Positive is decided where the probability is at least this; infinite where never deciding it is cheapest.
        cost: Σ weight·cost of the rows under it.
    """

    value: float
    cost: float


def optimal_thresholds(costs: Mapping[str, Floats]) -> Floats:
    """Return p* = (c10 − c00)/((c10 − c00) + (c01 − c11)) of each row (Elkan 2001, equation 2).

    Deciding positive pays where a calibrated probability is at least p*: from 0 or less on always, above 1 never.

    Args:
        costs: c10, c01, c00 and c11 by name, each (n_rows,).

    Returns:
        The thresholds, (n_rows,); NaN where the denominator is not positive, for there an error is no dearer than
        being right.
    """
    of_positive, of_negative = costs["c10"] - costs["c00"], costs["c01"] - costs["c11"]
    below = of_positive + of_negative
    found = np.full(below.shape, np.nan)
    np.divide(of_positive, below, out=found, where=below > 0)
    return found


def best_threshold(probability: Floats, if_positive: Floats, if_negative: Floats, weight: Floats) -> BestThreshold:
    """Return the threshold under which the rows cost least; the highest of several.

    One sort: with the rows in descending order of probability, each block of equal probabilities more that is decided
    positive changes the sum by its own difference.

    Args:
        probability: Of the positive class, (n_rows,), at least one.
        if_positive: What each row costs if it is decided positive, (n_rows,).
        if_negative: What it costs otherwise, (n_rows,).
        weight: Weights of the rows, (n_rows,).
    """
    order = np.argsort(-probability, kind="stable")
    ranked = probability[order]
    gains = np.cumsum((weight * (if_positive - if_negative))[order])
    ends = np.append(ranked[1:] != ranked[:-1], True)
    sums = np.concatenate([[0.0], gains[ends]])
    thresholds = np.concatenate([[np.inf], ranked[ends]])
    least = int(np.argmin(sums))
    return BestThreshold(float(thresholds[least]), float(weight @ if_negative + sums[least]))
