"""The winner's optimism: the best of many scores better than it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bancada.scoring.choosing._units import Sums, checked, pooled_into, unit_of

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Optimism", "optimism_from", "optimism_of"]

RESAMPLES = 500
_CHUNK = 50
_FEWEST_UNITS = 10


@dataclass(frozen=True, slots=True)
class Optimism:
    """What choosing the best of many candidates adds to its score.

    Attributes:
        chosen: Position of the best candidate.
        value: Its score.
        optimism: How much better than it is the chosen one scores, oriented so that positive flatters; None where there
            are fewer than 10 rows or groups.
        corrected: The score without it: value − max(optimism, 0), or + where less is better; None without optimism.
        compared: Candidates that were held against each other here.
        tried: K, the candidates that were tried.
        resamples: How many resamples.
    """

    chosen: int
    value: float
    optimism: float | None
    corrected: float | None
    compared: int
    tried: int
    resamples: int

    @property
    def lower_bound(self) -> bool:
        """True where more were tried than were held against each other: then the optimism is at least this."""
        return self.tried > self.compared


def optimism_of(
    values: npt.ArrayLike,
    *,
    greater_is_better: bool,
    weight: npt.ArrayLike | None = None,
    groups: npt.ArrayLike | None = None,
    tried: int | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Optimism:
    """Return the winner's optimism by BBC-CV (Tsamardinos, Greasidou & Borboudakis 2018).

    Rows (groups) are drawn with replacement, each with all that it has: its value is its mean over the repeats that
    tested it. In each resample the candidate with the best score in the bag is chosen; the mean of its scores out of
    the bag is what choosing can be trusted with, and the optimism is what the best score has above that. (The mean of
    [score in the bag − score out of it] would correct equal candidates by 1.4 times too much: both move by the same
    draw, apart.) Of more than 5,000 rows random blocks are drawn.

    Args:
        values: One value per row and candidate, (n_rows, n_candidates), whose weighted column means are the scores:
            losses, or score + influence for a metric that is no mean over rows, which makes this a first-order answer.
        greater_is_better: True where a greater score is better.
        weight: One weight per row, (n_rows,).
        groups: One label per row, (n_rows,), where rows of a group depend on each other.
        tried: K, the candidates that were tried, these included; by default there are no others.
        resamples: How many resamples.
        seed: Seed of the resamples.

    Raises:
        DataError: Where the values are no table of finite numbers, or the weights no weights.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> losses = rng.random((200, 40)) < 0.3
        >>> found = optimism_of(losses, greater_is_better=False)
        >>> round(found.value, 3), round(found.corrected, 3)
        (0.235, 0.309)
    """
    table, given = checked(values, weight, groups)
    place, n_units = unit_of(len(table), groups, seed=seed)
    sums = Sums(pooled_into(place, n_units, table * given[:, np.newaxis]), pooled_into(place, n_units, given))
    return optimism_from(sums, greater_is_better=greater_is_better, tried=tried, resamples=resamples, seed=seed)


def optimism_from(
    sums: Sums, *, greater_is_better: bool, tried: int | None = None, resamples: int = RESAMPLES, seed: int = 0
) -> Optimism:
    """Return the winner's optimism from values that are summed by unit already; see `optimism_of`."""
    sign = 1.0 if greater_is_better else -1.0
    means = sums.means
    n_candidates = len(means)
    chosen = int(np.argmax(sign * means))
    value = float(means[chosen])
    k = max(tried or n_candidates, n_candidates)
    if sums.n < _FEWEST_UNITS:
        return Optimism(chosen, value, None, None, n_candidates, k, 0)
    rng = np.random.default_rng(seed)
    outside: list[npt.NDArray[np.float64]] = []
    for start in range(0, resamples, _CHUNK):
        drawn = rng.integers(sums.n, size=(min(_CHUNK, resamples - start), sums.n))
        counts = np.stack([np.bincount(row, minlength=sums.n) for row in drawn]).astype(np.float64)
        outside.append(_out_of_bag(sums, counts, sign))
    each = np.concatenate(outside)
    each = each[np.isfinite(each)]
    if not len(each):
        return Optimism(chosen, value, None, None, n_candidates, k, 0)
    optimism = sign * (value - float(each.mean()))
    return Optimism(chosen, value, optimism, value - sign * max(optimism, 0.0), n_candidates, k, len(each))


def _out_of_bag(sums: Sums, counts: npt.NDArray[np.float64], sign: float) -> npt.NDArray[np.float64]:
    """Return, per resample, the score out of the bag of the best one in it; NaN where a part has no weight."""
    out = (counts == 0).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = sign * (counts @ sums.totals) / (counts @ sums.weight)[:, np.newaxis]
        outside = out @ sums.totals / (out @ sums.weight)[:, np.newaxis]
    best = np.argmax(np.where(np.isnan(inside), -np.inf, inside), axis=1)
    return np.asarray(outside[np.arange(len(best)), best])
