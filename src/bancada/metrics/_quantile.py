"""Metrics of predicted quantiles.

Sources: Koenker & Bassett 1978 (pinball loss); Gneiting & Raftery 2007, *Strictly proper scoring rules*, eq. 43
(interval score, after Winkler 1972); Laio & Tamea 2007 (the CRPS is twice the pinball loss integrated over levels).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.exceptions import DefinitionError
from bancada.metrics._averages import NAN, mean
from bancada.metrics._builtin import FOLD_MEAN, POOLED, BuiltIn, Way
from bancada.metrics._influence import of_mean, undefined
from bancada.metrics._options import Option
from bancada.metrics._readings import VALUES, Need, Reading, floats
from bancada.samples import Influence

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from bancada.samples import Sample

    Floats = npt.NDArray[np.float64]
    Weights = Floats | None
    Kernel = Callable[..., float]

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


def _tilted(truth: Floats, matrix: Floats, levels: Floats) -> Floats:
    """Return the pinball loss of each row and level, (n_rows, n_levels)."""
    error = truth[:, np.newaxis] - matrix
    return np.maximum(levels * error, (levels - 1) * error)


def _pinballs(truth: Floats, matrix: Floats, levels: Floats) -> Floats:
    return np.asarray(_tilted(truth, matrix, levels).mean(axis=1), dtype=np.float64)


def _pinball(truth: Floats, matrix: Floats, levels: Floats, weight: Weights) -> float:
    return mean(_pinballs(truth, matrix, levels), weight)


def _crps_rows(truth: Floats, matrix: Floats, levels: Floats) -> Floats:
    # Each level stands for the probabilities that are nearest to it.
    edges = np.concatenate([[0.0], (levels[1:] + levels[:-1]) / 2, [1.0]])
    return np.asarray(2.0 * (_tilted(truth, matrix, levels) @ np.diff(edges)), dtype=np.float64)


def _crps(truth: Floats, matrix: Floats, levels: Floats, weight: Weights) -> float:
    return mean(_crps_rows(truth, matrix, levels), weight)


def _share(given: Any) -> float | None:
    """Return the share that a central interval promises to hold; None stands for the outermost levels."""
    if given is None:
        return None
    share = float(given) if isinstance(given, str | float) else math.nan
    if not 0 < share < 1:
        raise ValueError
    return share


_SHARE = Option("share", _share, "a share between 0 and 1, or None for the outermost levels", 0.9)


def _interval(matrix: Floats, levels: Floats, share: float | None) -> tuple[Floats, Floats, float, float] | None:
    """Return the lower and the upper ends, (n_rows,), and their levels; None where one level is all there is.

    Raises:
        DefinitionError: The levels of a central interval of this share are not predicted.
    """
    if share is None:
        return (matrix[:, 0], matrix[:, -1], levels[0], levels[-1]) if len(levels) > 1 else None
    wanted = [(1 - share) / 2, (1 + share) / 2]
    near = [int(np.argmin(np.abs(levels - level))) for level in wanted]
    if not np.allclose(levels[near], wanted, rtol=0, atol=1e-9):
        rule = f"A central interval of the share {share} has the levels {wanted[0]:.6g} and {wanted[1]:.6g}."
        found = f"Predicted are {', '.join(f'{level:.6g}' for level in levels)}."
        raise DefinitionError(rule, found, "Add them to the levels of the task, or judge another share.")
    low, high = near
    return matrix[:, low], matrix[:, high], levels[low], levels[high]


def _coverage_error(truth: Floats, matrix: Floats, levels: Floats, weight: Weights, share: float | None) -> float:
    ends = _interval(matrix, levels, share)
    if ends is None or not np.isfinite(matrix).all():
        return NAN
    low, high, level_low, level_high = ends
    inside = (low <= truth) & (truth <= high)
    return abs(mean(inside.astype(np.float64), weight) - float(level_high - level_low))


def _of_coverage_error(
    truth: Floats, matrix: Floats, levels: Floats, weight: Weights, share: float | None
) -> Influence:
    ends = _interval(matrix, levels, share)
    if ends is None or not np.isfinite(matrix).all():
        return undefined(truth.size)
    low, high, level_low, level_high = ends
    held = of_mean(((low <= truth) & (truth <= high)).astype(np.float64), weight)
    off = held.value - float(level_high - level_low)
    return Influence(abs(off), -held.values if off < 0 else held.values)


def _widths(truth: Floats, matrix: Floats, levels: Floats, share: float | None) -> Floats:
    ends = _interval(matrix, levels, share)
    return np.full(truth.size, NAN) if ends is None else ends[1] - ends[0]


def _interval_width(truth: Floats, matrix: Floats, levels: Floats, weight: Weights, share: float | None) -> float:
    return mean(_widths(truth, matrix, levels, share), weight)


def _interval_scores(truth: Floats, matrix: Floats, levels: Floats, share: float | None) -> Floats:
    ends = _interval(matrix, levels, share)
    if ends is None:
        return np.full(truth.size, NAN)
    low, high, level_low, level_high = ends
    below, above = np.maximum(low - truth, 0.0), np.maximum(truth - high, 0.0)
    return np.asarray(high - low + below / level_low + above / (1 - level_high), dtype=np.float64)


def _interval_score(truth: Floats, matrix: Floats, levels: Floats, weight: Weights, share: float | None) -> float:
    return mean(_interval_scores(truth, matrix, levels, share), weight)


def _error(  # noqa: PLR0913, PLR0917 - a line of the table below
    name: str,
    kernel: Kernel,
    formula: str,
    bounds: tuple[float | None, float | None] = (0.0, None),
    aggregate: str = FOLD_MEAN,
    option: Option | None = None,
    each: Callable[..., Floats] | None = None,
    influence: Callable[..., Influence] | None = None,
) -> BuiltIn:
    return BuiltIn(
        name,
        greater_is_better=False,
        ways=(Way(QUANTILES, kernel, has_option=option is not None, each=each, influence=influence),),
        formula=formula,
        bounds=bounds,
        aggregate=aggregate,
        option=option,
    )


METRICS = (
    _error("pinball", _pinball, "mean over rows and levels τ of max(τ·(y − q), (τ − 1)·(y − q))", each=_pinballs),
    _error(
        "crps_quantiles",
        _crps,
        "CRPS approximated from the quantiles: 2·Σ over levels τ of w·pinball(τ), w the share of probabilities nearest "
        "to τ",
        each=_crps_rows,
    ),
    _error(
        "interval_score",
        _interval_score,
        "mean of u − l + (l − y)⁺/τ_l + (y − u)⁺/(1 − τ_u) over the outermost levels; 2/α of a central interval "
        "(Gneiting & Raftery 2007)",
        option=_SHARE,
        each=_interval_scores,
    ),
    _error(
        "coverage_error",
        _coverage_error,
        "|share of y in [l, u] − (τ_u − τ_l)| over the outermost levels",
        bounds=(0.0, 1.0),
        aggregate=POOLED,
        option=_SHARE,
        influence=_of_coverage_error,
    ),
    _error(
        "interval_width",
        _interval_width,
        "mean of u − l over the outermost levels; negative where they cross",
        bounds=(None, None),
        option=_SHARE,
        each=_widths,
    ),
)
