"""All pairs of lines of a board, and the rank intervals that follow (STATISTICS §5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bancada.exceptions import DataError
from bancada.scoring._paired import moments, paired
from bancada.scoring._verdict import BETTER, WORSE, Verdict, decide, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from bancada.scoring._design import Design

__all__ = ["PairTable", "pairwise", "rank_intervals"]

_CHUNK = 1 << 18
"""Pairs that are computed at once: 2 MB an array, whatever the number of lines."""

_FEWEST_COMMON = 3


class _Block(NamedTuple):
    """Lines that stand against lines on the repeats that all of them have."""

    rows: npt.NDArray[np.intp]
    columns: npt.NDArray[np.intp]
    folds: npt.NDArray[np.intp]
    design: Design


@dataclass(frozen=True, slots=True, eq=False)
class PairTable:
    """Every pair of lines, each decided at a = alpha / (tried·(tried − 1)/2).

    Attributes:
        scores: Fold scores, oriented so that greater is better, (n_lines, n_folds); NaN in repeats that a line lacks.
        design: The folds.
        a: Level of each comparison.
        margin: Smallest difference that matters; None where none was declared.
        words: Positions in `WORDS` of line i against line j, int8 (n_lines, n_lines).
    """

    scores: npt.NDArray[np.float64]
    design: Design
    a: float
    margin: float | None
    words: npt.NDArray[np.int8]

    def pair(self, i: int, j: int) -> Verdict:
        """Return the verdict on line i against line j: the word stands at `words[i, j]`."""
        common = self.common(i, j)
        if common is None:
            silent = verdict(nan, nan, 0, self.margin, self.a)
            return replace(silent, note=f"fewer than {_FEWEST_COMMON} repeats in common: no word")
        folds, design = common
        result = paired(self.scores[i, folds], self.scores[j, folds], design)
        return verdict(result.delta, result.se, result.df, self.margin, self.a)

    def common(self, i: int, j: int) -> tuple[npt.NDArray[np.intp], Design] | None:
        """Return the folds on which two lines are compared, and their design; None where they share too little."""
        held = ~np.isnan(self.scores[[i, j]]).reshape(2, self.design.repeats, self.design.k)[:, :, 0]
        return _shared(held[0], held[1], self.design)


def pairwise(
    scores: npt.NDArray[np.float64],
    design: Design,
    tried: int,
    margin: float | None = None,
    alpha: float = 0.05,
) -> PairTable:
    """Decide every pair of lines of a board.

    Two lines are compared on the repeats that both have: at least 3, or all that either has; else there is no word.

    Args:
        scores: Fold scores, oriented so that greater is better, (n_lines, n_folds), folds in order of repeat and fold.
            A repeat that a line lacks is NaN in all of its folds.
        design: The folds.
        tried: K, the claims eligible for first place; taken as n_lines where it is smaller.
        margin: Smallest difference that matters; None where none was declared.
        alpha: Level of the whole family of K(K − 1)/2 pairs.

    Raises:
        DataError: Where the shape is not the design's, or a score is NaN in a repeat that the line has.
        DefinitionError: Where the level or the margin means nothing.
    """
    values = np.ascontiguousarray(scores, dtype=np.float64)
    n_lines = len(values)
    held = _held(values, design)
    k = max(tried, n_lines)
    a = alpha / max(k * (k - 1) // 2, 1)
    words = np.zeros((n_lines, n_lines), dtype=np.int8)
    largest = np.nanmax(np.abs(values), axis=1, initial=0.0)
    for block in _blocks(held, design):
        procedure = block.design.procedure
        step = max(1, _CHUNK // max(len(block.columns), 1))
        others = values[np.ix_(block.columns, block.folds)].T[:, np.newaxis, :]
        for start in range(0, len(block.rows), step):
            rows = block.rows[start : start + step]
            lines = values[np.ix_(rows, block.folds)].T[:, :, np.newaxis]
            scale = np.maximum(largest[rows][:, np.newaxis], largest[block.columns][np.newaxis, :])
            delta, s = moments(lines, others, scale)
            words[np.ix_(rows, block.columns)] = decide(delta, s * procedure.factor, procedure.df, margin, a)
    return PairTable(values, design, a, margin, words)


def rank_intervals(table: PairTable) -> npt.NDArray[np.int64]:
    """Return the ranks that each line may truly have, lowest and highest, int64 (n_lines, 2).

    low = 1 + lines that are better, high = n_lines − lines that are worse: the same decisions as the words, at a level
    that covers all pairs, so that all intervals hold at once (Mogstad, Romano, Shaikh & Wilhelm).
    """
    low = 1 + np.count_nonzero(table.words == WORSE, axis=1)
    high = len(table.words) - np.count_nonzero(table.words == BETTER, axis=1)
    return np.stack([low, high], axis=1).astype(np.int64)


def _held(values: npt.NDArray[np.float64], design: Design) -> npt.NDArray[np.bool_]:
    """Return which repeats each line has, (n_lines, repeats); refuse a repeat with a hole."""
    if values.ndim != 2 or values.shape[1] != design.n_folds or design.n_folds == 0 or np.isinf(values).any():
        raise DataError(
            "A board's scores are finite, a line for each candidate and a column for each fold of the design.",
            f"Found shape {values.shape} for {design.n_folds} folds.",
            "Give the fold scores of all lines on one design.",
        )
    present = ~np.isnan(values).reshape(len(values), design.repeats, design.k)
    if (present.any(axis=2) != present.all(axis=2)).any():
        raise DataError(
            "A line has a number in each fold of a repeat that it has: NaN is never averaged away.",
            f"Lines {np.flatnonzero((present.any(axis=2) != present.all(axis=2)).any(axis=1)).tolist()} have holes.",
            "Leave a candidate with an undefined fold off the pairs; it has no rank and no word.",
        )
    return np.asarray(present[:, :, 0])


def _blocks(held: npt.NDArray[np.bool_], design: Design) -> Iterator[_Block]:
    """Yield the pairs of lines by the repeats that they have in common."""
    patterns, member = np.unique(held, axis=0, return_inverse=True)
    lines = [np.flatnonzero(member.reshape(-1) == p) for p in range(len(patterns))]
    for p, first in enumerate(patterns):
        for q, second in enumerate(patterns):
            common = _shared(first, second, design)
            if common is not None:
                yield _Block(lines[p], lines[q], *common)


def _shared(
    first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_], design: Design
) -> tuple[npt.NDArray[np.intp], Design] | None:
    """Return the folds that two lines have in common and their design; None where they are too few repeats."""
    both = np.flatnonzero(first & second)
    if len(both) == 0 or (len(both) < _FEWEST_COMMON and bool((first != second).any())):
        return None
    folds = (both[:, np.newaxis] * design.k + np.arange(design.k)[np.newaxis, :]).reshape(-1)
    return folds, design.only([int(r) for r in both])
