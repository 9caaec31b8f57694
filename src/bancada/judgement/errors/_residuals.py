"""Residuals, or losses, against prediction, features and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bancada.judgement.errors._classes import probabilities_of
from bancada.judgement.errors._columns import BinnedColumn, binned_column
from bancada.judgement.errors._document import Bin, Binned
from bancada.scoring.slices import bin_means

if TYPE_CHECKING:
    import numpy.typing as npt

    from bancada.engine.examples import Examples

__all__ = ["Residuals", "binned_residuals", "residuals_of"]

_BINS_OF_PREDICTION = 10
_BINS_OF_FEATURE = 5
_MOST_FEATURES = 100
# Bins of probabilities that differ less are shown under one name.
_DIGITS = 3


@dataclass(frozen=True)
class Residuals:
    """What is averaged over bins: a number for each row, NaN where not tested, and what it is called.

    Attributes:
        values: (n_rows,).
        name: `truth − prediction`, or the name of the loss.
        signed: True where 0 means that the model is right on average.
        shares: Truth as 0 and 1, where the values are that less a probability, (n_rows,); else None.
        against: The prediction that stands in the bins, (n_rows,); None where there is no one number.
        prediction: What it is called.
    """

    values: npt.NDArray[np.float64]
    name: str
    signed: bool
    shares: npt.NDArray[np.float64] | None
    against: npt.NDArray[np.float64] | None
    prediction: str


def residuals_of(examples: Examples, predicted: pa.Table, losses: npt.NDArray[np.float64], loss: str) -> Residuals:
    """Return truth less prediction where both are numbers, or a class with its probability; else the losses.

    Args:
        examples: The rows.
        predicted: What `row_predictions` returned.
        losses: Loss of each row.
        loss: What it is called.
    """
    truth = examples.truth
    probabilities = probabilities_of(examples, predicted)
    if "value" in truth.column_names:
        for name in ("value", "q_0.5"):
            if name in predicted.column_names:
                told = _floats(predicted, name)
                return Residuals(_floats(truth, "value") - told, "truth − prediction", True, None, told, name)  # noqa: FBT003 - named by the class
    if examples.task.name == "binary" and probabilities is not None:
        told = probabilities[:, 1]
        share = _floats(truth, "label")
        return Residuals(share - told, "truth − prediction", True, share, np.round(told, _DIGITS), "probability")  # noqa: FBT003 - as above
    if probabilities is not None:
        return Residuals(losses, loss, False, None, np.round(probabilities.max(axis=1), _DIGITS), "highest probability")  # noqa: FBT003 - as above
    if "score" in predicted.column_names:
        return Residuals(losses, loss, False, None, _floats(predicted, "score"), "score")  # noqa: FBT003 - as above
    return Residuals(losses, loss, False, None, None, "")  # noqa: FBT003 - as above


def binned_residuals(examples: Examples, residuals: Residuals) -> tuple[Binned, ...]:
    """Return the residuals against prediction, time, and each column; of these those first that explain most."""
    found = []
    if residuals.against is not None:
        column = binned_column(pa.chunked_array([pa.array(residuals.against, from_pandas=True)]), _BINS_OF_PREDICTION)
        found += _against(examples, residuals, "prediction", residuals.prediction, column)
    if examples.time is not None:
        column = binned_column(examples.columns([examples.time]).column(0), _BINS_OF_PREDICTION)
        found += _against(examples, residuals, "time", examples.time, column)
    features: list[Binned] = []
    for name in examples.describing[:_MOST_FEATURES]:
        if name != examples.time:
            column = binned_column(examples.columns([name]).column(0), _BINS_OF_FEATURE)
            features += _against(examples, residuals, "feature", name, column)
    features.sort(key=lambda part: -part.explained)
    return (*found, *features)


def _against(examples: Examples, residuals: Residuals, kind: str, by: str, column: BinnedColumn | None) -> list[Binned]:
    if column is None:
        return []
    # Rows of one bin of probabilities are alike; those of a feature's bin are not, and their residuals tell how.
    shares = residuals.shares if kind == "prediction" else None
    means = bin_means(residuals.values, column.codes, len(column.labels), examples.groups, shares=shares)
    bins = tuple(
        Bin(label=label, n_rows=part.n_rows, mean=part.mean if part.n_rows else None, low=part.low, high=part.high)
        for label, part in zip(column.labels, means, strict=True)
    )
    return [
        Binned(
            kind=kind,
            by=by,
            value=residuals.name,
            signed=residuals.signed,
            explained=_explained(residuals.values, column),
            bins=bins,
        )
    ]


def _explained(values: npt.NDArray[np.float64], column: BinnedColumn) -> float:
    """Return which share of the variance lies between the bins."""
    known = ~np.isnan(values) & (column.codes >= 0)
    own, codes = values[known], column.codes[known]
    if own.size < 2:
        return 0.0
    deviations = own - own.mean()
    total = float(deviations @ deviations)
    counts = np.bincount(codes, minlength=len(column.labels))
    sums = np.bincount(codes, weights=deviations, minlength=len(column.labels))
    between = float(np.sum(np.divide(sums**2, counts, out=np.zeros(len(counts)), where=counts > 0)))
    return between / total if total > 0 else 0.0


def _floats(table: pa.Table, name: str) -> npt.NDArray[np.float64]:
    return np.asarray(table.column(name).to_numpy(), dtype=np.float64)
