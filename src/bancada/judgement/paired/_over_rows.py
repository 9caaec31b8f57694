"""A comparison on one split: there is one fold, so that the rows are what is paired (STATISTICS §1, §4)."""

from __future__ import annotations

from math import ceil, isfinite
from typing import TYPE_CHECKING

import msgspec

from bancada.exceptions import BancadaError, counted
from bancada.judgement._comparison import Probabilities, Settle
from bancada.judgement.errors import open_examples
from bancada.judgement.paired._checks import checks_of
from bancada.judgement.paired._rows import paired_rows
from bancada.judgement.paired._seeds import enough_seeds, fits_of
from bancada.scoring import bayesian_t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.contracts import Metric
    from bancada.definitions import Project
    from bancada.judgement._comparison import Comparison, MetricDifference, SliceDifference
    from bancada.judgement.paired._rows import PairedRows
    from bancada.records import RunRecord
    from bancada.scoring import Verdict
    from bancada.scoring.rows import RowDifference
    from bancada.store import Store

__all__ = ["over_rows"]

_SAID = "the fitted models; training variation not measured"
_SAID_OF_SEEDS = "the procedure on this split"


def over_rows(
    comparison: Comparison, a: Sequence[RunRecord], b: Sequence[RunRecord], project: Project, store: Store
) -> Comparison:
    """Return a comparison on one split with what its rows tell: difference, interval and word on the fitted models.

    A comparison on several folds is returned as it is: a word on a procedure comes from fold scores only. From three
    seeds of each side on it is about the procedures on this split; with fewer, several seeds have no interval. Where
    the truth of the rows cannot be had, or the metric is the project's own code, the estimates stand and the note says
    why. No project code is executed.

    Args:
        comparison: What `compare` returned.
        a: The runs of the first side.
        b: Those of the second.
        project: Where the data are looked for.
        store: Where predictions are.
    """
    split = a[0].problem.ingredients.get("split", {})
    one_split = isinstance(split, dict) and split.get("kind") == "single"
    if not one_split or comparison.n_folds != 1 or comparison.delta is None:
        return comparison
    if len(a) + len(b) > 2:
        return _over_seeds(comparison, a, b, project, store) if enough_seeds(a, b) else comparison
    try:
        examples = open_examples((a, b), project, store)
        metric = next((one for one in examples.metrics if one.name == comparison.metric), None)
        rows = None if metric is None else paired_rows(examples)
    except BancadaError as error:
        return _left(comparison, error.found.rstrip("."))
    if metric is None or rows is None:
        why = "both have no row in common" if rows is None and metric else f"`{comparison.metric}` is the project's own"
        return _left(comparison, why)
    try:
        found = rows.difference(metric)
    except BancadaError as error:
        return _left(comparison, error.found.rstrip("."))
    told = _told(comparison, found, primary=metric.name == examples.primary)
    by_name = {one.name: one for one in examples.metrics}
    return msgspec.structs.replace(
        told,
        checks=(*comparison.checks, *checks_of(rows, metric)),
        slices=tuple(_slice(part, rows, metric) for part in comparison.slices),
        other_metrics=tuple(_other(part, rows, by_name.get(part.metric)) for part in comparison.other_metrics),
    )


def _over_seeds(
    comparison: Comparison, a: Sequence[RunRecord], b: Sequence[RunRecord], project: Project, store: Store
) -> Comparison:
    """Return a comparison of several seeds on one split with its interval and word; slices keep their estimates."""
    try:
        examples = open_examples((a, b), project, store)
        metric = next((one for one in examples.metrics if one.name == comparison.metric), None)
        fits = None if metric is None else fits_of(examples, metric)
        found = None if fits is None else fits.difference()
    except BancadaError as error:
        return _left(comparison, error.found.rstrip("."))
    if metric is None or fits is None or found is None:
        why = "no row is common to all seeds" if metric else f"`{comparison.metric}` is the project's own"
        return _left(comparison, why)
    told = _told(comparison, found, primary=metric.name == examples.primary)
    needed = fits.needed(comparison.level) if told.verdict == "inconclusive" else None
    settle = None if needed is None else Settle(text=needed.text, seeds=needed.seeds, rows=needed.rows)
    return msgspec.structs.replace(told, statement=_SAID_OF_SEEDS, settle=settle)


def _left(comparison: Comparison, why: str) -> Comparison:
    note = "; ".join(part for part in (comparison.note, f"not compared row by row: {why}") if part)
    return msgspec.structs.replace(comparison, note=note)


def _told(comparison: Comparison, found: RowDifference, *, primary: bool) -> Comparison:
    """Return the comparison with the difference, its interval and, of the primary metric, its word."""
    word = found.verdict(comparison.margin, comparison.level)
    spoken = word.word if primary else "none"
    note = word.note if primary else f"`{comparison.metric}` is not the primary metric: interval not adjusted, no word"
    flags = "; ".join(flag for flag in found.flags if flag != word.note)
    return msgspec.structs.replace(
        comparison,
        delta=None if not isfinite(word.delta) else word.delta,
        low=word.low,
        high=word.high,
        p=word.adjusted(comparison.alpha),
        mde=word.mde,
        procedure=found.procedure if word.low is not None else "",
        statement=_SAID,
        verdict=spoken,
        note="; ".join(part for part in (note, flags) if part),
        probabilities=_probabilities(word, comparison.margin),
        settle=_settle(word, found) if spoken == "inconclusive" else None,
    )


def _probabilities(word: Verdict, margin: float | None) -> Probabilities | None:
    if margin is None or word.low is None:
        return None
    twin = bayesian_t(word.delta, word.se, word.df, margin)
    return Probabilities(worse=twin.worse, inside=twin.inside, better=twin.better)


def _settle(word: Verdict, found: RowDifference) -> Settle | None:
    """Return how many test rows would exclude 0, were the difference and its spread to stay: a rough guide."""
    if word.high is None:
        return None
    if word.delta == 0:
        return Settle(text="no amount of evidence would: the difference found is 0")
    rows = ceil(found.n_units * ((word.high - word.delta) / word.delta) ** 2)
    return Settle(text=f"about {counted(rows, f'test {found.unit[:-1]}')} would", rows=rows)


def _slice(part: SliceDifference, rows: PairedRows, metric: Metric) -> SliceDifference:
    inside = rows.among(part.slice)
    if inside is None:
        return part
    low, high = _ends(inside, metric)
    return msgspec.structs.replace(part, low=low, high=high)


def _other(part: MetricDifference, rows: PairedRows, metric: Metric | None) -> MetricDifference:
    if metric is None:
        return part
    low, high = _ends(rows, metric)
    return msgspec.structs.replace(part, low=low, high=high)


def _ends(rows: PairedRows, metric: Metric) -> tuple[float | None, float | None]:
    """Return the interval of a difference at .05, not adjusted; None twice where there is none."""
    try:
        return rows.difference(metric).ends()
    except BancadaError:
        return None, None
