"""The document `bancada.across/1`."""

from __future__ import annotations

import msgspec

__all__ = ["ACROSS_SCHEMA", "AcrossProblems", "FriedmanTest", "LeftOut", "PairAcross", "ProblemScores"]

ACROSS_SCHEMA = "bancada.across/1"


class ProblemScores(msgspec.Struct, frozen=True, kw_only=True):
    """The candidates on one problem.

    Attributes:
        problem: Its name.
        metric: Name of the metric.
        direction: `higher` or `lower` is better.
        values: Score of each candidate, in the metric's own direction.
        run_ids: The newest run behind each.
    """

    problem: str
    metric: str
    direction: str
    values: tuple[float, ...]
    run_ids: tuple[str, ...]


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A problem that does not count, and why."""

    problem: str
    reason: str


class PairAcross(msgspec.Struct, frozen=True, kw_only=True):
    """Two candidates over the problems.

    Attributes:
        a: The one that it is about.
        b: The one that it is held against.
        deltas: a − b per problem, oriented so that positive is better.
        median: Their median.
        better: Problems where a is better.
        worse: Problems where it is worse.
        plus: R+ of Wilcoxon's signed ranks; None without a test.
        minus: R−.
        p: Two-sided p value, by Holm's method where there are several pairs; None without a test.
        word: `better`, `worse` or `inconclusive`; empty without a test.
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


class FriedmanTest(msgspec.Struct, frozen=True, kw_only=True):
    """Friedman's test that all candidates rank equally.

    Attributes:
        chi2: χ² without correction for ties.
        f: F_F of Iman & Davenport, which decides; None where χ² has its largest value, and F_F is infinite.
        p: Its p value.
        chi2_ties: χ² with scipy's correction for ties; None where all scores are equal.
        p_ties: Its p value.
    """

    chi2: float
    f: float | None
    p: float
    chi2_ties: float | None
    p_ties: float | None


class AcrossProblems(msgspec.Struct, frozen=True, kw_only=True):
    """Candidates over the problems of one store.

    Attributes:
        schema: `bancada.across/1`.
        candidates: Their names.
        mean_ranks: Mean rank of each; 1 is best. Empty where no problem counts.
        problems: The problems that count.
        left_out: Those that do not.
        pairs: Every pair.
        friedman: For three candidates or more; None without a test.
        critical_difference: Nemenyi's, of mean ranks, for a picture; None without a test.
        alpha: Level of the whole.
        note: Why there is no test; empty where there is.
        notes: What must be told beside it.
    """

    schema: str = ACROSS_SCHEMA
    candidates: tuple[str, ...]
    mean_ranks: tuple[float, ...]
    problems: tuple[ProblemScores, ...]
    left_out: tuple[LeftOut, ...]
    pairs: tuple[PairAcross, ...]
    friedman: FriedmanTest | None
    critical_difference: float | None
    alpha: float
    note: str
    notes: tuple[str, ...]
