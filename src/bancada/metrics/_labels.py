"""Metrics of predicted labels, each a function of the confusion matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.metrics import _gradients as gradients
from bancada.metrics._averages import NAN, ratio, square_root
from bancada.metrics._builtin import FOLD_MEAN, POOLED, BuiltIn, Way
from bancada.metrics._filled import filled
from bancada.metrics._influence import of_share, of_table
from bancada.metrics._readings import BINARY_LABELS, CLASS_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Cells = npt.NDArray[np.float64]
    from bancada.samples import Influence

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[Any]
    Weights = Floats | None

__all__ = ["METRICS"]

# Cells are (n_classes, n_classes), truth in rows, predictions in columns; the positive class is the second of two.


def _accuracy(cells: Cells) -> float:
    return ratio(cells.trace(), cells.sum())


def _right(truth: npt.NDArray[Any], predicted: npt.NDArray[Any], n_classes: int) -> Floats:  # noqa: ARG001 - what labels of rows are read with
    return np.asarray(truth == predicted, dtype=np.float64)


def _balanced_accuracy(cells: Cells) -> float:
    truth = cells.sum(axis=1)
    present = truth > 0
    if np.count_nonzero(present) < 2:
        return NAN
    return float((cells.diagonal()[present] / truth[present]).mean())


def _f1(cells: Cells) -> float:
    return ratio(2 * cells[1, 1], 2 * cells[1, 1] + cells[0, 1] + cells[1, 0])


def _precision(cells: Cells) -> float:
    return ratio(cells[1, 1], cells[0, 1] + cells[1, 1])


def _recall(cells: Cells) -> float:
    return ratio(cells[1, 1], cells[1, 0] + cells[1, 1])


def _specificity(cells: Cells) -> float:
    return ratio(cells[0, 0], cells[0, 0] + cells[0, 1])


def _mcc(cells: Cells) -> float:
    truth, predicted, size = cells.sum(axis=1), cells.sum(axis=0), cells.sum()
    spread = (size**2 - truth @ truth) * (size**2 - predicted @ predicted)
    # Rounding can leave a little below zero where one side has a single class.
    return ratio(cells.trace() * size - truth @ predicted, square_root(max(spread, 0.0)))


def _cohen_kappa(cells: Cells) -> float:
    size = cells.sum()
    by_chance = cells.sum(axis=1) @ cells.sum(axis=0)
    return ratio(cells.trace() * size - by_chance, size**2 - by_chance)


def _present(cells: Cells) -> tuple[Cells, Cells, Cells]:
    """Return hits, truth and predictions of each class that occurs in one of the two."""
    truth, predicted = cells.sum(axis=1), cells.sum(axis=0)
    occurs = truth + predicted > 0
    return cells.diagonal()[occurs], truth[occurs], predicted[occurs]


def _f1_macro(cells: Cells) -> float:
    hits, truth, predicted = _present(cells)
    return float((2 * hits / (truth + predicted)).mean()) if hits.size else NAN


def _f1_weighted(cells: Cells) -> float:
    hits, truth, predicted = _present(cells)
    return ratio(float(truth @ (2 * hits / (truth + predicted))), float(truth.sum()))


def _precision_macro(cells: Cells) -> float:
    hits, _, predicted = _present(cells)
    return float((hits / predicted).mean()) if hits.size and predicted.all() else NAN


def _recall_macro(cells: Cells) -> float:
    hits, truth, _ = _present(cells)
    return float((hits / truth).mean()) if hits.size and truth.all() else NAN


def _of_share(
    values: Callable[[Labels, Labels], Labels],
    counted: Callable[[Labels, Labels], Labels],
    truth: Labels,
    predicted: Labels,
    n_classes: int,  # noqa: ARG001 - what labels of rows are read with
    weight: Weights,
) -> Influence:
    right, held = values(truth, predicted), counted(truth, predicted)
    return of_share(right.astype(np.float64), held.astype(np.float64), weight)


def _agree(truth: Labels, predicted: Labels) -> Labels:
    return np.asarray(truth == predicted)


def _positive_prediction(truth: Labels, predicted: Labels) -> Labels:  # noqa: ARG001 - a share of predictions
    return np.asarray(predicted == 1)


def _positive_truth(truth: Labels, predicted: Labels) -> Labels:  # noqa: ARG001 - a share of the truth
    return np.asarray(truth == 1)


def _negative_truth(truth: Labels, predicted: Labels) -> Labels:  # noqa: ARG001 - a share of the truth
    return np.asarray(truth == 0)


def _any(kernel: Callable[[Cells], float], gradient: Callable[[Cells], Cells], scale: str = "logit") -> tuple[Way, ...]:
    influence = filled(of_table, scale, kernel, gradient)
    return tuple(Way(reading, kernel, influence=influence) for reading in (BINARY_LABELS, CLASS_LABELS))


def _of_rows(kernel: Callable[[Cells], float], each: Callable[..., Floats]) -> tuple[Way, ...]:
    return tuple(Way(reading, kernel, each=each, is_share=True) for reading in (BINARY_LABELS, CLASS_LABELS))


def _among(kernel: Callable[[Cells], float], counted: Callable[[Labels, Labels], Labels]) -> tuple[Way, ...]:
    return (Way(BINARY_LABELS, kernel, influence=filled(_of_share, _agree, counted)),)


def _share(name: str, ways: tuple[Way, ...], formula: str, low: float = 0.0) -> BuiltIn:
    return BuiltIn(name, greater_is_better=True, ways=ways, formula=formula, bounds=(low, 1.0), aggregate=POOLED)


METRICS = (
    BuiltIn(
        "accuracy",
        greater_is_better=True,
        ways=_of_rows(_accuracy, _right),
        formula="share of rows whose label is right",
        aggregates=(FOLD_MEAN, POOLED),
    ),
    _share(
        "balanced_accuracy",
        _any(_balanced_accuracy, gradients.balanced_accuracy),
        "mean over the classes in the truth of their recall",
    ),
    _share("f1", _any(_f1, gradients.f1)[:1], "2·TP / (2·TP + FP + FN)"),
    _share("precision", _among(_precision, _positive_prediction), "TP / (TP + FP)"),
    _share("recall", _among(_recall, _positive_truth), "TP / (TP + FN)"),
    _share("specificity", _among(_specificity, _negative_truth), "TN / (TN + FP)"),
    _share(
        "mcc", _any(_mcc, gradients.mcc, "plain"), "correlation of truth and label (Matthews 1975, Gorodkin 2004)", -1.0
    ),
    _share(
        "cohen_kappa",
        _any(_cohen_kappa, gradients.cohen_kappa, "plain"),
        "(p_o − p_e) / (1 − p_e), p_e agreement by chance (Cohen 1960)",
        -1.0,
    ),
    _share("f1_macro", _any(_f1_macro, gradients.f1_macro), "mean of F1 over the classes in truth or predictions"),
    _share(
        "f1_micro",
        _of_rows(_accuracy, _right),
        "F1 over the summed TP, FP and FN of all classes, which is the accuracy",
    ),
    _share(
        "f1_weighted",
        _any(_f1_weighted, gradients.f1_weighted),
        "mean of F1 over the classes, weighted by their count in the truth",
    ),
    _share(
        "precision_macro",
        _any(_precision_macro, gradients.precision_macro),
        "mean of precision over the classes in truth or predictions; undefined where one of them is never predicted",
    ),
    _share(
        "recall_macro",
        _any(_recall_macro, gradients.recall_macro),
        "mean of recall over the classes in truth or predictions; undefined where one of them is not in the truth",
    ),
)
