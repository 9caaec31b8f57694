"""How many folds a verdict would need, from the folds done so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bancada.scoring._paired import moments
from bancada.scoring._verdict import WORDS, decide

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from bancada.scoring._design import Design

__all__ = ["Needed", "folds_needed"]

_SILENT = frozenset({"none", "identical", "inconclusive"})


@dataclass(frozen=True, slots=True)
class Needed:
    """How many folds would make a word, were the differences to go on as they are.

    Attributes:
        folds: Folds in all; None where there is no such number.
        word: What would be said then; empty where there is no such number.
        reason: Why there is none; empty where there is one.
    """

    folds: int | None
    word: str = ""
    reason: str = ""


def folds_needed(
    differences: Sequence[float] | npt.NDArray[np.float64],
    design: Design,
    a: float,
    margin: float | None = None,
    *,
    scale: float | None = None,
) -> Needed:
    """Forecast how many of a split's folds would take a comparison out of `inconclusive`.

    The smallest J, from the folds done up to all folds of the design, at which the mean and the standard deviation s so
    far would make a word by `verdict`: for random folds with SE = s·sqrt(1/J + ρ), for sites and time blocks with
    SE = s/√J, df = J − 1. A forecast is no verdict: the word itself is made from all folds and then only.

    Args:
        differences: Candidate − other over the folds so far, oriented so that positive is better, (n_done,).
        design: All folds of the split.
        a: Level of the comparison: that of the board.
        margin: Smallest difference that matters; None where none was declared.
        scale: Largest absolute score, against which rounding is measured; by default the largest absolute difference.

    Raises:
        DefinitionError: Where the level or the margin means nothing.

    Examples:
        >>> from bancada.scoring import Design
        >>> design = Design("random", n_train=(80,) * 15, n_test=(20,) * 15, repeats=3)
        >>> folds_needed([0.03, 0.02, 0.04], design, 0.05).folds
        4
    """
    values = np.asarray(differences, dtype=np.float64)
    procedure = design.procedure
    if not procedure.name:
        return Needed(None, reason=procedure.reason)
    if values.size < 2:
        return Needed(None, reason="one fold shows no spread")
    largest = np.max(np.abs(values), initial=0.0) if scale is None else scale
    delta, s = moments(values, np.zeros_like(values), np.asarray(largest, dtype=np.float64))
    if s == 0:
        alike = "no difference" if delta == 0 else "the same difference"
        return Needed(None, reason=f"the folds so far show {alike}")
    for folds in range(max(values.size, design.fewest_folds), design.n_folds + 1):
        word = WORDS[int(decide(delta, s * design.factor(folds), folds - 1, margin, a))]
        if word not in _SILENT:
            return Needed(folds, word)
    return Needed(None, reason=f"{design.n_folds} folds do not suffice for it")
