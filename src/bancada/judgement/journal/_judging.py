"""From an interval to the word: supported, refuted, inconclusive (STATISTICS §7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bancada.judgement._differences import differing_folds, differing_problem
from bancada.judgement._lines import design_of, line_of
from bancada.judgement._words import Level, tell, told
from bancada.judgement.journal._documents import RunOutcome
from bancada.scoring import interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bancada.judgement._lines import Line
    from bancada.judgement.journal._hypothesis import Hypothesis
    from bancada.records import MetricIdentity, RunRecord
    from bancada.store import StoredRun

__all__ = ["decide", "outcome_of", "together"]

SUPPORTED, REFUTED, INCONCLUSIVE = "supported", "refuted", "inconclusive"
_PROBLEM_ALPHA = 0.05


def decide(operator: str, bound: float, low: float, high: float) -> str:
    """Decide by the interval (low, high): for `> c` supported iff low > c, refuted iff high ≤ c, else inconclusive.

    Args:
        operator: `>`, `>=`, `<` or `<=`.
        bound: c.
        low: Lower end of the interval.
        high: Upper end.

    Examples:
        >>> decide(">", 0.8, 0.81, 0.85), decide(">", 0.8, 0.75, 0.8), decide("<", 0.8, 0.75, 0.81)
        ('supported', 'refuted', 'inconclusive')
    """
    holds, fails = {
        ">": (low > bound, high <= bound),
        ">=": (low >= bound, high < bound),
        "<": (high < bound, low >= bound),
        "<=": (high <= bound, low > bound),
    }[operator]
    return SUPPORTED if holds else REFUTED if fails else INCONCLUSIVE


def together(hypothesis: Hypothesis, runs: Sequence[RunOutcome]) -> tuple[str, str]:
    """Return what came of the runs of an invocation, and why where no run tells it: at least one does it.

    Args:
        hypothesis: What was expected.
        runs: What became of each run that is there.
    """
    words = [run.outcome for run in runs]
    if SUPPORTED in words:
        return SUPPORTED, ""
    if len(words) < hypothesis.claims:
        return INCONCLUSIVE, f"{len(words)} of {hypothesis.claims} runs are there"
    return (REFUTED if set(words) == {REFUTED} else INCONCLUSIVE), ""


def outcome_of(hypothesis: Hypothesis, stored: StoredRun, champions: Sequence[StoredRun]) -> RunOutcome:
    """Return what became of an expectation in one run.

    Args:
        hypothesis: What was expected.
        stored: The run.
        champions: The runs of the reference that are there.
    """
    run = _with_score(stored, hypothesis)
    metric = _metric(stored, hypothesis)
    if metric is None or run is None:
        return _silent(stored.record, None, _unscored(stored.record, hypothesis))
    line = line_of([run], metric, hypothesis.slice)
    if not line.complete:
        return _silent(run, line.estimate.value, _incomplete(run))
    if hypothesis.reference is None:
        return _by_itself(hypothesis, line, metric)
    others = [found for one in champions if (found := _with_score(one, hypothesis)) is not None]
    if len(others) < len(hypothesis.reference.runs):
        return _silent(run, line.estimate.value, "the champion's scores are not in the store")
    return _against(hypothesis, line, line_of(others, metric, hypothesis.slice), metric)


def _by_itself(hypothesis: Hypothesis, line: Line, metric: MetricIdentity) -> RunOutcome:
    """Hold a score against a number."""
    value = line.estimate.value
    assert value is not None  # noqa: S101 - a complete line has one; this tells the type checker
    estimate = line.estimate
    design, places = design_of([line])
    if not estimate.procedure:
        few = "its fold scores do not vary, or its rows are too few"
        over_rows = "on one split it is over rows, and these are too few or do not vary"
        reason = over_rows if design.kind == "single" else design.procedure.reason or few
        return _silent(line.run, value, f"no interval: {reason}")
    if hypothesis.level != _PROBLEM_ALPHA:
        # Over one run the interval is the one that every view shows.
        estimate = interval(value, [line.folds[place] for place in places], design, metric.bounds, hypothesis.level)
    if estimate.low is None or estimate.high is None:
        # That of one split is over rows, which a reader of fold scores has not.
        return _silent(line.run, value, f"no interval at this level, only at 95 %: {line.estimate.procedure}")
    return RunOutcome(
        run_id=line.run.run_id,
        candidate=line.run.candidate,
        params=line.run.params,
        outcome=decide(hypothesis.operator, hypothesis.bound, estimate.low, estimate.high),
        value=value,
        low=estimate.low,
        high=estimate.high,
        procedure=estimate.procedure,
        note="" if design.procedure.name else "about this fitted model, not about training it again",
    )


def _against(hypothesis: Hypothesis, line: Line, champion: Line, metric: MetricIdentity) -> RunOutcome:
    """Hold a score against a champion's, fold by fold."""
    run, value = line.run, line.estimate.value
    fields = differing_problem(run.problem, champion.run.problem) or differing_folds(champion.run, run)
    if fields:
        names = ", ".join(f"`{field}`" for field in fields)
        return _silent(run, value, f"it cannot be held against the champion: they differ in {names}")
    level = Level(hypothesis.level, 1)
    found, design = tell(line, champion, metric, None, level)
    spoken = told(found, line, champion, metric, level, design)
    low, high, delta = spoken.low, spoken.high, spoken.delta
    if not metric.greater_is_better:
        # Verdicts are oriented so that positive is better; an expectation is in the metric's own direction.
        low, high = (None if high is None else -high), (None if low is None else -low)
        delta = None if delta is None else 0.0 - delta
    if low is None or high is None or not (line.estimate.procedure or champion.estimate.procedure):
        reason = spoken.note or "every fold shows the same difference"
        return _silent(run, value, f"no interval: {reason}", delta)
    return RunOutcome(
        run_id=run.run_id,
        candidate=run.candidate,
        params=run.params,
        outcome=decide(hypothesis.operator, hypothesis.bound, low, high),
        value=value,
        delta=delta,
        low=low,
        high=high,
        procedure=spoken.procedure,
    )


