"""From runs to the lines of a board: one per claim, the seeds of a claim averaged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING

from bancada.identity import canonical_json
from bancada.records import Estimate, Evidence
from bancada.scoring import Design, interval

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bancada.records import FoldUse, MetricIdentity, RunRecord, Score

__all__ = ["Line", "claim_key", "claims_tried", "design_of", "line_of", "lines_of", "score_of"]

_GRADES = ("incomplete", "complete", "reproduced")


@dataclass(frozen=True, slots=True)
class Line:
    """A claim as the board sees it.

    Attributes:
        runs: The runs behind it, newest first: one, or one for each seed.
        estimate: Score and interval.
        folds: Defined fold scores in the metric's own direction, by repeat and fold, averaged over the runs.
        complete: True where every fold that was asked for has a score: only then it is compared.
        train_gap: Mean score on training rows − score; None where not kept.
        flags: What must be told beside the score.
    """

    runs: tuple[RunRecord, ...]
    estimate: Estimate
    folds: dict[tuple[int, int], float]
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


def claim_key(run: RunRecord) -> bytes:
    """Return what claims share that differ in nothing but the seed."""
    if "seed" not in run.claim:
        return run.claim_id.encode()
    return canonical_json({name: value for name, value in run.claim.items() if name != "seed"})


def score_of(run: RunRecord, metric_id: str, slice_name: str | None = None) -> Score | None:
    """Return the run's score by a metric on a slice; the last where there are several."""
    found = [score for score in run.scores if score.metric_id == metric_id and score.slice == slice_name]
    return found[-1] if found else None


def claims_tried(runs: Iterable[RunRecord], metric_id: str) -> int:
    """Return K: how many claims were eligible for first place by a metric.

    Every parameter set that has a fold score counts, discarded and explored ones included; baselines and failed ones do
    not; claims that differ in nothing but the seed count once.
    """
    keys = set()
    for run in runs:
        score = score_of(run, metric_id)
        if run.baseline or run.status == "failed" or score is None:
            continue
        if any(fold.value is not None for fold in score.folds):
            keys.add(claim_key(run))
    return len(keys)


def lines_of(runs: Iterable[RunRecord], metric: MetricIdentity) -> tuple[Line, ...]:
    """Return a line for each claim: its newest complete run, or else its newest; its seeds averaged."""
    groups: dict[bytes, list[RunRecord]] = {}
    for run in sorted(runs, key=_age, reverse=True):
        groups.setdefault(claim_key(run), []).append(run)
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
        line = _single(run, score_of(run, metric.digest, slice_name))
        known = newest.get(run.claim_id)
        if known is None or (line.complete and not known.complete):
            newest[run.claim_id] = line
    lines = list(newest.values())
    complete = [line for line in lines if line.complete]
    if len(complete) <= 1:
        return complete[0] if complete else lines[0]
    return _averaged(complete, metric)


def design_of(lines: Sequence[Line]) -> tuple[Design, tuple[tuple[int, int], ...]]:
    """Return the design of all repeats that the lines have, and its folds in order.

    A line without a score for each fold counts with the folds that were asked for.
    """
    uses: dict[tuple[int, int], FoldUse] = {}
    for line in lines:
        for use in (use for run in line.runs for use in run.folds):
            place = (use.repeat, use.fold)
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
        repeats=len({repeat for repeat, _ in places}) or 1,
        rows_test=tuple(rows_test) if len(rows_test) == len(chosen) else (),
    )
    return design, places


def _whole_repeats(places: Collection[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the places, in order, of the repeats that have all folds: an interrupted run may list a part of one."""
    count = Counter(repeat for repeat, _ in places)
    most = max(count.values(), default=0)
    return tuple(place for place in sorted(places) if count[place[0]] == most)


def _single(run: RunRecord, score: Score | None) -> Line:
    """Return the line of one run."""
    flags = tuple(dict.fromkeys(flag for use in run.folds for flag in use.flags))
    if score is None:
        return Line((run,), Estimate(value=None), {}, complete=False, train_gap=None, flags=flags)
    folds = {(fold.repeat, fold.fold): fold.value for fold in score.folds if fold.value is not None}
    asked = {(use.repeat, use.fold) for use in run.folds}
    complete = run.status == "done" and score.estimate.value is not None and bool(asked) and asked == set(folds)
    train = [fold.train for fold in score.folds if fold.train is not None]
    gap = None
    if train and score.estimate.value is not None:
        gap = fsum(train) / len(train) - score.estimate.value
    return Line((run,), score.estimate, folds, complete, gap, (*score.flags, *flags))


def _averaged(lines: Sequence[Line], metric: MetricIdentity) -> Line:
    """Return the line of several seeds: fold scores averaged over the folds that all of them have."""
    shared = set.intersection(*(set(line.folds) for line in lines))
    runs = tuple(line.run for line in lines)
    folds = {place: fsum(line.folds[place] for line in lines) / len(lines) for place in sorted(shared)}
    if not folds:
        return lines[0]
    values = [line.estimate.value for line in lines if line.estimate.value is not None]
    gaps = [line.train_gap for line in lines if line.train_gap is not None]
    flags = tuple(dict.fromkeys(flag for line in lines for flag in line.flags))
    gap = fsum(gaps) / len(gaps) if gaps else None
    line = Line(runs, lines[0].estimate, folds, complete=True, train_gap=gap, flags=flags)
    design, places = design_of([line])
    estimate = interval(fsum(values) / len(values), [folds[place] for place in places], design, metric.bounds)
    return replace(line, estimate=estimate)


def _age(run: RunRecord) -> tuple[str, str]:
    """Order runs by start; the id settles equal times."""
    return run.started, run.run_id
