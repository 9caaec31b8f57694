"""Metrics of rows with any number of labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.metrics import _label_influence as of_rows
from bancada.metrics._averages import NAN, mean, ratio, total
from bancada.metrics._builtin import FOLD_MEAN, POOLED, BuiltIn, Way
from bancada.metrics._filled import filled
from bancada.metrics._influence import of_mean
from bancada.metrics._placements import of_average_precision, of_labels, of_roc_auc
from bancada.metrics._probability import CLIP, clip_flags, surprise
from bancada.metrics._ranking import average_precision, roc_auc
from bancada.metrics._readings import Need, Reading, flags, floats, is_bool, is_number
from bancada.samples import LeftOut

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from bancada.samples import Influence, Sample

    Flags = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Weights = Floats | None

__all__ = ["LABEL_PROBABILITIES", "LABEL_SCORES", "LABEL_SETS", "METRICS", "SHARED"]

_LABELS = Need("label_<label>", is_bool)


def _names(sample: Sample) -> list[str]:
    """Return the labels, in the order of the truth."""
    return [name.removeprefix("label_") for name in sample.truth.column_names if name.startswith("label_")]


def _label_sets(sample: Sample) -> tuple[Flags, Flags, Weights]:
    """Return which labels each row has and which were predicted, (n_rows, n_labels), and the weights."""
    return _truth(sample), _columns(sample, "label", flags), sample.weight


def _truth(sample: Sample) -> Flags:
    return np.column_stack([flags(sample.truth, f"label_{name}") for name in _names(sample)])


def _columns(sample: Sample, kind: str, read: Callable[..., Any]) -> Any:
    return np.column_stack([read(sample.predictions, f"{kind}_{name}") for name in _names(sample)])


def _probabilities(sample: Sample) -> tuple[Flags, Floats, Weights]:
    return _truth(sample), _columns(sample, "probability", floats), sample.weight


def _scores(sample: Sample) -> tuple[Flags, Floats, Weights]:
    return _truth(sample), _columns(sample, "score", floats), sample.weight


LABEL_SETS = Reading(("multilabel",), _LABELS, _LABELS, _label_sets)
LABEL_PROBABILITIES = Reading(("multilabel",), _LABELS, Need("probability_<label>", is_number), _probabilities)
# A second reading of one task, so that the task is listed once.
LABEL_SCORES = Reading((), _LABELS, Need("score_<label>", is_number), _scores)


def _wrong_labels(truth: Flags, predicted: Flags) -> Floats:
    return np.asarray((truth != predicted).mean(axis=1), dtype=np.float64)


def _hamming_loss(truth: Flags, predicted: Flags, weight: Weights) -> float:
    return mean(_wrong_labels(truth, predicted), weight)


def _exact(truth: Flags, predicted: Flags) -> Floats:
    return np.asarray((truth == predicted).all(axis=1), dtype=np.float64)


def _exact_match(truth: Flags, predicted: Flags, weight: Weights) -> float:
    return mean(_exact(truth, predicted), weight)


def _counts(truth: Flags, predicted: Flags, weight: Weights) -> tuple[Floats, Floats, Floats]:
    """Return hits, truth and predictions of each label, (n_labels,)."""
    weights = np.ones(len(truth)) if weight is None else weight
    return weights @ (truth & predicted), weights @ truth, weights @ predicted


def _f1_micro(truth: Flags, predicted: Flags, weight: Weights) -> float:
    hits, true, found = _counts(truth, predicted, weight)
    return ratio(2 * hits.sum(), true.sum() + found.sum())


def _precision_micro(truth: Flags, predicted: Flags, weight: Weights) -> float:
    hits, _, found = _counts(truth, predicted, weight)
    return ratio(hits.sum(), found.sum())


def _recall_micro(truth: Flags, predicted: Flags, weight: Weights) -> float:
    hits, true, _ = _counts(truth, predicted, weight)
    return ratio(hits.sum(), true.sum())


def _f1_of_labels(truth: Flags, predicted: Flags, weight: Weights) -> tuple[Floats, Floats]:
    """Return F1 and the count in the truth of each label that occurs in truth or predictions."""
    hits, true, found = _counts(truth, predicted, weight)
    occurs = true + found > 0
    return 2 * hits[occurs] / (true + found)[occurs], true[occurs]


def _f1_macro(truth: Flags, predicted: Flags, weight: Weights) -> float:
    f1, _ = _f1_of_labels(truth, predicted, weight)
    return float(f1.mean()) if f1.size else NAN


def _f1_weighted(truth: Flags, predicted: Flags, weight: Weights) -> float:
    f1, true = _f1_of_labels(truth, predicted, weight)
    return ratio(total(f1, true), float(true.sum()))


def _absent(truth: Flags, predicted: Flags, weight: Weights) -> LeftOut:
    hits, true, found = _counts(truth, predicted, weight)
    return LeftOut(
        int(np.count_nonzero(true + found == 0)), len(hits), "labels", "neither true nor predicted on any row"
    )


def _per_row(both: Floats, either: Floats) -> Floats:
    """Return the ratio of each row; a row without any label, rightly predicted, has 1."""
    return np.where(either > 0, both / np.maximum(either, 1), 1.0)


def _f1_rows(truth: Flags, predicted: Flags) -> Floats:
    return _per_row(2.0 * (truth & predicted).sum(axis=1), truth.sum(axis=1) + predicted.sum(axis=1))


def _f1_samples(truth: Flags, predicted: Flags, weight: Weights) -> float:
    return mean(_f1_rows(truth, predicted), weight)


def _jaccard_rows(truth: Flags, predicted: Flags) -> Floats:
    return _per_row((truth & predicted).sum(axis=1).astype(np.float64), (truth | predicted).sum(axis=1))


def _jaccard_samples(truth: Flags, predicted: Flags, weight: Weights) -> float:
    return mean(_jaccard_rows(truth, predicted), weight)


def _surprises(truth: Flags, probability: Floats) -> Floats:
    return np.asarray(surprise(np.where(truth, probability, 1.0 - probability)).mean(axis=1), dtype=np.float64)


def _of_surprises(truth: Flags, probability: Floats, weight: Weights) -> Influence:
    clipped = np.where(truth, probability, 1.0 - probability) <= CLIP
    return of_mean(_surprises(truth, probability), weight, clip_flags(np.asarray(clipped.any(axis=1))))


def _log_loss(truth: Flags, probability: Floats, weight: Weights) -> float:
    return mean(_surprises(truth, probability), weight)


def _distances(truth: Flags, probability: Floats) -> Floats:
    return np.asarray(np.square(probability - truth).mean(axis=1), dtype=np.float64)


def _brier(truth: Flags, probability: Floats, weight: Weights) -> float:
    return mean(_distances(truth, probability), weight)


def _varied(truth: Flags, weight: Weights) -> npt.NDArray[np.intp]:
    """Return the positions of the labels that some row of positive weight has and some has not."""
    counted = truth if weight is None else truth[weight > 0]
    return np.flatnonzero(counted.any(axis=0) & ~counted.all(axis=0))


def _constant(truth: Flags, score: Floats, weight: Weights) -> LeftOut:
    n_labels = score.shape[1]
    return LeftOut(n_labels - len(_varied(truth, weight)), n_labels, "labels", "all rows have it, or none has")


def _macro(kernel: Callable[..., float], truth: Flags, score: Floats, weight: Weights) -> float:
    labels = _varied(truth, weight)
    return float(np.mean([kernel(truth[:, j], score[:, j], weight) for j in labels])) if labels.size else NAN


def _roc_auc_macro(truth: Flags, score: Floats, weight: Weights) -> float:
    return _macro(roc_auc, truth, score, weight)


def _average_precision_macro(truth: Flags, score: Floats, weight: Weights) -> float:
    return _macro(average_precision, truth, score, weight)


def _well_ranked(truth: Flags, score: Floats) -> Floats:
    gained = np.zeros(len(truth))
    for j in range(truth.shape[1]):
        above = score >= score[:, [j]]
        gained += np.where(truth[:, j], (above & truth).sum(axis=1) / above.sum(axis=1), 0.0)
    n_true = truth.sum(axis=1)
    # As in scikit-learn: where there is nothing to rank, every ranking is right.
    trivial = (n_true == 0) | (n_true == truth.shape[1])
    return np.where(trivial, 1.0, gained / np.maximum(n_true, 1))


def _label_ranking_ap(truth: Flags, score: Floats, weight: Weights) -> float:
    return mean(_well_ranked(truth, score), weight)


def _depths(truth: Flags, score: Floats) -> Floats:
    lowest = np.where(truth, score, np.inf).min(axis=1)
    return np.asarray((score >= lowest[:, np.newaxis]).sum(axis=1), dtype=np.float64)


def _coverage_error(truth: Flags, score: Floats, weight: Weights) -> float:
    return mean(_depths(truth, score), weight)


def _sets(
    name: str,
    kernel: Callable[..., float],
    formula: str,
    aggregate: str = FOLD_MEAN,
    *,
    greater: bool = True,
    each: Callable[..., Floats] | None = None,
    influence: Callable[..., Influence] | None = None,
) -> BuiltIn:
    ways = (Way(LABEL_SETS, kernel, each=each, influence=influence),)
    return BuiltIn(name, greater_is_better=greater, ways=ways, formula=formula, aggregate=aggregate)


def _ordered(
    name: str,
    kernel: Callable[..., float],
    formula: str,
    left_out: Callable[..., LeftOut] | None = None,
    each: Callable[..., Floats] | None = None,
    influence: Callable[..., Influence] | None = None,
) -> BuiltIn:
    readings = (LABEL_SCORES, LABEL_PROBABILITIES)
    ways = tuple(Way(reading, kernel, left_out=left_out, each=each, influence=influence) for reading in readings)
    return BuiltIn(name, greater_is_better=True, ways=ways, formula=formula, aggregates=(FOLD_MEAN,))


SHARED: dict[str, tuple[Way, ...]] = {
    "f1_micro": (Way(LABEL_SETS, _f1_micro, influence=of_rows.f1_micro),),
    "f1_macro": (Way(LABEL_SETS, _f1_macro, left_out=_absent, influence=of_rows.f1_macro),),
    "f1_weighted": (Way(LABEL_SETS, _f1_weighted, influence=of_rows.f1_weighted),),
    "log_loss": (Way(LABEL_PROBABILITIES, _log_loss, each=_surprises, influence=_of_surprises),),
    "brier": (Way(LABEL_PROBABILITIES, _brier, each=_distances),),
    "exact_match": (Way(LABEL_SETS, _exact_match, each=_exact, is_share=True),),
}
"""The ways in which metrics of other tasks are computed for labels, by name."""

METRICS = (
    _sets(
        "hamming_loss",
        _hamming_loss,
        "share of all labels of all rows that are wrong",
        greater=False,
        each=_wrong_labels,
    ),
    _sets(
        "f1_samples",
        _f1_samples,
        "mean over rows of the F1 of its labels; 1 where there are none, rightly",
        each=_f1_rows,
    ),
    _sets(
        "jaccard_samples",
        _jaccard_samples,
        "mean over rows of labels in both over labels in either",
        each=_jaccard_rows,
    ),
    _sets(
        "precision_micro",
        _precision_micro,
        "TP / (TP + FP), summed over all labels",
        POOLED,
        influence=of_rows.precision_micro,
    ),
    _sets(
        "recall_micro", _recall_micro, "TP / (TP + FN), summed over all labels", POOLED, influence=of_rows.recall_micro
    ),
    _ordered(
        "roc_auc_macro",
        _roc_auc_macro,
        "mean over the labels of their ROC AUC; labels that all rows have or none has are left out",
        _constant,
        influence=filled(of_labels, of_roc_auc),
    ),
    _ordered(
        "average_precision_macro",
        _average_precision_macro,
        "mean over the labels of their average precision; labels that all rows have or none has are left out",
        _constant,
        influence=filled(of_labels, of_average_precision),
    ),
    _ordered(
        "label_ranking_ap",
        _label_ranking_ap,
        "mean over rows and their true labels of the share of true ones among those that score as high or higher",
        each=_well_ranked,
    ),
    BuiltIn(
        "label_coverage_error",
        greater_is_better=False,
        ways=tuple(Way(reading, _coverage_error, each=_depths) for reading in (LABEL_SCORES, LABEL_PROBABILITIES)),
        formula="mean over rows of how far down the labels, best first, one must go to find all true ones",
        bounds=(0.0, None),
        aggregates=(FOLD_MEAN,),
    ),
)
