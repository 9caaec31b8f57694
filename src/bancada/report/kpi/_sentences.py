"""What must be said beside the numbers of a KPI, for people who decide by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.exceptions import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.judgement.kpi import KpiReport, Sensitivity

__all__ = [
    "assumption_words",
    "metric_notes",
    "number",
    "rationale_sentence",
    "sensitivity_notes",
    "source_sentence",
    "threshold_notes",
]

_MINUS = "\N{MINUS SIGN}"
_DASH = "\N{EN DASH}"
_CELLS = {
    "c10": "a false positive",
    "c01": "a false negative",
    "c00": "a true negative",
    "c11": "a true positive",
}


def number(value: float | None, beside: float | None = None) -> str:
    """Write an assumption or a threshold with three significant digits, thousands apart.

    Args:
        value: The number; None is missing.
        beside: What it must not look like: it gets more digits where it would.

    Examples:
        >>> number(0.01960784), number(48_712.3), number(1.0), number(-2.5), number(None)
        ('0.0196', '48,700', '1', '−2.5', '–')
        >>> number(20.004, beside=20)
        '20.004'
    """
    if value is None:
        return _DASH
    text = next(
        (text for digits in range(3, 9) if (text := _written(value, digits)) != (beside and _written(beside, digits))),
        _written(value, 9),
    )
    return text.replace("-", _MINUS)


def _written(value: float, digits: int) -> str:
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:,.0f}" if rounded.is_integer() else f"{rounded:,.{digits}g}"


def assumption_words(part: Sensitivity) -> str:
    """Name an assumption as people do."""
    if part.column:
        return f"amounts of {part.column}"
    return f"{part.assumption}, {_CELLS[part.assumption]}" if part.assumption in _CELLS else part.assumption


def source_sentence(kpi: KpiReport) -> str:
    """Say what gives the amounts."""
    if kpi.costs is None:
        read = f" It reads {', '.join(kpi.columns)}." if kpi.columns else ""
        return f"A function gives the amount of each row.{read}"
    told = [
        f"{_CELLS[cell]} costs {cost if isinstance(cost, str) else number(cost)}" for cell, cost in kpi.costs.items()
    ]
    who = "the model's own label" if kpi.decide == "label" else "the threshold that these costs make best"
    return f"Costs: {', '.join(told)}. What is done is decided by {who}."


def rationale_sentence(kpi: KpiReport) -> Iterator[str]:
    """Say why this is what counts, or where that is written."""
    if kpi.rationale_file:
        yield f"Why this is what counts: see {kpi.rationale}."
    elif kpi.rationale:
        yield f"Why this is what counts: {kpi.rationale}"


def threshold_notes(kpi: KpiReport) -> Iterator[str]:
    """Say from which probability on deciding positive pays, and what the columns mean."""
    found = kpi.threshold
    if found is None:
        return
    if found.value is None:
        yield "No threshold is best: in no row is an error dearer than being right."
    elif found.low == found.high:
        yield (
            f"With these costs it pays to decide positive from a probability of {number(found.value)} on (p*, Elkan "
            "2001), if the probabilities mean what they say."
        )
    else:
        yield (
            f"With these costs it pays to decide positive from a probability on that differs by row: "
            f"{number(found.low)} to {number(found.high)}, in the middle {number(found.value)} (p*, Elkan 2001), if "
            "the probabilities mean what they say."
        )
    if found.without and found.value is not None:
        yield f"In {counted(found.without, 'row')} no error is dearer than being right, and no threshold is best."
    if kpi.decide == "label" and any(line.at_threshold is not None for line in kpi.lines):
        yield f"At its threshold: {kpi.name} if each row were decided by p* instead of the model's own label."
    if any(line.at_best is not None for line in kpi.lines):
        yield (
            "Best threshold: the one that cost least on these very rows, and the cost there; it flatters, since it was "
            "chosen by them."
        )
    bad = [line.label for line in kpi.lines if line.calibration == "miscalibrated" and not line.baseline]
    if bad:
        yield (
            f"Warning: the probabilities of {', '.join(bad)} do not mean what they say (miscalibrated), so that p* may "
            "be the wrong place to decide. Calibrate them, or choose the threshold on rows of its own."
        )


def sensitivity_notes(kpi: KpiReport) -> Iterator[str]:
    """Say how the tipping points were found."""
    yield "One assumption moves at a time, the others stay; its sign stays too. In brackets who is then before whom."
    if all(part.exact for part in kpi.sensitivity):
        yield "The values are exact: with given decisions each cost is a straight line of the assumption."
    else:
        yield (
            "The values were searched for, up to a hundred times and down to a hundredth of the assumption; two that "
            "swap places twice in a small step may have been missed."
        )
    yield "Where two lines are as good as equal in truth, their order is luck, and so is its tipping point."


def metric_notes(kpi: KpiReport) -> Iterator[str]:
    """Say what the numbers of a metric mean, or why there are none."""
    if kpi.names < kpi.names_needed:
        yield (
            f"This needs at least {kpi.names_needed} candidates by different names, the baseline apart; there "
            f"{'is' if kpi.names == 1 else 'are'} {kpi.names}. Fewer show nothing that luck could not."
        )
        return
    if not kpi.relations:
        yield "The evaluation has no metric beside its KPIs."
        return
    yield (
        "Rank correlation: between the metric on one half of the rows and the KPI on the other, 200 halves, both ways; "
        "1 means that who is better by the metric is better by the KPI. The interval is over candidates and rows."
    )
    yield (
        "Reliability: how well the order of the candidates on one half agrees with that on the other, for the metric "
        "and for the KPI. Below 0.3 they are too alike to tell."
    )
    yield (
        f"Regret, in {kpi.unit}: what choosing the best by the metric loses against choosing it by the KPI itself, on "
        f"rows that chose nothing; with a {_MINUS} the metric chooses better than the KPI, being less at the mercy of "
        "luck."
    )
