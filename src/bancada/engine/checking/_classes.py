"""Classes: enough of each for the folds, and what their balance means for the metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.engine.checking._finding import NOTE, SERIOUS, Finding, Looked, named

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.engine.checking._rows import CheckedRows, Target

__all__ = ["find_classes"]

NAME = "classes"
IMBALANCED = 0.9
_OF_RANKS = (
    "it ranks all rows alike: most of those that a high score points at may still be wrong; look at "
    "`average_precision` beside it"
)
_MEANS = {
    "roc_auc": _OF_RANKS,
    "log_loss": "a model that only knows the shares scores well already; the baseline's line tells how well",
    "brier": "a model that only knows the shares scores well already; the baseline's line tells how well",
}


def find_classes(rows: CheckedRows) -> Looked:
    """Count the classes in all rows and in each fold of the first repeat.

    Serious: a class that the test or the training rows of a fold lack; and accuracy as the metric that decides where
    one class has 90 % of the rows, for then never looking scores 0.9.
    """
    target = rows.target
    if target is None or target.kind != "classes":
        return Looked(skipped="the target is no class")
    codes = target.encoded.astype(np.int64)
    counts = np.bincount(codes, minlength=len(target.labels))
    found = (_lacking(rows, target, codes, counts), _imbalance(rows, target, counts))
    return Looked(tuple(finding for finding in found if finding is not None))


def _lacking(
    rows: CheckedRows, target: Target, codes: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]
) -> Finding | None:
    size = len(counts)
    lacks = np.zeros((2, size), dtype=np.int64)
    for part in rows.folds:
        lacks[0] += np.bincount(codes[part.train], minlength=size) == 0
        lacks[1] += np.bincount(codes[part.test], minlength=size) == 0
    worst = np.flatnonzero(lacks.any(axis=0))
    if not len(worst):
        return None
    labels = [target.labels[place] for place in worst]
    few = bool((counts[worst] < len(rows.folds)).any())
    told = f"Class {named(labels)} of `{target.name}` is lacking in the rows of some fold"
    told += f": {int(counts[worst].min()):,} rows of it for {len(rows.folds)} folds"
    return Finding(
        check=NAME,
        severity=SERIOUS,
        columns=(target.name,),
        found=told,
        evidence={
            "rows": {target.labels[place]: int(counts[place]) for place in worst[:20]},
            "folds": len(rows.folds),
            "folds_without_it_in_training": int(lacks[0].max()),
            "folds_without_it_in_test": int(lacks[1].max()),
        },
        remedy="A score without one of the classes means something else: take fewer folds, or join rare classes."
        if few
        else "A score without one of the classes means something else: `stratify=True`, fewer folds, or larger blocks.",
    )


def _imbalance(rows: CheckedRows, target: Target, counts: npt.NDArray[np.int64]) -> Finding | None:
    share = float(counts.max() / counts.sum())
    if share < IMBALANCED:
        return None
    largest = target.labels[int(counts.argmax())]
    rest = int(counts.sum() - counts.max())
    blind = rows.metric == "accuracy"
    means = (
        f"whoever always answers `{largest}` scores {share:.3f}"
        if blind
        else _MEANS.get(rows.metric, f"the {rest:,} rows of the others decide how certain it is")
    )
    return Finding(
        check=NAME,
        severity=SERIOUS if blind else NOTE,
        columns=(target.name,),
        found=f"{share:.1%} of the rows are of class `{largest}`; for `{rows.metric}` that means: {means}",
        evidence={"largest": largest, "share": share, "others": rest, "metric": rows.metric},
        remedy="Decide by a metric that looks at the rare class (`roc_auc`, `average_precision`, `log_loss`), or by "
        "costs (`kpi=`)."
        if blind
        else "See that each test fold has rows enough of the rare class: `stratify=True`, and few folds.",
    )
