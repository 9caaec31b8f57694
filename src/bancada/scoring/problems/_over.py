"""All that is said about candidates over many problems."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from bancada.exceptions import DataError
from bancada.scoring.problems._friedman import Friedman, critical_difference, friedman, mean_ranks
from bancada.scoring.problems._signed import holm, signed_ranks
from bancada.scoring.problems._table import FEWEST_PROBLEMS, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

__all__ = ["OverProblems", "PairOverProblems", "over_problems"]


@dataclass(frozen=True, slots=True)
class PairOverProblems:
    """Two candidates over many problems.

    Attributes:
        a: Name of the one that it is about.
        b: Name of the one that it is held against.
        deltas: a − b per problem, oriented so that positive is better.
        median: Their median.
        better: Problems where a is better.
        worse: Problems where it is worse.
        plus: R+ of Wilcoxon's test; None where no test is made.
        minus: R−.
        p: Two-sided p value, by Holm's method where there are several pairs.
        word: `better`, `worse` or `inconclusive` over problems like these; empty where no test is made.
    """

    a: str
    b: str
    deltas: tuple[float, ...]
    median: float
    better: int
    worse: int
    plus: float | None
    minus: float | None
    p: float | None
    word: str


@dataclass(frozen=True, slots=True)
class OverProblems:
    """Candidates over many problems.

    Attributes:
        candidates: Their names.
        n_problems: N.
        mean_ranks: Mean rank of each; 1 is best.
        friedman: The test that all rank equally; None for two candidates, and where no test is made.
        critical_difference: Nemenyi's, for the picture; None where there is no Friedman's test.
        pairs: Every pair.
        alpha: Level of the whole.
        note: Why there is no test; empty where there is.
    """

    candidates: tuple[str, ...]
    n_problems: int
    mean_ranks: tuple[float, ...]
    friedman: Friedman | None
    critical_difference: float | None
    pairs: tuple[PairOverProblems, ...]
    alpha: float
    note: str


def over_problems(
    scores: npt.ArrayLike,
    candidates: Sequence[str],
    *,
    greater_is_better: bool = True,
    alpha: float = 0.05,
    unlike: str = "",
) -> OverProblems:
    """Hold candidates against each other over many problems.

    Two: Wilcoxon's signed ranks. More: Friedman's F_F, and where that rejects Wilcoxon's with Holm's adjustment for all
    pairs (Demšar 2006; Benavoli, Corani & Mangili 2016: what is said of a pair must not hang on the mean ranks of the
    others). On fewer than ten problems: raw differences, no test.

    Args:
        scores: One per problem and candidate, (n_problems, n_candidates).
        candidates: Their names.
        greater_is_better: True where a greater score is better.
        alpha: Level of the whole.
        unlike: Why differences of two problems cannot be held against each other, such as unlike metrics; then no test
            is made.

    Raises:
        DataError: Where the scores are no table of finite numbers with a column per candidate.

    Examples:
        >>> found = over_problems([[0.80, 0.78], [0.90, 0.91], [0.70, 0.65]], ["forest", "logistic"])
        >>> found.pairs[0].better, found.pairs[0].worse, found.note
        (2, 1, 'fewer than 10 problems: raw differences only, no test')
    """
    table = table_of(scores)
    if table.shape[1] != len(candidates):
        raise DataError(
            "Scores over problems have a column for each candidate.",
            f"Found {table.shape[1]} columns for {len(candidates)} names.",
            "Name each candidate once.",
        )
    few = f"fewer than {FEWEST_PROBLEMS} problems: raw differences only, no test"
    note = few if len(table) < FEWEST_PROBLEMS else unlike
    several = len(candidates) > 2
    overall = friedman(table) if several and not note else None
    chosen = list(combinations(range(len(candidates)), 2))
    sign = 1.0 if greater_is_better else -1.0
    found = [_pair(table, i, j, candidates, sign, tested=not note) for i, j in chosen]
    if not note:
        found = _judged(found, alpha, silent=overall is not None and overall.p_f >= alpha)
    return OverProblems(
        candidates=tuple(candidates),
        n_problems=len(table),
        mean_ranks=mean_ranks(table, greater_is_better=greater_is_better),
        friedman=overall,
        critical_difference=None if overall is None else critical_difference(len(candidates), len(table), alpha),
        pairs=tuple(found),
        alpha=alpha,
        note=note,
    )


def _pair(
    table: npt.NDArray[np.float64], i: int, j: int, names: Sequence[str], sign: float, *, tested: bool
) -> PairOverProblems:
    """Return a pair, its p not adjusted."""
    deltas = sign * (table[:, i] - table[:, j])
    test = signed_ranks(deltas, scale=float(np.abs(table[:, [i, j]]).max())) if tested else None
    return PairOverProblems(
        a=names[i],
        b=names[j],
        deltas=tuple(float(delta) for delta in deltas),
        median=float(np.median(deltas)),
        better=int(np.count_nonzero(deltas > 0)),
        worse=int(np.count_nonzero(deltas < 0)),
        plus=None if test is None else test.plus,
        minus=None if test is None else test.minus,
        p=None if test is None else test.p,
        word="",
    )


def _judged(pairs: Sequence[PairOverProblems], alpha: float, *, silent: bool) -> list[PairOverProblems]:
    """Adjust all p values by Holm's method and give each pair its word; `silent` where the whole is not rejected."""
    adjusted = holm([1.0 if pair.p is None else pair.p for pair in pairs])
    return [_with_word(pair, p, alpha, silent=silent) for pair, p in zip(pairs, adjusted, strict=True)]


def _with_word(pair: PairOverProblems, p: float, alpha: float, *, silent: bool) -> PairOverProblems:
    """Return the pair with its adjusted p and its word."""
    word = "inconclusive"
    if p < alpha and not silent:
        word = "better" if (pair.plus or 0.0) > (pair.minus or 0.0) else "worse"
    return PairOverProblems(
        pair.a, pair.b, pair.deltas, pair.median, pair.better, pair.worse, pair.plus, pair.minus, p, word
    )
