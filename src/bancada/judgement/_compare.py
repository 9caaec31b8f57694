"""Two claims on one problem, by the procedure that their folds allow."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import msgspec

from bancada.exceptions import NotComparable
from bancada.judgement._comparison import (
    Comparison,
    KpiDifference,
    MetricDifference,
    Probabilities,
    Settle,
    Side,
    SliceDifference,
)
from bancada.judgement._differences import differing_folds, differing_metric, differing_problem
from bancada.judgement._kpis import is_kpi, kpis_of, unit_of
from bancada.judgement._leaderboard import metric_named
from bancada.judgement._lines import line_of
from bancada.judgement._words import Level, direction, margin_of, tell, told
from bancada.judgement.champions import answers_to, champion_of, in_advance
from bancada.records import RunRecord
from bancada.scoring import bayesian_t, repeats_needed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.judgement._comparison import Check
    from bancada.judgement._lines import Line
    from bancada.records import EvaluationIdentity, MetricIdentity
    from bancada.scoring import Design, Verdict

__all__ = ["compare"]


@dataclass(frozen=True, slots=True)
class _Two:
    """The runs of both sides; each side's differ in nothing but the seed."""

    a: tuple[RunRecord, ...]
    b: tuple[RunRecord, ...]
    alpha: float

    @property
    def newest(self) -> RunRecord:
        """The newest run of all."""
        return max((*self.a, *self.b), key=lambda run: (run.started, run.run_id))

    def has_champion(self, named: str | None) -> bool:
        """Tell whether one of the two was named before the other was scored.

        Args:
            named: Who was; None where the records of the challenger's runs tell.
        """
        if named is not None:
            return any(named in {run.run_id, run.claim_id, run.candidate} for run in (*self.a, *self.b))
        return any(
            (told := champion_of(challenger)) is not None
            and answers_to(champion, told)
            and in_advance(challenger, told)
            for champion, challenger in ((self.a, self.b), (self.b, self.a))
        )

    def lines(self, metric: MetricIdentity, slice_name: str | None = None) -> tuple[Line, Line]:
        """Return both sides by a metric, on a slice."""
        return line_of(self.a, metric, slice_name), line_of(self.b, metric, slice_name)


def compare(  # noqa: PLR0913 - keyword-only, each an option of the verb
    a: RunRecord | Sequence[RunRecord],
    b: RunRecord | Sequence[RunRecord],
    *,
    metric: str | None = None,
    tried: int | None = None,
    champion: str | None = None,
    margin: float | None = None,
    alpha: float = 0.05,
    checks: Sequence[Check] = (),
) -> Comparison:
    """Compare two claims on the repeats that both have.

    The word is that of the board: the same function at the same level, alpha over all K(K − 1)/2 pairs, unless one of
    the two is the champion; then it is alpha over K − 1.

    Args:
        a: The run that the word is about; several runs where seeds are averaged, as the board's `runs` lists them.
        b: The run that it is held against.
        metric: Name of the metric; by default the primary one. By another there are intervals at alpha and no word.
        tried: K, the claims eligible for first place, as the board prints it; 2 by default.
        champion: Run id, claim id or name of a candidate that was named before the candidates were scored; by default
            what the runs' own records say of that.
        margin: Smallest difference that matters, in units of the primary metric and of no other; by default that of the
            newer run's evaluation.
        alpha: Level of the family.
        checks: Statistics to be shown beside the word, such as that of `short_blocks`.

    Raises:
        NotComparable: Where problem, metric or folds differ; the error names the fields.
        NotFoundError: Where the metric is unknown.
    """
    two = _Two(_runs(a), _runs(b), alpha)
    evaluation = two.newest.evaluation
    wanted = evaluation.primary if metric is None else metric
    chosen = metric_named(wanted, [evaluation, *(run.evaluation for run in (*two.a, *two.b))])
    _refuse_unlike(two, chosen)
    line, other = two.lines(chosen)
    _refuse_apart(line, other)
    primary = chosen.name == evaluation.primary
    named = two.has_champion(champion)
    k = max(tried or 2, 2)
    level = _level(alpha, k, primary=primary, champion=named)
    matters = margin_of(evaluation, chosen) if margin is None else (margin if primary else None)
    found, design = tell(line, other, chosen, matters, level)
    silence = "" if primary else f"`{chosen.name}` is not the primary metric: interval not adjusted, no word"
    spoken = told(found, line, other, chosen, level, design, silence=silence)
    return Comparison(
        a=_side(line),
        b=_side(other),
        problem=two.newest.problem.name,
        metric=chosen.name,
        direction=direction(chosen),
        statement=design.procedure.statement,
        n_folds=len(set(line.folds) & set(other.folds)),
        margin=matters,
        alpha=alpha,
        level=level.a,
        family=level.family,
        tried=k,
        champion=named,
        probabilities=_probabilities(found, matters),
        settle=_settle(found, design) if spoken.verdict == "inconclusive" else None,
        checks=tuple(checks),
        slices=_slices(two, chosen),
        other_metrics=_other_metrics(two, chosen, evaluation),
        kpi=_kpis(two, evaluation),
        **spoken.fields(),
    )


def _runs(side: RunRecord | Sequence[RunRecord]) -> tuple[RunRecord, ...]:
    """Return a side as runs."""
    return (side,) if isinstance(side, RunRecord) else tuple(side)


def _level(alpha: float, tried: int, *, primary: bool, champion: bool) -> Level:
    """Return the level of the comparison: without a word there is no family."""
    if not primary:
        return Level(alpha, 1)
    return Level.against_champion(alpha, tried) if champion else Level.of_pairs(alpha, tried)


