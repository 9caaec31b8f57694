"""A KPI as tables: the candidates in its unit, the assumptions, and the metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.display import Column, Figure, Table, count, delta, interval, score
from bancada.report._wording import arrow, halfwidth, listed
from bancada.report.kpi._sentences import (
    assumption_words,
    metric_notes,
    number,
    rationale_sentence,
    sensitivity_notes,
    source_sentence,
    threshold_notes,
)

if TYPE_CHECKING:
    from bancada.judgement.kpi import KpiDocument, KpiLine, KpiReport, MetricRelation, Sensitivity, Swap

__all__ = ["kpi_tables"]

_MOST_FLAGS = 3


def kpi_tables(document: KpiDocument) -> tuple[Table, ...]:
    """Set the KPIs of a problem as they are printed.

    Args:
        document: The KPIs.

    Returns:
        Of each KPI the candidates, its assumptions where there is a ranking, and the metrics.
    """
    return tuple(table for kpi in document.kpis for table in _tables(document, kpi))


def _tables(document: KpiDocument, kpi: KpiReport) -> list[Table]:
    tables = [_lines(document, kpi)]
    if kpi.sensitivity:
        tables.append(_sensitivity(kpi))
    tables.append(_metrics(kpi))
    return tables


def _lines(document: KpiDocument, kpi: KpiReport) -> Table:
    thresholds = kpi.threshold is not None
    by_label = thresholds and kpi.decide == "label"
    known = sorted(width for line in kpi.lines if (width := halfwidth(line.low, line.high)))
    digits = known[len(known) // 2] if known else None
    rows = document.n_rows
    return Table(
        columns=(
            Column("candidate", shrinks=True),
            Column(kpi.name, "decimal"),
            Column("95 % interval", optional=True),
            *((Column("at its threshold", "decimal", optional=True),) if by_label else ()),
            *((Column("best threshold", "decimal", optional=True), Column("there", "decimal")) if thresholds else ()),
            *((Column("probabilities", optional=True),) if thresholds else ()),
        ),
        rows=tuple(
            (
                line.label,
                Figure(line.value, score(line.value, digits)),
                interval(line.low, line.high, digits),
                *((Figure(line.at_threshold, score(line.at_threshold, digits)),) if by_label else ()),
                *(_best(line, digits) if thresholds else ()),
                *((line.calibration,) if thresholds else ()),
            )
            for line in kpi.lines
        ),
        caption=(
            f"{document.problem} · {kpi.name} {arrow(kpi.direction)} · {kpi.unit} · {count(rows)} rows",
            source_sentence(kpi),
        ),
        notes=(*rationale_sentence(kpi), *threshold_notes(kpi), *_flags(kpi)),
        tones=tuple("quiet" if line.baseline else "" for line in kpi.lines),
    )


def _best(line: KpiLine, digits: float | None) -> tuple[Figure | str, Figure]:
    never = line.at_best is not None and line.best_threshold is None
    best: Figure | str = "never" if never else Figure(line.best_threshold, number(line.best_threshold))
    return best, Figure(line.at_best, score(line.at_best, digits))


def _flags(kpi: KpiReport) -> list[str]:
    return [f"{line.label}: {listed(line.flags, _MOST_FLAGS)}." for line in kpi.lines if line.flags]


def _sensitivity(kpi: KpiReport) -> Table:
    return Table(
        columns=(
            Column("assumption", shrinks=True),
            Column("value", "decimal"),
            Column("another one leads"),
            Column("any two swap places", optional=True),
            Column("thought to lie in", optional=True),
        ),
        rows=tuple(
            (
                assumption_words(part),
                Figure(part.value, f"× {number(part.value)}" if part.column else number(part.value)),
                _swaps(part, part.leader_below, part.leader_above),
                _swaps(part, part.order_below, part.order_above),
                _range(part),
            )
            for part in kpi.sensitivity
        ),
        caption=(f"How far each assumption of {kpi.name} moves before the ranking by it changes",),
        notes=tuple(sensitivity_notes(kpi)),
    )


def _swaps(part: Sensitivity, below: Swap | None, above: Swap | None) -> str:
    told = []
    for word, swap in (("below", below), ("above", above)):
        if swap is not None:
            place = f"{'× ' if part.column else ''}{number(swap.value, part.value)}"
            told.append(f"{word} {place} ({swap.behind} before {swap.ahead})")
    return "; ".join(told) or "nowhere"


def _range(part: Sensitivity) -> str:
    if part.range_low is None or part.range_high is None:
        return ""
    word = "the leader stays" if part.leader_holds else "the leader changes"
    return f"{number(part.range_low)} to {number(part.range_high)}: {word}"


def _metrics(kpi: KpiReport) -> Table:
    return Table(
        columns=(
            Column("metric", shrinks=True),
            Column("rank correlation", "decimal"),
            Column("95 % interval"),
            Column("reliability"),
            Column("regret", "decimal"),
            Column("interval", optional=True),
            Column(" ", optional=True),
        ),
        rows=tuple(_relation(part) for part in kpi.relations),
        caption=(f"What each metric says about {kpi.name}, over {count(kpi.names)} candidates, on other rows",),
        notes=tuple(metric_notes(kpi)),
    )


def _relation(part: MetricRelation) -> tuple[str | Figure, ...]:
    digits = halfwidth(part.regret_low, part.regret_high)
    reliable = " · ".join(
        score(value, 0.1) for value in (part.reliability_metric, part.reliability_kpi) if value is not None
    )
    return (
        part.metric,
        Figure(part.rho, delta(part.rho, 0.1)),
        interval(part.low, part.high, 0.1),
        reliable,
        Figure(part.regret, delta(part.regret, digits)),
        interval(part.regret_low, part.regret_high, digits),
        part.word,
    )
