"""How much each row moves a score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["CellCounts", "Influence"]


@dataclass(frozen=True, slots=True)
class CellCounts:
    """A table of which a score is a function: its cells can be drawn again at a cost that does not grow with the rows.

    Attributes:
        codes: Number of each row's cell, truth · n_classes + prediction, (n_rows,).
        counts: Rows in each cell, or their weight, (n_classes²,).
        gradient: Influence of one row in each cell, (n_classes²,).
        score: Takes the cells, (n_classes, n_classes), and gives the score; NaN where undefined.
        n_classes: Count of classes.
    """

    codes: npt.NDArray[Any]
    counts: Floats
    gradient: Floats
    score: Callable[[Floats], float]
    n_classes: int


@dataclass(frozen=True, slots=True)
class Influence:
    """A score, and how much each row moves it (STATISTICS §4).

    Of a score θ that is smooth in the weights of the rows, the influence of a row is n·w·∂θ/∂w: w·(l − θ)·n/Σw of a
    mean. The influences sum to 0, and Σ f²/(n·(n − 1)) is the squared standard error of the score.

    Attributes:
        value: The score; NaN where it is undefined.
        values: Influence of each row on the score itself, whatever `scale` says, (n_rows,).
        scale: Scale on which an interval is made: `plain`, `log` or `logit`.
        kind: What the score is: `mean`, `root`, `ratio`, `proportion`, `auc`, `rank` (an average precision), `ranks` (a
            mean of AUCs or average precisions), `table`, `units` (a mean over `units`) or `undefined`.
        counts: Of a proportion the rows that it is a share of; of ranks the positives and the negatives; each as so
            many rows of equal weight.
        units: Number of the query that each row belongs to, -1 where it does not count, (n_rows,); None where each row
            stands for itself.
        table: The cells behind a `table`.
        flags: What must be told beside the score.
    """

    value: float
    values: Floats
    scale: str = "plain"
    kind: str = "mean"
    counts: tuple[float, ...] = ()
    units: npt.NDArray[np.int64] | None = None
    table: CellCounts | None = None
    flags: tuple[str, ...] = ()
