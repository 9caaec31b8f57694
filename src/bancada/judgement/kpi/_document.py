"""The document `bancada.kpi/1`."""

from __future__ import annotations

import msgspec

__all__ = [
    "KPI_SCHEMA",
    "KpiDocument",
    "KpiLine",
    "KpiReport",
    "KpiThreshold",
    "MetricRelation",
    "Sensitivity",
    "Swap",
]

KPI_SCHEMA = "bancada.kpi/1"


class KpiLine(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate by a KPI, in the KPI's unit and own direction.

    Attributes:
        candidate: Name of the candidate.
        label: The candidate with the parameters that tell it from its other claims.
        run_id: The run whose predictions these are.
        baseline: True for the task's baseline.
        value: The KPI; None where undefined.
        low: Lower end of its 95 % interval; None where there is none.
        high: Upper end.
        at_threshold: The KPI if every row is decided by its optimal threshold; None where there is no probability or
            no table of costs.
        at_threshold_low: Lower end of its 95 % interval.
        at_threshold_high: Upper end.
        best_threshold: The one threshold that cost least on these rows; None where there is none, or where never
            deciding positive did.
        at_best: The KPI under it: too good by some amount, for it was chosen by the rows that it is counted on.
        calibration: `compatible` or `miscalibrated`; empty where nothing is known.
        flags: What must be told beside the numbers.
    """

    candidate: str
    label: str
    run_id: str
    baseline: bool
    value: float | None
    low: float | None
    high: float | None
    at_threshold: float | None = None
    at_threshold_low: float | None = None
    at_threshold_high: float | None = None
    best_threshold: float | None = None
    at_best: float | None = None
    calibration: str = ""
    flags: tuple[str, ...] = ()


class KpiThreshold(msgspec.Struct, frozen=True, kw_only=True):
    """From which probability on deciding positive pays, by the costs alone.

    Attributes:
        value: p* where it is the same for all rows, else the median over the rows; None where it exists for none.
        low: The smallest p* of a row.
        high: The largest.
        without: Rows in which no error is dearer than being right: no threshold is best there.
    """

    value: float | None
    low: float | None
    high: float | None
    without: int


class Swap(msgspec.Struct, frozen=True, kw_only=True):
    """Where an assumption makes two candidates swap places: the value, who falls behind, and behind whom."""

    value: float
    ahead: str
    behind: str


class Sensitivity(msgspec.Struct, frozen=True, kw_only=True):
    """How far one assumption moves before the ranking by the KPI changes, all others as they are.

    Attributes:
        assumption: Its name.
        value: Its value; 1 for a column of amounts, which is multiplied.
        column: The column of amounts that it multiplies; empty for a number.
        exact: True where the tipping points are solved for; False where they were searched for.
        leader_below: Where another candidate takes the lead, below the value; None where that is nowhere.
        leader_above: The same above it.
        order_below: Where any two swap places, below.
        order_above: The same above.
        range_low: Lower end of the range in which it is thought to lie; None where none was declared.
        range_high: Upper end.
        leader_holds: True where nobody else leads anywhere in that range; None without one.
    """

    assumption: str
    value: float
    column: str
    exact: bool
    leader_below: Swap | None
    leader_above: Swap | None
    order_below: Swap | None
    order_above: Swap | None
    range_low: float | None = None
    range_high: float | None = None
    leader_holds: bool | None = None


class MetricRelation(msgspec.Struct, frozen=True, kw_only=True):
    """What a metric says about the KPI, over the candidates so far, on other rows (STATISTICS §7).

    Attributes:
        metric: Name of the metric.
        rho: Mean rank correlation of the metric on one half of the rows and the KPI on the other, both oriented so that
            greater is better.
        low: Lower end of its 95 % interval over names and rows.
        high: Upper end.
        reliability_metric: Rank correlation of the metric between the halves.
        reliability_kpi: The same of the KPI.
        regret: What choosing by the metric costs against choosing by the KPI itself, in the KPI's unit, on rows that
            were not used for choosing; below 0 where it chooses better.
        regret_low: Lower end of its 95 % interval.
        regret_high: Upper end.
        word: `too alike to tell` where a reliability is below .3; else empty.
    """

    metric: str
    rho: float | None
    low: float | None
    high: float | None
    reliability_metric: float | None
    reliability_kpi: float | None
    regret: float | None
    regret_low: float | None
    regret_high: float | None
    word: str


class KpiReport(msgspec.Struct, frozen=True, kw_only=True):
    """One KPI of the evaluation.

    Attributes:
        name: Name of the KPI.
        unit: What its numbers are.
        direction: `higher` or `lower` is better.
        metric_id: Digest of its identity.
        rationale: Why this is what counts: a file, or a sentence; empty where nothing was said.
        rationale_file: True where the rationale is a file that exists.
        decide: Who decides, where it is a table of costs: `label` or `threshold`; else empty.
        costs: The table of costs; None for a function.
        columns: Columns of the data that it reads.
        lines: The candidates, the best first, the baseline last.
        threshold: From which probability on deciding positive pays; None for a function.
        sensitivity: Each assumption.
        relations: Each metric of the evaluation, where there are enough candidates.
        names: Candidates that count for these: one run each, no baseline.
        names_needed: How many are needed.
        notes: What must be told beside the numbers.
    """

    name: str
    unit: str
    direction: str
    metric_id: str
    rationale: str
    rationale_file: bool
    decide: str
    costs: dict[str, float | str] | None
    columns: tuple[str, ...]
    lines: tuple[KpiLine, ...]
    threshold: KpiThreshold | None
    sensitivity: tuple[Sensitivity, ...]
    relations: tuple[MetricRelation, ...]
    names: int
    names_needed: int
    notes: tuple[str, ...] = ()


class KpiDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The KPIs of a problem over the runs so far."""

    schema: str = KPI_SCHEMA
    problem: str
    problem_id: str
    evaluation_id: str
    n_rows: int
    kpis: tuple[KpiReport, ...]