def _with_score(stored: StoredRun, hypothesis: Hypothesis) -> RunRecord | None:
    """Return a run with no score but the one that is meant: of this metric, and of these very rows.

    A metric or a slice that was redefined since under its name has another digest, and is not asked.
    """
    key = hypothesis.metric_id, hypothesis.slice_id
    found = [score for score in (*stored.record.scores, *stored.scored().scores) if score.key == key]
    return msgspec.structs.replace(stored.record, scores=(found[-1],)) if found else None


def _metric(stored: StoredRun, hypothesis: Hypothesis) -> MetricIdentity | None:
    """Return the metric as the run's evaluation knows it, the first or a later one."""
    known = (*stored.record.evaluation.metrics, *stored.scored().evaluation.metrics)
    return next((metric for metric in known if metric.digest == hypothesis.metric_id), None)


def _silent(run: RunRecord, value: float | None, note: str, delta: float | None = None) -> RunOutcome:
    return RunOutcome(
        run_id=run.run_id,
        candidate=run.candidate,
        params=run.params,
        outcome=INCONCLUSIVE,
        value=value,
        delta=delta,
        note=note,
    )


def _incomplete(run: RunRecord) -> str:
    words = {"failed": "it failed", "interrupted": "it was interrupted", "explored": "its trial ended early"}
    return words.get(run.status, "a fold is failed or undefined")


def _unscored(run: RunRecord, hypothesis: Hypothesis) -> str:
    about = "" if hypothesis.slice is None else f" where {hypothesis.slice}"
    return _incomplete(run) if run.status != "done" else f"it has no score by `{hypothesis.metric}`{about}"
