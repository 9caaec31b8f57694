"""A comparison as a table under a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bancada.display import Column, Figure, Table, count, delta, interval, score, short_id
from bancada.exceptions import counted
from bancada.report._wording import MDE_MEANS, SIGN_MEANS, arrow, halfwidth, listed, percent, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bancada.judgement import Check, Comparison, MetricDifference, Side, SliceDifference
    from bancada.judgement.kpi import KpiDifference

__all__ = ["comparison_table", "names_of", "verdict_sentence"]

_MOST_FLAGS = 3
_MOST_SLICES = 5
_PROCEDURES = {
    "corrected resampled t": "a t interval, widened because the training parts of the folds overlap",
    "t over sites": "a t interval in which each site counts as one observation",
    "t over time blocks": "a t interval in which each time block counts as one observation",
    "paired t over rows": "a t interval of the differences, row by row",
    "paired t over groups": "a t interval in which each group of rows counts as one observation",
    "paired t over queries": "a t interval in which each query counts as one observation",
}


def comparison_table(document: Comparison) -> Table:
    """Set a comparison as it is printed: the verdict in a sentence, the numbers, and how they were found.

    Args:
        document: The comparison.

    Returns:
        The verdict above; a row for the metric, each slice and each other metric; below it procedure, level, what could
        have been found, and what would settle it.
    """
    a, b = _names(document.a, document.b)
    kpis = document.kpi or ()
    return Table(
        columns=(
            Column(""),
            Column(a, "decimal"),
            Column(b, "decimal"),
            Column("difference", "decimal"),
            Column("interval"),
            Column("rows", "right", optional=True),
            Column("", optional=True),
        ),
        rows=(
            _main(document),
            *(
                _difference(f"  {part.slice}", part, part.n_rows, "differs" if part.differs else None)
                for part in document.slices
            ),
            *(_difference(f"{part.metric} {arrow(part.direction)}", part) for part in document.other_metrics),
            *(_difference(f"{part.name} {arrow(part.direction)}", part) for part in kpis),
        ),
        caption=(
            f"{a} against {b} · {document.metric} {arrow(document.direction)} · {document.problem}",
            _verdict(document, a, b),
        ),
        notes=tuple(_notes(document, a, b)),
        tones=("strong", *("",) * (len(document.slices) + len(document.other_metrics) + len(kpis))),
    )


def verdict_sentence(document: Comparison) -> str:
    """Say in a sentence what a comparison found."""
    return _verdict(document, *_names(document.a, document.b))


def names_of(document: Comparison) -> tuple[str, str]:
    """Return what both sides are called."""
    return _names(document.a, document.b)


def _names(a: Side, b: Side) -> tuple[str, str]:
    """Name both sides; two claims of one candidate by the parameters that differ, or else by their runs."""
    if a.candidate != b.candidate:
        return a.candidate, b.candidate
    names = [
        " ".join(
            [side.candidate]
            + [f"{name}={value}" for name, value in side.params.items() if other.params.get(name, side) != value]
        )
        for side, other in ((a, b), (b, a))
    ]
    if names[0] != names[1]:
        return names[0], names[1]
    return f"{a.candidate} ({short_id(a.run_id)})", f"{b.candidate} ({short_id(b.run_id)})"


def _main(document: Comparison) -> tuple[str | int | Figure | None, ...]:
    digits = halfwidth(document.low, document.high)
    name = f"{document.metric} {arrow(document.direction)}"
    sides = [Figure(side.value, score(side.value, digits)) for side in (document.a, document.b)]
    return (
        name,
        *sides,
        Figure(document.delta, delta(document.delta, digits)),
        _range(document.low, document.high),
        None,
        None,
    )


def _difference(
    name: str,
    part: SliceDifference | MetricDifference | KpiDifference,
    n_rows: int | None = None,
    word: str | None = None,
) -> tuple[str | int | Figure | None, ...]:
    digits = halfwidth(part.low, part.high)
    sides = [Figure(value, score(value, digits)) for value in (part.a, part.b)]
    return (name, *sides, Figure(part.delta, delta(part.delta, digits)), _range(part.low, part.high), n_rows, word)


def _range(low: float | None, high: float | None) -> str:
    digits = halfwidth(low, high)
    if low is None or high is None:
        return interval(low, high)
    return f"{delta(low, digits)} to {delta(high, digits)}"


def _verdict(document: Comparison, a: str, b: str) -> str:
    digits = halfwidth(document.low, document.high)
    size = delta(None if document.delta is None else abs(document.delta), digits, signed=False)
    between = _range(document.low, document.high)
    beyond = f" ({document.note})" if document.note else ""
    match document.verdict:
        case "better" | "worse":
            return (
                f"{a} is {document.verdict} than {b} by {size} {document.metric}{beyond}: "
                f"what was measured fits a difference of {between}."
            )
        case "equivalent":
            margin = delta(document.margin, digits, signed=False)
            return f"{a} and {b} are equivalent: they differ by less than {margin}, the margin that matters{beyond}."
        case "inconclusive":
            return (
                f"It is open which of {a} and {b} is better: what was measured fits any difference of {between}. "
                "Inconclusive does not mean equal."
            )
        case "identical":
            unit = "row" if document.n_folds == 1 else "fold"
            return f"{a} and {b} scored the same on every {unit}."
        case _:
            why = f": {document.note}" if document.note else ""
            return f"No verdict{why}. {a} less {b} is {delta(document.delta, digits)}."


def _notes(document: Comparison, a: str, b: str) -> list[str]:
    digits = halfwidth(document.low, document.high)
    # Of one split the rows are what is compared.
    noun = "rows" if document.n_folds == 1 else "folds"
    evidence = "test rows" if document.n_folds == 1 else f"{document.n_folds} folds"
    notes = []
    if document.procedure:
        gloss = _PROCEDURES.get(document.procedure, "")
        notes.append(
            f"Procedure: {document.procedure}{f' ({gloss})' if gloss else ''} on the {evidence} that both have. It is "
            f"about {document.statement}."
        )
        notes.append(_level(document))
    if document.mde is not None:
        size = delta(document.mde, digits, signed=False)
        notes.append(f"{size} is {MDE_MEANS.replace('folds', noun)}.")
    if document.margin is not None:
        notes.append(f"{delta(document.margin, digits, signed=False)} is the declared margin: smaller does not matter.")
    elif document.verdict != "none":
        notes.append("No margin is declared, so that no difference can be called too small to matter.")
    if document.settle is not None:
        notes.append(f"To settle it, if the difference stays as it is: {document.settle.text}, in all.")
    if document.probabilities is not None:
        chance = document.probabilities
        notes.append(
            f"Probability, from these {noun} alone, that {a} is worse by more than the margin: "
            f"{_chance(chance.worse)}; within it: {_chance(chance.inside)}; better by more: {_chance(chance.better)}."
        )
    kpis = document.kpi or ()
    notes += [f"{kpi.name}: {kpi.unit}; its interval is not adjusted, and it carries no verdict." for kpi in kpis]
    directions = [document.direction, *(part.direction for part in document.other_metrics)]
    if "lower" in [*directions, *(kpi.direction for kpi in kpis)]:
        notes.append(SIGN_MEANS)
    if document.slices or document.other_metrics:
        notes.append(
            f"Slices and other metrics have intervals of {percent(1 - document.alpha)}, not adjusted for their "
            "number; they carry no verdict."
        )
    notes += _rows(document, a, b)
    notes += [_check(check) for check in document.checks]
    notes += [
        f"{name}: {listed(side.flags, _MOST_FLAGS)}." for name, side in ((a, document.a), (b, document.b)) if side.flags
    ]
    return notes


def _rows(document: Comparison, a: str, b: str) -> Iterator[str]:
    """Say what becomes of rows, and in which slices the difference is another than elsewhere."""
    differing = [part for part in document.slices if part.differs]
    if differing:
        found = listed((f"{part.slice} ({_contrast(part)})" for part in differing), _MOST_SLICES)
        yield (
            f"Differs by slice, in {document.contrast_by}: {found}. In brackets: what {a} gains there more than "
            "elsewhere; intervals that hold together at 95 %, about these fitted models."
        )
    if document.rows_fixed is not None and document.rows_broken is not None:
        yield (
            f"{a} fixes {counted(document.rows_fixed, 'row')} that {b} answers wrongly and breaks "
            f"{count(document.rows_broken)} that it answers rightly, by majority over the repeats."
        )
    if document.rows_note:
        yield f"Rows fixed and broken are not known: {document.rows_note}."


def _contrast(part: SliceDifference) -> str:
    digits = halfwidth(part.contrast_low, part.contrast_high)
    return f"{delta(part.contrast, digits)}, {_range(part.contrast_low, part.contrast_high)}"


def _level(document: Comparison) -> str:
    line = f"The interval of the first row has level {percent(1 - document.level)}"
    family, tried = count(document.family), count(document.tried)
    if document.family > 1 and document.champion:
        among = f"the {family} comparisons with the champion, which was named in advance"
    else:
        among = f"all {family} pairs of the {tried} claims tried (a claim is a candidate with its parameters)"
    if document.family > 1:
        line += f": a {percent(document.alpha)} chance of error is shared by {among}"
    return line + (f"; p = {document.p:.2g}, adjusted likewise." if document.p is not None else ".")


def _chance(share: float) -> str:
    if share < 0.005:  # noqa: PLR2004 - would round to 0 %
        return "under 1 %"
    return "over 99 %" if share > 0.995 else f"{100 * share:.0f} %"  # noqa: PLR2004 - would round to 100 %


def _check(check: Check) -> str:
    parts = [] if check.statistic is None else [f"{check.statistic:.3g}"]
    parts += [] if check.p is None else [f"p = {check.p:.2g}"]
    shown = f"Beside it, {check.name}" + (f": {', '.join(parts)}" if parts else "")
    return sentence(f"{shown}; {check.note}" if check.note else shown)