def _refuse_unlike(two: _Two, metric: MetricIdentity) -> None:
    """Refuse runs that answered different questions, and those on a part of the rows."""
    first = two.a[0]
    part = next((run for run in (*two.a, *two.b) if run.row_limit is not None), None)
    if part is not None:
        raise NotComparable(
            "Two runs are compared on all rows of their folds.",
            f"`{part.candidate}` (`r-{part.run_id[:6]}`) was a quick trial, on {part.row_limit:,} rows at most.",
            f"Run it with `bancada run {part.candidate}`, and compare that run.",
            ("claim.row_limit",),
        )
    for run in (*two.a[1:], *two.b):
        fields = differing_problem(first.problem, run.problem)
        fields = (
            fields or differing_metric(first, metric) or differing_metric(run, metric) or differing_folds(first, run)
        )
        if fields:
            names = ", ".join(f"`{field}`" for field in fields)
            raise NotComparable(
                "Two runs are compared on one problem, by one metric and on the same folds.",
                f"`{first.candidate}` and `{run.candidate}` differ in {names}.",
                "Run both on the same problem and evaluation, or compare runs that one leaderboard ranks.",
                fields,
            )


def _refuse_apart(line: Line, other: Line) -> None:
    """Refuse scored runs that have no repeat in common."""
    if not line.folds or not other.folds or {place[:2] for place in line.folds} & {place[:2] for place in other.folds}:
        return
    mine, others = (sorted({place.repeat for place in side.folds}) for side in (line, other))
    field = "split.table" if set(mine) & set(others) else "repeats"
    raise NotComparable(
        "Two runs are compared on the repeats that both have.",
        f"`{line.run.candidate}` has repeats {mine}, `{other.run.candidate}` has {others}: they differ in `{field}`.",
        "Run the one that lacks repeats again, with those of the other.",
        (field,),
    )


def _side(line: Line) -> Side:
    """Return one side as the document has it."""
    return Side(
        run_id=line.run.run_id,
        claim_id=line.run.claim_id,
        candidate=line.run.candidate,
        params=line.run.params,
        runs=tuple(run.run_id for run in line.runs),
        value=line.estimate.value,
        low=line.estimate.low,
        high=line.estimate.high,
        flags=line.flags,
    )


def _probabilities(found: Verdict, margin: float | None) -> Probabilities | None:
    """Return the Bayesian twin of a comparison with a margin."""
    if margin is None or isnan(found.se) or found.df == 0:
        return None
    twin = bayesian_t(found.delta, found.se, found.df, margin)
    return Probabilities(worse=twin.worse, inside=twin.inside, better=twin.better)


def _settle(found: Verdict, design: Design) -> Settle | None:
    """Return what would settle an inconclusive comparison."""
    answer = repeats_needed(found.delta, found.se, design, found.a)
    if answer is None:
        return None
    return Settle(text=answer.text, repeats=answer.repeats, rows=answer.rows, units=answer.units)


def _slices(two: _Two, metric: MetricIdentity) -> tuple[SliceDifference, ...]:
    """Return the difference on each slice that both were scored on."""
    sizes = {score.slice: score.n_rows for score in two.a[0].scores if score.metric_id == metric.digest}
    known = {score.slice for score in two.b[0].scores if score.metric_id == metric.digest}
    found = []
    for name, n_rows in sizes.items():
        if name is not None and name in known:
            a, b, delta, low, high = _plain(two, metric, name)
            found.append(SliceDifference(slice=name, n_rows=n_rows, a=a, b=b, delta=delta, low=low, high=high))
    return tuple(found)


def _other_metrics(two: _Two, metric: MetricIdentity, evaluation: EvaluationIdentity) -> tuple[MetricDifference, ...]:
    """Return the difference by each other metric that both were scored by."""
    held = [{score.metric_id for score in side[0].scores} for side in (two.a, two.b)]
    found = []
    for other in evaluation.metrics:
        if other.digest != metric.digest and not is_kpi(other) and all(other.digest in ids for ids in held):
            a, b, delta, low, high = _plain(two, other, None)
            found.append(
                MetricDifference(
                    metric=other.name, direction=direction(other), a=a, b=b, delta=delta, low=low, high=high
                )
            )
    return tuple(found)


def _kpis(two: _Two, evaluation: EvaluationIdentity) -> tuple[KpiDifference, ...] | msgspec.UnsetType:
    """Return the difference by each KPI that both were scored by."""
    held = [{score.metric_id for score in side[0].scores} for side in (two.a, two.b)]
    found = []
    for kpi in kpis_of(evaluation):
        if all(kpi.digest in ids for ids in held):
            a, b, delta, low, high = _plain(two, kpi, None)
            found.append(
                KpiDifference(
                    name=kpi.name,
                    unit=unit_of(kpi),
                    direction=direction(kpi),
                    a=a,
                    b=b,
                    delta=delta,
                    low=low,
                    high=high,
                )
            )
    return tuple(found) or msgspec.UNSET


def _plain(
    two: _Two, metric: MetricIdentity, slice_name: str | None
) -> tuple[float | None, float | None, float | None, float | None, float | None]:
    """Return both scores, their difference and its interval at alpha, without a word.

    Where neither score has an interval the difference has none: then the rows of the slice allow none, or the fold
    scores of both do not vary, and so their difference does not.
    """
    line, other = two.lines(metric, slice_name)
    level = Level(two.alpha, 1)
    found, design = tell(line, other, metric, None, level)
    spoken = told(found, line, other, metric, level, design)
    if not (line.estimate.procedure or other.estimate.procedure):
        return line.estimate.value, other.estimate.value, spoken.delta, None, None
    return line.estimate.value, other.estimate.value, spoken.delta, spoken.low, spoken.high
