"""What a metric says about a KPI, over the candidates so far (STATISTICS §7).

Both are never computed on the same rows: on shared rows equal candidates show a rank correlation of about .4, for what
is luck for the one is luck for the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata

from bancada.exceptions import DefinitionError

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["FEWEST_NAMES", "Relation", "relation"]

FEWEST_NAMES = 8
_ALIKE = 0.3
_DRAWS = 10
_FEWEST_DISTINCT = 3


@dataclass(frozen=True, slots=True)
class Relation:
    """How well the order by a metric is the order by a KPI, on other rows.

    Attributes:
        rho: Mean Spearman correlation between the metric on one half of the rows and the KPI on the other.
        low: Lower end of its 95 % interval over names and rows.
        high: Upper end.
        reliability_metric: Mean Spearman correlation of the metric between the halves.
        reliability_kpi: The same of the KPI.
        regret: Mean of (the KPI of the one that is best by the KPI on the other half) − (that of the one that is best
            by the metric there), in the KPI's unit; below 0 where the metric chooses better than the KPI itself.
        regret_low: Lower end of its 95 % interval over names and rows.
        regret_high: Upper end.
        n_names: Candidates.
        word: `too alike to tell` where a reliability is below .3; else empty.
    """

    rho: float
    low: float
    high: float
    reliability_metric: float
    reliability_kpi: float
    regret: float
    regret_low: float
    regret_high: float
    n_names: int
    word: str


def relation(metric: tuple[Floats, Floats], kpi: tuple[Floats, Floats], seed: int = 0) -> Relation:
    """Return how a metric relates to a KPI.

    Args:
        metric: The metric on the first and on the second half of each split, oriented so that greater is better,
            (n_splits, n_names) each.
        kpi: The KPI in the same way.
        seed: Seed of the draws of names.

    Raises:
        DefinitionError: There are fewer than 8 names.
    """
    n_names = metric[0].shape[1]
    if n_names < FEWEST_NAMES:
        raise DefinitionError(
            f"A metric is held against a KPI over at least {FEWEST_NAMES} candidates, each by another name.",
            f"There are {n_names}.",
            "Run more candidates.",
        )
    # Both ways: whatever is chosen on the one half is counted on the other.
    chosen, counted = np.concatenate(metric), np.concatenate(kpi[::-1])
    by_itself = np.concatenate(kpi)
    whole = np.isfinite(chosen).all(axis=1) & np.isfinite(counted).all(axis=1) & np.isfinite(by_itself).all(axis=1)
    chosen, counted, by_itself = chosen[whole], counted[whole], by_itself[whole]
    if not len(chosen):
        nan = float("nan")
        return Relation(nan, nan, nan, nan, nan, nan, nan, nan, n_names, "undefined on halves of the rows")
    names = np.random.default_rng(seed).integers(n_names, size=(len(chosen) * _DRAWS, n_names))
    drawn = [
        np.take_along_axis(np.repeat(part, _DRAWS, axis=0), names, axis=1) for part in (chosen, counted, by_itself)
    ]
    enough = (np.diff(np.sort(names, axis=1), axis=1) > 0).sum(axis=1) >= _FEWEST_DISTINCT - 1
    low, high = _ends(_spearman(drawn[0], drawn[1])[enough])
    regret_low, regret_high = _ends(_regret(*drawn)[enough])
    reliability = [_mean(_spearman(*halves)) for halves in (metric, kpi)]
    return Relation(
        rho=_mean(_spearman(chosen, counted)),
        low=low,
        high=high,
        reliability_metric=reliability[0],
        reliability_kpi=reliability[1],
        regret=_mean(_regret(chosen, counted, by_itself)),
        regret_low=regret_low,
        regret_high=regret_high,
        n_names=n_names,
        # Not `min`: a reliability is NaN where all candidates are tied, and min would hide that behind the other one.
        word="" if all(one >= _ALIKE for one in reliability) else "too alike to tell",
    )


def _spearman(a: Floats, b: Floats) -> Floats:
    """Return the rank correlation of each row, (n_splits,); NaN where all in one of them are tied."""
    x, y = (rankdata(part, axis=1) for part in (a, b))
    x, y = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
    below = np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1))
    found = np.full(len(below), np.nan)
    np.divide((x * y).sum(axis=1), below, out=found, where=below > 0)
    return found


def _regret(chosen: Floats, counted: Floats, by_itself: Floats) -> Floats:
    """Return what choosing by the metric costs against choosing by the KPI itself, on the other half, (n_splits,)."""
    rows = np.arange(len(chosen))
    regret: Floats = counted[rows, by_itself.argmax(axis=1)] - counted[rows, chosen.argmax(axis=1)]
    return regret


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _ends(values: Floats) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)
