"""How much each row moves a score: the derivatives from which intervals over rows are made (STATISTICS §4).

A row's influence is n·w·∂θ/∂w at the weights as they are: of a mean w·(l − θ)·n/Σw. It sums to 0 over the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bancada.metrics._averages import mean, square_root, total
from bancada.samples import CellCounts, Influence

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Weights = Floats | None
    Cells = Floats

__all__ = ["of_mean", "of_ratio", "of_root", "of_share", "of_table", "shares", "undefined"]

_NAN = float("nan")


def undefined(n_rows: int) -> Influence:
    """Return the influence where the score is not defined."""
    return Influence(_NAN, np.full(n_rows, _NAN), kind="undefined")


def shares(weight: Weights) -> Floats | float:
    """Return the weights as multiples of their mean; 1 without weights."""
    return 1.0 if weight is None else weight / weight.mean()


def of_mean(values: Floats, weight: Weights, flags: tuple[str, ...] = ()) -> Influence:
    """Return the influence on the mean of values; a row of weight 0 has none, whatever its value."""
    theta = mean(values, weight) if weight is None else mean(values[weight > 0], weight[weight > 0])
    if not np.isfinite(theta):
        return undefined(values.size)
    centred = values - theta
    if weight is not None:
        centred = np.where(weight > 0, centred, 0.0) * shares(weight)
    return Influence(theta, centred, flags=flags)


def of_share(values: Floats, counted: Floats, weight: Weights) -> Influence:
    """Return the influence on a proportion: the share of the counted rows whose value is 1.

    Args:
        values: 0 or 1 for each row, (n_rows,).
        counted: 1 where the row is in the denominator, else 0, (n_rows,).
        weight: Weights.
    """
    held = counted if weight is None else counted * weight
    below = float(held.sum())
    if not below > 0:
        return undefined(values.size)
    theta = float(np.einsum("i,i->", held, values)) / below
    n_rows = below if weight is None else below**2 / float(np.einsum("i,i->", held, held))
    return Influence(theta, held * (values - theta) * (values.size / below), kind="proportion", counts=(n_rows,))


def of_ratio(above: Floats, below: Floats, weight: Weights, scale: str = "plain") -> Influence:
    """Return the influence on Σ w·above / Σ w·below: w·(a − θ·b)·n / Σ w·b."""
    size = total(below, weight)
    if not size > 0:
        return undefined(above.size)
    theta = total(above, weight) / size
    moved = above - theta * below
    moved = moved if weight is None else moved * weight
    return Influence(theta, moved * (above.size / size), scale=scale, kind="ratio")


def of_root(squares: Floats, weight: Weights) -> Influence:
    """Return the influence on the square root of a mean, (e² − θ²)/(2θ), to be read on the log scale."""
    of_squares = of_mean(squares, weight)
    if not np.isfinite(of_squares.value):
        return of_squares
    theta = square_root(of_squares.value)
    values = of_squares.values / (2 * theta) if theta > 0 else np.zeros(squares.size)
    return Influence(theta, values, scale="log", kind="root")


def of_table(
    scale: str,
    score: Callable[[Cells], float],
    gradient: Callable[[Cells], Cells],
    truth: npt.NDArray[Any],
    predicted: npt.NDArray[Any],
    n_classes: int,
    weight: Weights,
) -> Influence:
    """Return the influence on a function of the confusion matrix: its gradient at the row's cell, times Σw.

    A function that stays as it is where all cells are doubled has a gradient that is centred already.

    Args:
        scale: On which an interval is made.
        score: The function.
        gradient: Takes the cells and gives the derivative by each, in the same shape.
        truth: Position of the true class, (n_rows,).
        predicted: Position of the predicted class, (n_rows,).
        n_classes: Count of classes.
        weight: Weights.
    """
    codes = truth * n_classes + predicted
    counts = np.bincount(codes, weights=weight, minlength=n_classes**2).astype(np.float64, copy=False)
    cells = counts.reshape(n_classes, n_classes)
    theta = float(score(cells))
    if not np.isfinite(theta):
        return undefined(truth.size)
    at_cell = np.asarray(gradient(cells), dtype=np.float64).reshape(-1) * float(counts.sum())
    values = at_cell[codes]
    if weight is not None:
        values = values * shares(weight)
    table = CellCounts(codes, counts, at_cell, score, n_classes)
    return Influence(theta, values, scale=scale, kind="table", table=table)
