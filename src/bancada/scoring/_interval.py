"""The interval of one score over its folds (STATISTICS §0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.records import Estimate
from bancada.scoring._paired import paired
from bancada.scoring._verdict import quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.scoring._design import Design

__all__ = ["interval"]


def interval(
    value: float,
    folds: Sequence[float],
    design: Design,
    bounds: tuple[float | None, float | None] = (None, None),
    alpha: float = 0.05,
) -> Estimate:
    """Return a score with its interval: value ± t(df, 1−alpha/2)·SE, clipped to the metric's bounds.

    The standard error is that of the design's procedure on the fold values. Where the design allows no procedure, or
    the fold values do not vary, there is a value and no interval.

    Args:
        value: The aggregate over the folds.
        folds: Fold values (pseudo-values of a pooled metric), (n_folds,), every one a number.
        design: The folds.
        bounds: Smallest and largest value that the metric can take; None where unbounded.
        alpha: One minus the level of the interval.

    Raises:
        DataError: Where the fold values are not one number per fold of the design.

    Examples:
        >>> from bancada.scoring import Design
        >>> design = Design("random", n_train=(80,) * 5, n_test=(20,) * 5)
        >>> estimate = interval(0.9, [0.88, 0.9, 0.92, 0.91, 0.89], design)
        >>> round(estimate.low, 3), round(estimate.high, 3), estimate.procedure
        (0.871, 0.929, 'corrected resampled t')
    """
    procedure = design.procedure
    if not procedure.name:
        return Estimate(value=value)
    spread = paired(folds, [0.0] * len(folds), design)
    if spread.se == 0:
        return Estimate(value=value)
    reach = quantile(spread.df, alpha / 2) * spread.se
    smallest, largest = bounds
    low = value - reach if smallest is None else max(value - reach, smallest)
    high = value + reach if largest is None else min(value + reach, largest)
    return Estimate(value=value, low=low, high=high, procedure=procedure.name)
