"""Metrics of predicted quantiles.

Sources: Koenker & Bassett 1978 (pinball loss); Gneiting & Raftery 2007, *Strictly proper scoring rules*, eq. 43
(interval score, after Winkler 1972); Laio & Tamea 2007 (the CRPS is twice the pinball loss integrated over levels).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.metrics._averages import NAN, mean
from bancada.metrics._builtin import FOLD_MEAN, POOLED, BuiltIn, Way
from bancada.metrics._readings import VALUES, Need, Reading, floats

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from bancada.samples import Sample

    Floats = npt.NDArray[np.float64]
    Weights = Floats | None
    Kernel = Callable[[Floats, Floats, Floats, Weights], float]

__all__ = ["METRICS"]

PREFIX = "q_"


def _level(name: str) -> float | None:
    """Return the level that the name of a column tells; None where it tells none."""
    try:
        return float(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
    except ValueError:
        return None


def _quantiles(sample: Sample) -> tuple[Floats, Floats, Floats, Weights]:
    """Return truth, (n_rows,), the quantiles, (n_rows, n_levels), their levels, ascending, and the weights."""
    by_level = {level: name for name in sample.predictions.column_names if (level := _level(name)) is not None}
    levels = np.array(sorted(by_level), dtype=np.float64)
    matrix = np.column_stack([floats(sample.predictions, by_level[level]) for level in levels])
    return floats(sample.truth, "value"), matrix, levels, sample.weight


QUANTILES = Reading(("quantile",), VALUES.truth, Need(f"{PREFIX}<level>", VALUES.truth.fits), _quantiles)


def _losses(truth: Floats, matrix: Floats, levels: Floats) -> Floats:
    """Return the pinball loss of each row and level, (n_rows, n_levels)."""
    error = truth[:, np.newaxis] - matrix
    return np.maximum(levels * error, (levels - 1) * error)


def _pinball(truth: Floats, matrix: Floats, levels: Floats, weight: Weights) -> float:
    return mean(_losses(truth, matrix, levels).mean(axis=1), weight)


def _crps(truth: Floats, matrix: Floats, levels: Floats, weight: Weights) -> float:
    # Each level stands for the probabilities that are nearest to it.
    edges = np.concatenate([[0.0], (levels[1:] + levels[:-1]) / 2, [1.0]])
    return 2.0 * mean(_losses(truth, matrix, levels) @ np.diff(edges), weight)


def _coverage_error(truth: Floats, matrix: Floats, levels: Floats, weight: Weights) -> float:
    low, high = matrix[:, 0], matrix[:, -1]
    if len(levels) < 2 or not np.isfinite(matrix).all():
        return NAN
    inside = (low <= truth) & (truth <= high)
    return abs(mean(inside.astype(np.float64), weight) - float(levels[-1] - levels[0]))


def _interval_width(truth: Floats, matrix: Floats, levels: Floats, weight: Weights) -> float:  # noqa: ARG001 - a width needs no truth
    return mean(matrix[:, -1] - matrix[:, 0], weight) if len(levels) > 1 else NAN


def _interval_score(truth: Floats, matrix: Floats, levels: Floats, weight: Weights) -> float:
    if len(levels) < 2:
        return NAN
    low, high = matrix[:, 0], matrix[:, -1]
    below, above = np.maximum(low - truth, 0.0), np.maximum(truth - high, 0.0)
    return mean(high - low + below / levels[0] + above / (1 - levels[-1]), weight)


def _error(
    name: str,
    kernel: Kernel,
    formula: str,
    bounds: tuple[float | None, float | None] = (0.0, None),
    aggregate: str = FOLD_MEAN,
) -> BuiltIn:
    ways = (Way(QUANTILES, kernel),)
    return BuiltIn(name, greater_is_better=False, ways=ways, formula=formula, bounds=bounds, aggregate=aggregate)


METRICS = (
    _error("pinball", _pinball, "mean over rows and levels τ of max(τ·(y − q), (τ − 1)·(y − q))"),
    _error(
        "crps_quantiles",
        _crps,
        "CRPS approximated from the quantiles: 2·Σ over levels τ of w·pinball(τ), w the share of probabilities nearest "
        "to τ",
    ),
    _error(
        "interval_score",
        _interval_score,
        "mean of u − l + (l − y)⁺/τ_l + (y − u)⁺/(1 − τ_u) over the outermost levels; 2/α of a central interval "
        "(Gneiting & Raftery 2007)",
    ),
    _error(
        "coverage_error",
        _coverage_error,
        "|share of y in [l, u] − (τ_u − τ_l)| over the outermost levels",
        bounds=(0.0, 1.0),
        aggregate=POOLED,
    ),
    _error(
        "interval_width",
        _interval_width,
        "mean of u − l over the outermost levels; negative where they cross",
        bounds=(None, None),
    ),
)
