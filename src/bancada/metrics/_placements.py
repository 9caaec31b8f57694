"""How much each row moves a metric of the order: ROC AUC by its placements, average precision (STATISTICS §4).

Sources: DeLong, DeLong & Clarke-Pearson 1988; Sun & Xu 2014, who find the placements by ranks in O(n log n).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.metrics._influence import undefined
from bancada.samples import Influence

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Positions = npt.NDArray[np.intp]
    Weights = Floats | None

__all__ = ["of_average_precision", "of_labels", "of_one_against_rest", "of_roc_auc"]


@dataclass(frozen=True)
class _Order:
    """Rows by ascending score, in blocks of equal scores.

    Attributes:
        order: Positions of the rows by score; None where they stand so already.
        block: Number of each row's block, in that order, (n_rows,); None where no two scores are equal.
        positives: Weight of the positives of each block, (n_blocks,).
        negatives: Weight of the negatives of each block, (n_blocks,).
        weight: Weights of the rows, in that order; None where all weigh 1.
        positive: Which rows are positive, in that order, (n_rows,).
    """

    order: Positions | None
    block: Positions | None
    positives: Floats
    negatives: Floats
    weight: Weights
    positive: Flags

    def of_rows(self, of_positives: Floats, of_negatives: Floats) -> Floats:
        """Return what each row has, from what the positives and the negatives of each block have."""
        if self.block is not None:
            of_positives, of_negatives = of_positives[self.block], of_negatives[self.block]
        values = np.where(self.positive, of_positives, of_negatives)
        return values if self.weight is None else values * self.weight

    def back(self, values: Floats) -> Floats:
        """Return values in the order in which the rows came."""
        if self.order is None:
            return values
        found = np.empty_like(values)
        found[self.order] = values
        return found


def _ordered(positive: Flags, score: Floats, weight: Weights) -> _Order | None:
    """Sort once; None where a score is NaN and so has no place."""
    order = None
    # Rows that were sorted by whoever asks for many slices of them are not sorted again.
    if not (score[1:] >= score[:-1]).all():
        order = np.argsort(score)
        score, positive = score[order], positive[order]
        weight = None if weight is None else weight[order]
    if np.isnan(score[-1]) or np.isnan(score[0]):
        return None
    starts = np.concatenate([[True], score[1:] != score[:-1]])
    if weight is None and starts.all():
        flags = positive.astype(np.float64)
        return _Order(order, None, flags, 1.0 - flags, None, positive)
    block = np.cumsum(starts) - 1
    first = np.flatnonzero(starts)
    if weight is None:
        found = np.append(0, np.cumsum(positive, dtype=np.int64))
        ends = np.append(first[1:], score.size)
        positives = (found[ends] - found[first]).astype(np.float64)
        return _Order(order, block, positives, (ends - first) - positives, None, positive)
    positives = np.add.reduceat(weight * positive, first)
    return _Order(order, block, positives, np.add.reduceat(weight * ~positive, first), weight, positive)


def _effective(positive: Flags, weight: Weights) -> tuple[float, float]:
    """Return how many rows of equal weight the positives, and the negatives, are worth: (Σw)²/Σw²."""
    if weight is None:
        n_positive = float(np.count_nonzero(positive))
        return n_positive, positive.size - n_positive
    sides = weight[positive], weight[~positive]
    first, second = (float(side.sum()) ** 2 / float(side @ side) if side.any() else 0.0 for side in sides)
    return first, second


def of_roc_auc(positive: Flags, score: Floats, weight: Weights) -> Influence:
    """Return the influence on the ROC AUC: (V10 − θ)/π of a positive, (V01 − θ)/(1 − π) of a negative."""
    found = _ordered(positive, score, weight)
    if found is None:
        return undefined(score.size)
    n_positive, n_negative = float(found.positives.sum()), float(found.negatives.sum())
    if not (n_positive > 0 and n_negative > 0):
        return undefined(score.size)
    # A tie counts as half a concordant pair.
    below = (np.cumsum(found.negatives) - found.negatives / 2) / n_negative
    above = (n_positive - np.cumsum(found.positives) + found.positives / 2) / n_positive
    theta = float(found.positives @ below) / n_positive
    of_positives, of_negatives = (
        (side - theta) * (score.size / count) for side, count in ((below, n_positive), (above, n_negative))
    )
    values = found.of_rows(of_positives, of_negatives)
    return Influence(
        theta, found.back(values), scale="logit", kind="auc", counts=_effective(found.positive, found.weight)
    )


def of_average_precision(positive: Flags, score: Floats, weight: Weights) -> Influence:
    """Return the influence on the average precision: [y·(P − AP) + y·G1 − G2]/π, ties at the end of their block.

    Descending, N and TP cumulative, P = TP/N; G1 = Σ y/N and G2 = Σ y·P/N over the rows at or below.
    """
    found = _ordered(positive, score, weight)
    if found is None or not float(found.positives.sum()) > 0:
        return undefined(score.size)
    n_positive = float(found.positives.sum())
    above = np.cumsum(found.positives[::-1])[::-1]
    seen = above + np.cumsum(found.negatives[::-1])[::-1]
    seen = np.where(seen > 0, seen, 1.0)
    precision = above / seen
    theta = float(found.positives @ precision) / n_positive
    gained = np.cumsum(found.positives / seen)
    lost = np.cumsum(found.positives * precision / seen)
    scaled = score.size / n_positive
    values = found.of_rows((precision - theta + gained - lost) * scaled, -lost * scaled)
    return Influence(
        theta, found.back(values), scale="logit", kind="rank", counts=_effective(found.positive, found.weight)
    )


def _mean_of(parts: list[Influence], n_rows: int) -> Influence:
    """Return the influence on the mean of several scores of the same rows."""
    if not parts or not all(np.isfinite(part.value) for part in parts):
        return undefined(n_rows)
    values = np.asarray(np.mean([part.values for part in parts], axis=0), dtype=np.float64)
    fewest = min(parts, key=lambda part: min(part.counts))
    value = float(np.mean([part.value for part in parts]))
    return Influence(value, values, scale="logit", kind="ranks", counts=fewest.counts)


def of_one_against_rest(truth: npt.NDArray[Any], probability: Floats, weight: Weights) -> Influence:
    """Return the influence on the mean over all classes of their ROC AUC against the rest."""
    classes = range(probability.shape[1])
    parts = [of_roc_auc(truth == one, np.ascontiguousarray(probability[:, one]), weight) for one in classes]
    return _mean_of(parts, truth.size)


def of_labels(
    of_label: Callable[[Flags, Floats, Weights], Influence], truth: Flags, score: Floats, weight: Weights
) -> Influence:
    """Return the influence on the mean of a metric over the labels that some rows have and others have not."""
    counted = truth if weight is None else truth[weight > 0]
    varied = np.flatnonzero(counted.any(axis=0) & ~counted.all(axis=0))
    return _mean_of([of_label(truth[:, j], np.ascontiguousarray(score[:, j]), weight) for j in varied], len(truth))
