"""Truth, probabilities, weights and groups, checked and bare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bancada.exceptions import DataError

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Rows", "rows_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What is judged, a place for each row.

    Attributes:
        y: 1.0 for positive, 0.0 for negative, (n_rows,).
        p: Probability of positive, (n_rows,).
        weight: Weights with mean 1, (n_rows,); ones where none were given.
        weighted: True where weights were given that differ.
        group: Position of each row's group, (n_rows,); None without groups.
        n_units: Groups, or rows without groups.
    """

    y: npt.NDArray[np.float64]
    p: npt.NDArray[np.float64]
    weight: npt.NDArray[np.float64]
    weighted: bool
    group: npt.NDArray[np.intp] | None
    n_units: int

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.y)

    def summed(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return values, (n_rows,), summed within each group, (n_units,); as they are without groups."""
        if self.group is None:
            return values
        return np.asarray(np.bincount(self.group, weights=values, minlength=self.n_units), dtype=np.float64)


def rows_of(
    y: npt.ArrayLike, p: npt.ArrayLike, weight: npt.ArrayLike | None = None, groups: npt.ArrayLike | None = None
) -> Rows:
    """Return the rows, or refuse what cannot be judged.

    Args:
        y: 1 or True for positive rows, 0 or False for negative ones, (n_rows,).
        p: Probability of positive, (n_rows,).
        weight: One weight per row, (n_rows,); None for equal ones.
        groups: One label per row, (n_rows,): rows of a group depend on each other; None where rows do not.

    Raises:
        DataError: Where lengths differ, there is no row, a truth is not 0 or 1, a probability not in [0, 1], a weight
            negative or not a number, or all of them 0.
    """
    truth, probability = (np.asarray(values, dtype=np.float64).reshape(-1) for values in (y, p))
    n = len(truth)
    lengths = {n, len(probability), *(len(np.asarray(v)) for v in (weight, groups) if v is not None)}
    if lengths != {n} or n == 0:
        raise DataError(
            "Calibration is judged on one truth and one probability, weight and group per row.",
            f"Found lengths {sorted(lengths)}.",
            "Give arrays of one length, at least 1.",
        )
    _refuse(~np.isin(truth, (0.0, 1.0)), truth, "A truth is 1 for positive rows and 0 for negative ones.", "truths")
    outside = ~((probability >= 0) & (probability <= 1))
    _refuse(outside, probability, "A probability lies between 0 and 1.", "probabilities")
    scale, weighted = _scaled(weight, n)
    group, n_units = None, n
    if groups is not None:
        labels, places = np.unique(np.asarray(groups), return_inverse=True)
        group, n_units = places.reshape(-1), len(labels)
    return Rows(truth, probability, scale, weighted, group, n_units)


def _scaled(weight: npt.ArrayLike | None, n: int) -> tuple[npt.NDArray[np.float64], bool]:
    """Return weights with mean 1, and whether they differ."""
    if weight is None:
        return np.ones(n), False
    given = np.asarray(weight, dtype=np.float64)
    _refuse(~((given >= 0) & np.isfinite(given)), given, "A weight is a number, 0 or more.", "weights")
    if not given.any():
        raise DataError("Weights say how much a row counts.", "All of them are 0.", "Give at least one that is not.")
    return given / given.mean(), bool((given != given[0]).any())


def _refuse(wrong: npt.NDArray[np.bool_], values: npt.NDArray[np.float64], rule: str, noun: str) -> None:
    """Refuse rows whose value breaks a rule, by their number and the first of them."""
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise DataError(
            rule,
            f"{int(wrong.sum()):,} of {len(values):,} {noun} break it, first {float(values[first])!r} in row {first}.",
            "Correct the column, or leave these rows out and say so.",
        )
