"""From runs to the lines of a board: one per claim, the seeds of a claim averaged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING, NamedTuple

from bancada.records import Estimate, Evidence
from bancada.scoring import Design, interval

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bancada.records import FoldUse, MetricIdentity, RunRecord, Score

__all__ = ["Line", "Place", "claims_tried", "clipped", "design_of", "line_of", "lines_of"]

_GRADES = ("incomplete", "complete", "reproduced")


class Place(NamedTuple):
    """Where a fold score belongs: equal places train and test on the same rows.

    Attributes:
        repeat: Number of the repeat.
        split: Digest of the repeat's table; empty where it was not recorded.
        fold: Number of the fold in the repeat.
    """

    repeat: int
    split: str
    fold: int

    @classmethod
    def of(cls, use: FoldUse) -> Place:
        """Return the place of a fold that a run lists."""
        return cls(*use.place)


@dataclass(frozen=True, slots=True)
class Line:
    """A claim as the board sees it.

    Attributes:
        runs: The runs behind it, newest first: one, or one for each seed.
        estimate: Score and interval.
        folds: Defined fold scores in the metric's own direction, averaged over the runs.
        train: The same on the training rows, where that was kept.
        complete: True where every fold that was asked for has a score: only then it is compared.
        train_gap: Mean score on training rows − score; None where not kept.
        flags: What must be told beside the score.
    """

    runs: tuple[RunRecord, ...]
    estimate: Estimate
    folds: dict[Place, float]
    train: dict[Place, float]
    complete: bool
    train_gap: float | None
    flags: tuple[str, ...]

    @property
    def run(self) -> RunRecord:
        """The newest run."""
        return self.runs[0]

    @property
    def eligible(self) -> bool:
        """True where the line may have a rank."""
        return self.complete and not self.run.baseline

    @property
    def evidence(self) -> Evidence:
        """The weakest grade among the runs, and all that is missing."""
        grade = min((run.evidence.grade for run in self.runs), key=_GRADES.index)
        missing = dict.fromkeys(phrase for run in self.runs for phrase in run.evidence.missing)
        return Evidence(grade=grade, missing=tuple(missing))


def claims_tried(runs: Iterable[RunRecord], metric_id: str) -> int:
    """Return K: how many claims were eligible for first place by a metric.

    Every parameter set that has a fold score counts, discarded and explored ones included; baselines and failed ones do
    not; claims that differ in nothing but the seed count once.
    """
    keys = set()
    for run in runs:
        score = run.score_by(metric_id)
        if run.baseline or run.status == "failed" or score is None:
            continue
        if any(fold.value is not None for fold in score.folds):
            keys.add(run.claim_key)
    return len(keys)


def lines_of(runs: Iterable[RunRecord], metric: MetricIdentity) -> tuple[Line, ...]:
    """Return a line for each claim: its newest complete run, or else its newest; its seeds averaged.

    A run that was explored has no line: it was asked how it stands, and not for all of its folds.
    """
    groups: dict[bytes, list[RunRecord]] = {}
    for run in sorted((run for run in runs if run.status != "explored"), key=_age, reverse=True):
        groups.setdefault(run.claim_key, []).append(run)
    return tuple(line_of(group, metric) for group in groups.values())


def line_of(runs: Sequence[RunRecord], metric: MetricIdentity, slice_name: str | None = None) -> Line:
    """Return the line of runs that differ in nothing but the seed.

    Args:
        runs: At least one run; of each claim the newest complete one counts.
        metric: The metric.
        slice_name: Name of a slice; None for all rows.
    """
    newest: dict[str, Line] = {}
    for run in sorted(runs, key=_age, reverse=True):
        line = _single(run, run.score_by(metric.digest, slice_name))
        known = newest.get(run.claim_id)
        if known is None or (line.complete and not known.complete):
            newest[run.claim_id] = line
    lines = list(newest.values())
    complete = [line for line in lines if line.complete]
    if len(complete) <= 1:
        return complete[0] if complete else lines[0]
    return _averaged(complete, metric)


def design_of(lines: Sequence[Line]) -> tuple[Design, tuple[Place, ...]]:
    """Return the design of all repeats that the lines have, and its folds in order.

    Repeats of one number and of other tables are other repeats. A line without a score for each fold counts with the
    folds that were asked for.
    """
    uses: dict[Place, FoldUse] = {}
    for line in lines:
        for use in (use for run in line.runs for use in run.folds):
            place = Place.of(use)
            if (place in line.folds or not line.complete) and (place not in uses or uses[place].n_train is None):
                uses[place] = use
    places = _whole_repeats(uses)
    chosen = [uses[place] for place in places]
    split = lines[0].run.problem.ingredients.get("split", {}) if lines else {}
    kind = split.get("kind", "single") if isinstance(split, dict) else "single"
    rows_test = [use.rows_test for use in chosen if use.rows_test is not None]
    design = Design(
        kind=kind,
        n_train=tuple(use.n_train or 0 for use in chosen),
        n_test=tuple(use.n_test or 0 for use in chosen),
        repeats=len({place[:2] for place in places}) or 1,
        rows_test=tuple(rows_test) if len(rows_test) == len(chosen) else (),
    )
    return design, places


def _whole_repeats(places: Collection[Place]) -> tuple[Place, ...]:
    """Return the places, in order, of the repeats that have all folds: an interrupted run may list a part of one."""
    count = Counter(place[:2] for place in places)
    most = max(count.values(), default=0)
    return tuple(place for place in sorted(places) if count[place[:2]] == most)


def _single(run: RunRecord, score: Score | None) -> Line:
    """Return the line of one run."""
    flags = tuple(dict.fromkeys(flag for use in run.folds for flag in use.flags))
    if score is None:
        return Line((run,), Estimate(value=None), {}, {}, complete=False, train_gap=None, flags=flags)
    told = {Place(*place): fold for place, fold in run.placed(score).items()}
    folds = {place: fold.value for place, fold in told.items() if fold.value is not None}
    train = {place: fold.train for place, fold in told.items() if fold.train is not None}
    value = score.estimate.value
    complete = run.completed_by(score)
    gap = None if value is None or not train else _mean(train.values()) - value
    return Line((run,), score.estimate, folds, train, complete, gap, (*score.flags, *flags))


def _averaged(lines: Sequence[Line], metric: MetricIdentity) -> Line:
    """Return the line of several seeds: everything in it is over the folds that all of them have.

    It has an interval only where one of the runs has: on a slice, the record of a run alone knows how many rows a fold
    holds, and said by that whether there may be one.
    """
    shared = set.intersection(*(set(line.folds) for line in lines))
    if not shared:
        return lines[0]
    flags = tuple(dict.fromkeys(flag for line in lines for flag in line.flags))
    runs = tuple(line.run for line in lines)
    line = Line(runs, lines[0].estimate, dict.fromkeys(shared, 0.0), {}, complete=True, train_gap=None, flags=flags)
    design, places = design_of([line])
    folds = {place: _mean(one.folds[place] for one in lines) for place in places}
    value = clipped(_mean(_score_over(one, places) for one in lines), metric.bounds)
    estimate = Estimate(value=value)
    if any(one.estimate.procedure for one in lines):
        estimate = interval(value, list(folds.values()), design, metric.bounds)
    train, gap = {}, None
    if all(place in one.train for one in lines for place in places):
        train = {place: _mean(one.train[place] for one in lines) for place in places}
        gap = _mean(train.values()) - value
    return replace(line, estimate=estimate, folds=folds, train=train, train_gap=gap)


def _score_over(line: Line, places: Sequence[Place]) -> float:
    """Return the score of a run over some of its folds: its estimate, moved as far as the mean of its fold scores.

    For a fold-mean that is the mean over these folds. A pooled score and one of pairs within folds lie beside the mean
    of their fold scores, by the jackknife's bias and by the unequal counts of pairs; that distance, which the record
    does not tell fold by fold, is kept as it is over all folds. Over all folds every score is the estimate itself.
    """
    value = 0.0 if line.estimate.value is None else line.estimate.value
    return value + (_mean(line.folds[place] for place in places) - _mean(line.folds.values()))


def clipped(value: float, bounds: tuple[float | None, float | None]) -> float:
    """Return the value, or the bound of the metric that it lies beyond."""
    smallest, largest = bounds
    value = value if smallest is None else max(value, smallest)
    return value if largest is None else min(value, largest)


def _mean(values: Iterable[float]) -> float:
    """Average at least one number."""
    numbers = list(values)
    return fsum(numbers) / len(numbers)


def _age(run: RunRecord) -> tuple[str, str]:
    """Order runs by start; the id settles equal times."""
    return run.started, run.run_id
