"""Metrics of forecasts.

Sources: Hyndman & Koehler 2006, *Another look at measures of forecast accuracy* (MASE); Makridakis, Spiliotis &
Assimakopoulos 2020, *The M4 competition* (sMAPE); Kolassa & Schütz 2007 (WAPE, the MAD/mean ratio).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.metrics._averages import NAN, mean, ratio, total
from bancada.metrics._builtin import POOLED, BuiltIn, Way
from bancada.metrics._influence import of_ratio
from bancada.metrics._readings import VALUES, Need, Reading, floats

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.samples import Influence, Sample

    Floats = npt.NDArray[np.float64]
    Weights = Floats | None

__all__ = ["METRICS"]


def _scaled(sample: Sample) -> tuple[Floats, Floats, Floats, Weights]:
    truth, predictions = floats(sample.truth, "value"), sample.predictions
    return truth, floats(predictions, "value"), floats(predictions, "scale"), sample.weight


SCALED = Reading(("forecast",), VALUES.truth, Need("scale", VALUES.truth.fits), _scaled, (VALUES.predictions,))


def _scaled_error(truth: Floats, value: Floats, scale: Floats) -> Floats:
    usable = np.isfinite(scale) & (scale != 0)
    return np.divide(np.abs(truth - value), scale, out=np.full_like(truth, NAN), where=usable)


def _mase(truth: Floats, value: Floats, scale: Floats, weight: Weights) -> float:
    counted = scale if weight is None else scale[weight > 0]
    if not counted.size or not np.isfinite(counted).all() or not counted.all():
        return NAN
    # What is no scale stands in rows without weight only.
    scales = np.where(np.isfinite(scale) & (scale != 0), scale, 1.0)
    return mean(np.abs(truth - value) / scales, weight)


def _symmetric(truth: Floats, value: Floats) -> Floats:
    size = np.abs(truth) + np.abs(value)
    apart = 2.0 * np.abs(truth - value)
    return np.asarray(np.divide(apart, size, out=np.zeros_like(size), where=size != 0), dtype=np.float64)


def _smape(truth: Floats, value: Floats, weight: Weights) -> float:
    return mean(_symmetric(truth, value), weight)


def _wape(truth: Floats, value: Floats, weight: Weights) -> float:
    return ratio(total(np.abs(truth - value), weight), total(np.abs(truth), weight))


def _of_wape(truth: Floats, value: Floats, weight: Weights) -> Influence:
    return of_ratio(np.abs(truth - value), np.abs(truth), weight)


METRICS = (
    BuiltIn(
        "mase",
        greater_is_better=False,
        ways=(Way(SCALED, _mase, each=_scaled_error),),
        formula="mean of |y − ŷ| / mean of |y_t − y_(t−season)| over the training rows of the series; undefined where "
        "a series has none or they are constant (Hyndman & Koehler 2006)",
        bounds=(0.0, None),
    ),
    BuiltIn(
        "smape",
        greater_is_better=False,
        ways=(Way(VALUES, _smape, each=_symmetric),),
        formula="mean of 2·|y − ŷ| / (|y| + |ŷ|), from 0 to 2; 0 where both are 0",
        bounds=(0.0, 2.0),
    ),
    BuiltIn(
        "wape",
        greater_is_better=False,
        ways=(Way(VALUES, _wape, influence=_of_wape),),
        formula="Σ |y − ŷ| / Σ |y|; undefined where all y are 0",
        bounds=(0.0, None),
        aggregate=POOLED,
    ),
)
