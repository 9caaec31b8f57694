"""A column that predicts alone: most often it was written down after the fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bancada.engine.checking._encoding import NUMBER
from bancada.engine.checking._finding import NOTE, SERIOUS, Finding, Looked
from bancada.engine.checking._ranks import auc, ranks

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.engine.checking._encoding import Encoded
    from bancada.engine.checking._rows import CheckedRows, Target

__all__ = ["find_alone"]

NAME = "alone"
SERIOUS_AT = 0.99
NOTE_AT = 0.98
MOST_BINS = 200
ROWS_A_BIN = 10
# With fewer of a class a column without any relation ranks them all first too often: 1 in 92,378 with 10 against 10.
LEAST_ROWS = 10
PRIOR_ROWS = 0.01
MOST_CLASSES = 20


def find_alone(rows: CheckedRows) -> Looked:
    """Predict the target from each column alone, and hold the score against what hardly any true column reaches.

    On the training rows of a fold the column is cut into bins of equal counts (a category into its levels; a missing
    value is a bin) and the mean of the target in a bin, drawn towards the overall mean by a hundredth of a row,
    predicts the test rows: AUC, for several classes the mean of one class against the rest; for numbers R² of the
    target's ranks. Two folds are enough. A level that training lacks predicts the mean.
    """
    target = rows.target
    if target is None:
        return Looked(skipped="the target is neither classes nor numbers")
    values = target.encoded[rows.sample]
    if target.kind == "classes" and np.bincount(values.astype(np.int64)).min() < LEAST_ROWS:
        return Looked(skipped=f"a class has fewer than {LEAST_ROWS} rows", sampled=rows.sampled)
    if target.kind == "classes" and len(target.labels) > MOST_CLASSES:
        return Looked(skipped=f"the target has more than {MOST_CLASSES} classes", sampled=rows.sampled)
    if len(values) < 2 * LEAST_ROWS:
        return Looked(skipped=f"there are fewer than {2 * LEAST_ROWS} rows")
    scores = {name: _score(column, values, target) for name, column in rows.columns.items()}
    findings = tuple(_finding(name, score, target) for name, score in scores.items() if score >= NOTE_AT)
    return Looked(findings, sampled=rows.sampled)


def _score(column: Encoded, values: npt.NDArray[np.float64], target: Target) -> float:
    """Return the cross-validated score of a column alone, (n_rows,) of the sample."""
    half = np.random.default_rng(0).permutation(len(values)) % 2 == 0
    found = [_one_way(column, values, target, half), _one_way(column, values, target, ~half)]
    return float(np.mean(found))


def _one_way(column: Encoded, values: npt.NDArray[np.float64], target: Target, train: npt.NDArray[np.bool_]) -> float:
    bins = _binned(column, train)
    if target.kind == "numbers":
        wanted = ranks(values)
        predicted = _means(bins, wanted, train)
        return _r_squared(wanted[~train], predicted[~train])
    found = []
    for label in range(len(target.labels)) if len(target.labels) > 2 else (1,):
        wanted = (values == label).astype(np.float64)
        found.append(auc(_means(bins, wanted, train)[~train], wanted[~train] > 0))
    return float(np.mean(found))


def _binned(column: Encoded, train: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return the bin of each row; 0 is what is missing."""
    if column.kind != NUMBER:
        return np.where(column.missing, 0, np.nan_to_num(column.values) + 1).astype(np.int64)
    known = column.values[train & ~column.missing]
    if not len(known):
        return np.zeros(len(train), dtype=np.int64)
    count = int(np.clip(len(known) // ROWS_A_BIN, 2, MOST_BINS))
    cuts = np.unique(np.quantile(known, np.linspace(0, 1, count + 1)[1:-1]))
    bins = np.searchsorted(cuts, column.values, side="left") + 1
    return np.where(column.missing, 0, bins).astype(np.int64)


def _means(
    bins: npt.NDArray[np.int64], wanted: npt.NDArray[np.float64], train: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """Return for each row the mean of the target in its bin on the training rows, drawn towards the overall mean."""
    size = int(bins.max(initial=0)) + 1
    count = np.bincount(bins[train], minlength=size)
    total = np.bincount(bins[train], weights=wanted[train], minlength=size)
    means: npt.NDArray[np.float64] = (total + PRIOR_ROWS * wanted[train].mean()) / (count + PRIOR_ROWS)
    return means[bins]


def _r_squared(truth: npt.NDArray[np.float64], predicted: npt.NDArray[np.float64]) -> float:
    spread = float(np.square(truth - truth.mean()).sum())
    return 1.0 - float(np.square(truth - predicted).sum()) / spread if spread else 0.0


def _finding(name: str, score: float, target: Target) -> Finding:
    if target.kind == "numbers":
        told = f"`{name}` alone predicts `{target.name}` with an R² of {score:.3f} (of ranks)"
    else:
        told = f"`{name}` alone predicts `{target.name}` with an AUC of {score:.3f}"
    return Finding(
        check=NAME,
        severity=SERIOUS if score >= SERIOUS_AT else NOTE,
        columns=(name,),
        found=told,
        evidence={"statistic": "R² of ranks" if target.kind == "numbers" else "AUC", "value": score},
        remedy=f"Ask when `{name}` is written down: what is not known at the time of predicting belongs into "
        f"`exclude=[{name!r}]`.",
    )
