"""The document `bancada.comparison/1`."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = [
    "COMPARISON_SCHEMA",
    "Check",
    "Comparison",
    "KpiDifference",
    "MetricDifference",
    "Probabilities",
    "Settle",
    "Side",
    "SliceDifference",
]

COMPARISON_SCHEMA = "bancada.comparison/1"


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two that are compared, with its own score and interval."""

    run_id: str
    claim_id: str
    candidate: str
    params: dict[str, Any]
    runs: tuple[str, ...]
    value: float | None
    low: float | None
    high: float | None
    flags: tuple[str, ...] = ()


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """A statistic that is shown beside the word and decides nothing."""

    name: str
    statistic: float | None
    p: float | None = None
    note: str = ""


class Probabilities(msgspec.Struct, frozen=True, kw_only=True):
    """The Bayesian twin: where the true difference lies, against the margin."""

    worse: float
    inside: float
    better: float


class Settle(msgspec.Struct, frozen=True, kw_only=True):
    """What would settle an inconclusive comparison, in all and not in addition.

    Attributes:
        text: The answer in words.
        repeats: Repeats; None where no number of repeats would do.
        rows: Rows or groups, a rough guide; None where not needed.
        units: Sites or time blocks; None for random folds.
        seeds: Seeds of each side, on one split; None where no number of seeds would do, and for several folds.
    """

    text: str
    repeats: int | None = None
    rows: int | None = None
    units: int | None = None
    seeds: int | None = None


class MetricDifference(msgspec.Struct, frozen=True, kw_only=True):
    """The difference by another metric: an interval at alpha, not adjusted, and no word.

    Attributes:
        metric: Name of the metric.
        direction: `higher` or `lower` is better.
        a: The score of a; None where undefined.
        b: The score of b.
        delta: a − b, oriented so that positive is better.
        low: Lower end of the interval; None where there is none.
        high: Upper end.
        adjusted: Always False: the interval knows nothing of the others beside it.
    """

    metric: str
    direction: str
    a: float | None
    b: float | None
    delta: float | None
    low: float | None
    high: float | None
    adjusted: bool = False


class KpiDifference(msgspec.Struct, frozen=True, kw_only=True):
    """The difference by a KPI in its unit: an interval at alpha, not adjusted, and no word.

    Attributes:
        name: Name of the KPI.
        unit: What the numbers are, such as `EUR per 1,000 customers`.
        direction: `higher` or `lower` is better.
        a: The KPI of a; None where undefined.
        b: The KPI of b.
        delta: a − b, oriented so that positive is better.
        low: Lower end of the interval; None where there is none.
        high: Upper end.
        adjusted: Always False: the interval knows nothing of the others beside it.
    """

    name: str
    unit: str
    direction: str
    a: float | None
    b: float | None
    delta: float | None
    low: float | None
    high: float | None
    adjusted: bool = False


class SliceDifference(msgspec.Struct, frozen=True, kw_only=True):
    """The difference on one slice: an interval at alpha, not adjusted, and no word.

    Attributes:
        slice: Name of the slice.
        n_rows: Rows of the slice that were scored.
        a: The score of a; None where undefined.
        b: The score of b.
        delta: a − b, oriented so that positive is better.
        low: Lower end of the interval; None where there is none.
        high: Upper end.
        adjusted: Always False: the interval knows nothing of the others beside it.
        contrast: How much more a gains in the slice than in all other rows, in `contrast_by`, about these fitted
            models; None where it is not known.
        contrast_low: Lower end of its interval, at the level that all slices share; None where there is none.
        contrast_high: Upper end.
        differs: True where that interval excludes 0; None where the slice is too small to tell, or nothing is known.
        contrast_note: Why it is too small to tell.
    """

    slice: str
    n_rows: int
    a: float | None
    b: float | None
    delta: float | None
    low: float | None
    high: float | None
    adjusted: bool = False
    contrast: float | None = None
    contrast_low: float | None = None
    contrast_high: float | None = None
    differs: bool | None = None
    contrast_note: str = ""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two claims on one problem by one metric.

    Attributes:
        schema: `bancada.comparison/1`.
        a: The one that the word is about.
        b: The one that it is held against.
        problem: Name of the problem.
        metric: Name of the metric.
        direction: `higher` or `lower` is better.
        procedure: Name of the procedure; empty where there is none.
        statement: What the interval is about.
        n_folds: Folds on which both were scored.
        delta: a − b, oriented so that positive is better; None where there is none.
        low: Lower end of the interval at `level`; None where there is none.
        high: Upper end.
        p: Two-sided p value adjusted for the family: below alpha iff the interval excludes 0.
        mde: Smallest difference that this design finds with a power of 80 % at `level`.
        verdict: `better`, `worse`, `equivalent`, `inconclusive`, `identical` or `none`.
        note: What must be told beside the word.
        margin: Smallest difference that matters; None where none was declared.
        alpha: Level of the family.
        level: Level of this comparison.
        family: Comparisons in the family.
        tried: K, the claims eligible for first place.
        champion: True where one of the two was named before the candidates were scored.
        probabilities: The Bayesian twin, where a margin was declared; else None.
        settle: What would settle it, where it is inconclusive; else None.
        checks: Statistics shown beside the word.
        slices: The difference on each slice.
        other_metrics: The difference by each other metric.
        kpi: The difference by each KPI; absent where none is declared.
        rows_fixed: Rows that b answers wrongly and a rightly, by majority over the repeats that both have; None where
            answers are right by degrees, or the rows are not known.
        rows_broken: The reverse.
        contrast_by: The metric, or else the loss, by which slices are held against others; empty where none was.
        rows_note: Why nothing is known of the rows; empty where it is.
        rows: The rows fixed and broken (`ErrorRow` of `bancada.errors/1`), where they were asked for; else None.
    """

    schema: str = COMPARISON_SCHEMA
    a: Side
    b: Side
    problem: str
    metric: str
    direction: str
    procedure: str
    statement: str
    n_folds: int
    delta: float | None
    low: float | None
    high: float | None
    p: float | None
    mde: float | None
    verdict: str
    note: str
    margin: float | None
    alpha: float
    level: float
    family: int
    tried: int
    champion: bool
    probabilities: Probabilities | None
    settle: Settle | None
    checks: tuple[Check, ...]
    slices: tuple[SliceDifference, ...]
    other_metrics: tuple[MetricDifference, ...]
    kpi: tuple[KpiDifference, ...] | msgspec.UnsetType = msgspec.UNSET
    rows_fixed: int | None = None
    rows_broken: int | None = None
    contrast_by: str = ""
    rows_note: str = ""
    rows: tuple[Any, ...] | None = None
