"""Whether the blocks of a time-ordered split are long enough to be taken as independent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bancada.exceptions import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = ["ShortBlocks", "short_blocks"]

_FEWEST = 3


@dataclass(frozen=True, slots=True)
class ShortBlocks:
    """Lag-1 autocorrelation of a series against the bound that its block length sets.

    Attributes:
        autocorrelation: Lag-1 autocorrelation of the paired differences in order of time; 0 where they do not vary.
        bound: 1 − 4/block length.
        too_short: True where the blocks are too short for the t over time blocks.
        text: What must be told; empty where the blocks are long enough.
    """

    autocorrelation: float
    bound: float
    too_short: bool
    text: str


def short_blocks(d: Sequence[float] | npt.NDArray[np.float64], block_length: float) -> ShortBlocks:
    """Measure whether time blocks are long against the memory of the paired differences.

    r1 = Σ (d_t − d̄)(d_{t+1} − d̄) / Σ (d_t − d̄)²; blocks are too short where r1 > 1 − 4/block length: such a block holds
    fewer than about four times the span over which the differences forget.

    Args:
        d: Paired per-row differences of loss, in order of time, (n_rows,).
        block_length: Mean rows in a test block.

    Raises:
        DataError: Where there are fewer than 3 differences, or one is not a number.

    Examples:
        >>> short_blocks([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], 6).too_short
        True
    """
    values = np.asarray(d, dtype=np.float64)
    if values.ndim != 1 or values.size < _FEWEST or not np.isfinite(values).all():
        raise DataError(
            "The memory of a series is measured on at least 3 numbers in order of time.",
            f"Found shape {values.shape}, {int((~np.isfinite(values)).sum())} of them not finite.",
            "Give the paired difference of each tested row.",
        )
    centred = values - values.mean()
    total = float(np.dot(centred, centred))
    lag = float(np.dot(centred[:-1], centred[1:])) / total if total else 0.0
    bound = 1 - 4 / block_length
    short = lag > bound
    text = f"blocks are too short: lag-1 autocorrelation {lag:.2f} above {bound:.2f}" if short else ""
    return ShortBlocks(lag, bound, short, text)
