"""Metrics of probabilities: log loss, Brier score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.metrics._averages import mean
from bancada.metrics._builtin import FOLD_MEAN, BuiltIn, Way
from bancada.metrics._readings import BINARY_PROBABILITY, CLASS_PROBABILITIES

if TYPE_CHECKING:
    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Codes = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

__all__ = ["CLIP", "METRICS"]

CLIP = 1e-15


def _surprise(of_truth: Floats, weight: Floats | None) -> float:
    return mean(-np.log(np.maximum(of_truth, CLIP)), weight)


def _log_loss(positive: Flags, probability: Floats, weight: Floats | None) -> float:
    return _surprise(np.where(positive, probability, 1.0 - probability), weight)


def _log_loss_classes(truth: Codes, probability: Floats, weight: Floats | None) -> float:
    return _surprise(probability[np.arange(truth.size), truth], weight)


def _brier(positive: Flags, probability: Floats, weight: Floats | None) -> float:
    return mean(np.square(probability - positive), weight)


def _brier_classes(truth: Codes, probability: Floats, weight: Floats | None) -> float:
    distance = probability.copy()
    distance[np.arange(truth.size), truth] -= 1.0
    return mean(np.einsum("ij,ij->i", distance, distance), weight)


METRICS = (
    BuiltIn(
        "log_loss",
        greater_is_better=False,
        ways=(Way(BINARY_PROBABILITY, _log_loss), Way(CLASS_PROBABILITIES, _log_loss_classes)),
        formula="mean of −ln p(true class), p not below 1e-15",
        bounds=(0.0, None),
        aggregates=(FOLD_MEAN,),
    ),
    BuiltIn(
        "brier",
        greater_is_better=False,
        ways=(Way(BINARY_PROBABILITY, _brier), Way(CLASS_PROBABILITIES, _brier_classes)),
        formula=(
            "binary: mean of (p − y)², from 0 to 1; multiclass: mean of Σ over classes of (p_c − 1[y = c])², "
            "from 0 to 2 (Brier 1950, not halved)"
        ),
        bounds=(0.0, 2.0),
        aggregates=(FOLD_MEAN,),
    ),
)
