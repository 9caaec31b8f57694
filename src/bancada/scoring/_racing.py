"""When a candidate is left alone before its folds are done: a budget device, never a test (STATISTICS §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.exceptions import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = ["chances_of_sums", "falls_behind", "signed_rank_p"]

_FEWEST = 4
_LEVEL = 0.1
_ROUNDING = 1e-9
_SMALLEST_SCALE = 1e-12


def falls_behind(
    differences: Sequence[float] | npt.NDArray[np.float64], *, scale: float | None = None, fewest: int = _FEWEST
) -> bool:
    """Tell whether the budget rule leaves a candidate alone.

    From the fourth fold on, where the one-sided exact Wilcoxon p of (leader − candidate) over the folds so far is below
    .1. The folds share training rows, so that this p is no p value of anything: it spends folds, it decides nothing,
    and nobody is shown it. Never ask it about the leader, a champion or the baseline.

    Args:
        differences: Candidate − leader in the order of the folds, oriented so that positive is better, (n_folds,).
        scale: Largest absolute score, against which rounding is measured; by default the largest absolute difference.
        fewest: Folds before which nothing is left alone.

    Raises:
        DataError: Where a difference is not a number.

    Examples:
        >>> falls_behind([-0.02, -0.01, -0.03]), falls_behind([-0.02, -0.01, -0.03, -0.01])
        (False, True)
        >>> falls_behind([-0.02, -0.01, 0.03, -0.01])
        False
    """
    values = -np.asarray(differences, dtype=np.float64)
    return values.size >= fewest and signed_rank_p(values, scale=scale) < _LEVEL


def signed_rank_p(differences: Sequence[float] | npt.NDArray[np.float64], *, scale: float | None = None) -> float:
    """Return P(T⁺ ≥ t⁺) where each difference is as likely to be negative as positive, T⁺ the ranks of the positive.

    Wilcoxon's signed-rank test (Wilcoxon 1945), exact with ties too: ranks are midranks, zeros are left out, and all
    2ⁿ signs count alike given the sizes.

    Args:
        differences: Paired differences, (n_folds,).
        scale: Largest absolute score, against which rounding is measured; by default the largest absolute difference.

    Raises:
        DataError: Where a difference is not a number.

    Examples:
        >>> signed_rank_p([1.0, 2.0, 3.0, 4.0])
        0.0625
    """
    values = np.asarray(differences, dtype=np.float64)
    if values.ndim != 1 or not np.isfinite(values).all():
        raise DataError(
            "Differences are finite numbers, one for each fold.",
            f"Found shape {values.shape}, {int((~np.isfinite(values)).sum())} of them without a number.",
            "Leave out a candidate that has an undefined fold.",
        )
    largest = float(np.max(np.abs(values), initial=0.0)) if scale is None else scale
    # What differs by rounding alone is tied, so that the answer does not hang on the last bit of a score.
    steps = np.rint(values / (_ROUNDING * max(largest, _SMALLEST_SCALE)))
    steps = steps[steps != 0]
    if steps.size == 0:
        return 1.0
    ranks = _doubled_midranks(np.abs(steps))
    return float(chances_of_sums(ranks)[int(ranks[steps > 0].sum()) :].sum())


def _doubled_midranks(sizes: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return twice the midrank of each size, a whole number: scipy has ranks, and takes a third of a second to load."""
    _, member, counts = np.unique(sizes, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((2 * last - counts + 1)[member], dtype=np.int64)


def chances_of_sums(ranks: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the probability of each sum of ranks, where each rank is in it with probability one half."""
    chances = np.zeros(int(ranks.sum()) + 1)
    chances[0] = 1.0
    for rank in ranks:
        moved = np.zeros_like(chances)
        moved[rank:] = chances[:-rank]
        chances = (chances + moved) / 2
    return chances
