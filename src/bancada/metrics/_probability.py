"""Metrics of probabilities: log loss, Brier score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.exceptions import counted
from bancada.metrics._averages import mean
from bancada.metrics._builtin import FOLD_MEAN, BuiltIn, Way
from bancada.metrics._filled import filled
from bancada.metrics._influence import of_mean
from bancada.metrics._readings import BINARY_PROBABILITY, CLASS_PROBABILITIES

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from bancada.samples import Influence

    Flags = npt.NDArray[np.bool_]
    Codes = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

__all__ = ["CLIP", "METRICS", "clip_flags", "surprise"]

CLIP = 1e-15


def surprise(of_truth: Floats) -> Floats:
    """Return −ln p of the probabilities that the truth was given, none below `CLIP`."""
    return np.asarray(-np.log(np.maximum(of_truth, CLIP)), dtype=np.float64)


def _surprises(positive: Flags, probability: Floats) -> Floats:
    return surprise(np.where(positive, probability, 1.0 - probability))


def _log_loss(positive: Flags, probability: Floats, weight: Floats | None) -> float:
    return mean(_surprises(positive, probability), weight)


def _surprises_classes(truth: Codes, probability: Floats) -> Floats:
    return surprise(probability[np.arange(truth.size), truth])


def _log_loss_classes(truth: Codes, probability: Floats, weight: Floats | None) -> float:
    return mean(_surprises_classes(truth, probability), weight)


def _distances(positive: Flags, probability: Floats) -> Floats:
    return np.square(probability - positive)


def _brier(positive: Flags, probability: Floats, weight: Floats | None) -> float:
    return mean(_distances(positive, probability), weight)


def _distances_classes(truth: Codes, probability: Floats) -> Floats:
    distance = probability.copy()
    distance[np.arange(truth.size), truth] -= 1.0
    return np.asarray(np.einsum("ij,ij->i", distance, distance), dtype=np.float64)


def _brier_classes(truth: Codes, probability: Floats, weight: Floats | None) -> float:
    return mean(_distances_classes(truth, probability), weight)


def _of_surprises(
    each: Callable[..., Floats], truth: npt.NDArray[Any], probability: Floats, weight: Floats | None
) -> Influence:
    losses = each(truth, probability)
    return of_mean(losses, weight, clip_flags(losses >= -np.log(CLIP)))


def clip_flags(clipped: Flags) -> tuple[str, ...]:
    """Say how many probabilities of the truth were lifted to `CLIP`, where any was."""
    count = int(np.count_nonzero(clipped))
    if not count:
        return ()
    return (f"log loss: p of the true class was below {CLIP:g} in {counted(count, 'row')} and counted as that",)


METRICS = (
    BuiltIn(
        "log_loss",
        greater_is_better=False,
        ways=(
            Way(BINARY_PROBABILITY, _log_loss, each=_surprises, influence=filled(_of_surprises, _surprises)),
            Way(
                CLASS_PROBABILITIES,
                _log_loss_classes,
                each=_surprises_classes,
                influence=filled(_of_surprises, _surprises_classes),
            ),
        ),
        formula="mean of −ln p(true class), p not below 1e-15",
        bounds=(0.0, None),
        aggregates=(FOLD_MEAN,),
    ),
    BuiltIn(
        "brier",
        greater_is_better=False,
        ways=(
            Way(BINARY_PROBABILITY, _brier, each=_distances),
            Way(CLASS_PROBABILITIES, _brier_classes, each=_distances_classes),
        ),
        formula=(
            "binary: mean of (p − y)², from 0 to 1; multiclass: mean of Σ over classes of (p_c − 1[y = c])², "
            "from 0 to 2 (Brier 1950, not halved)"
        ),
        bounds=(0.0, 2.0),
        aggregates=(FOLD_MEAN,),
    ),
)
