"""The leaderboard: which runs are comparable, one line a claim, a word against the leader, honest ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.exceptions import NotFoundError, nearest
from bancada.judgement._championed import championed
from bancada.judgement._differences import differing_folds, differing_metric, differing_problem
from bancada.judgement._documents import AgainstLeader, Incomparable, Leaderboard, LeaderboardRow
from bancada.judgement._kpis import kpi_columns, kpi_values
from bancada.judgement._labels import labels_of, params_of
from bancada.judgement._lines import claims_tried, design_of, lines_of
from bancada.judgement._words import Level, direction, margin_of, matrix, tell, told
from bancada.judgement.champions import champion_of
from bancada.scoring import pairwise, rank_intervals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bancada.judgement._lines import Line
    from bancada.records import EvaluationIdentity, MetricIdentity, ProblemIdentity, RunRecord
    from bancada.scoring import Design

__all__ = ["Field", "board_of", "leaderboard", "metric_named"]

_FEW_TESTED = "intervals are over rows, about these fitted models, and there are no words"
_ONE_SPLIT = (
    "one split: intervals are over its rows, about these fitted models; the variation of training was not measured"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Those who compete, sorted out: what a board is made of, wherever it was learnt from.

    Attributes:
        problem: The problem that all of them solved.
        evaluation: How it is judged.
        metric: The metric that orders the lines.
        lines: Lines to show: each candidate's best, or all.
        params: Parameters of all comparable runs by candidate, by which labels tell them apart.
        tried: K, the claims eligible for first place.
        incomparable: Runs that answered another question.
        champion: The champion that the newest run knew; None where it knew none.
    """

    problem: ProblemIdentity
    evaluation: EvaluationIdentity
    metric: MetricIdentity
    lines: Sequence[Line]
    params: Mapping[str, Sequence[dict[str, Any]]]
    tried: int
    incomparable: tuple[Incomparable, ...]
    champion: str | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    """What the board answers, and at which level."""

    problem: ProblemIdentity
    evaluation: EvaluationIdentity
    metric: MetricIdentity
    margin: float | None
    level: Level
    silence: str


def leaderboard(  # noqa: PLR0913 - keyword-only, each an option of the verb
    runs: Sequence[RunRecord],
    *,
    metric: str | None = None,
    top: int | None = 20,
    every_claim: bool = False,
    tried: int | None = None,
    reference: ProblemIdentity | None = None,
    evaluation: EvaluationIdentity | None = None,
    alpha: float = 0.05,
) -> Leaderboard:
    """Return the board of the runs that answered one question.

    Comparable are runs of the reference problem that were scored by the very metric, on folds of the newest one; the
    others are listed with the fields that differ. Explored runs count among the claims tried and have no line; runs on
    a part of the rows (`bancada try --quick`) are left out altogether. Each candidate shows its best claim; claims that
    differ in nothing but the seed are one line. Lines stand in the order of their values, after them the baseline,
    which has no rank, and last those that failed or lack a fold.

    Args:
        runs: Records of runs, in any order.
        metric: Name of the metric; by default the primary one.
        top: Ranked lines to show; None for all.
        every_claim: Show every claim instead of each candidate's best.
        tried: K, the claims eligible for first place; counted from the runs by default, and never fewer than the lines.
        reference: The problem; by default that of the newest run.
        evaluation: How it is judged; by default as the newest run of the problem was.
        alpha: Level of the whole family of K(K − 1)/2 pairs.

    Raises:
        NotFoundError: Where there is no run, or the metric is unknown.
    """
    if not runs:
        raise NotFoundError("A leaderboard shows runs.", "There is none yet.", "Run the candidates first.")
    newest_first = _newest_first(runs)
    # What was only explored decides neither the question nor how it is judged, unless there is nothing else.
    settled = sorted(newest_first, key=lambda run: run.status == "explored")
    problem = reference or settled[0].problem
    of_problem = [run for run in settled if run.problem.digest == problem.digest]
    judged = evaluation or (of_problem or settled)[0].evaluation
    wanted = judged.primary if metric is None else metric
    chosen = metric_named(wanted, [judged, *(run.evaluation for run in of_problem)])
    comparable, incomparable = _sorted_out(newest_first, problem, chosen)
    field = Field(
        problem=problem,
        evaluation=judged,
        metric=chosen,
        lines=_shown_lines(lines_of(comparable, chosen), chosen, every_claim=every_claim),
        params=params_of(comparable),
        tried=claims_tried(comparable, chosen.digest) if tried is None else tried,
        incomparable=incomparable,
        champion=champion_of(comparable),
    )
    return board_of(field, top=top, alpha=alpha)


def board_of(field: Field, *, top: int | None, alpha: float = 0.05) -> Leaderboard:
    """Return the board of those who compete.

    Args:
        field: Who they are.
        top: Ranked lines to show; None for all.
        alpha: Level of the whole family of K(K − 1)/2 pairs.
    """
    metric, lines = field.metric, field.lines
    ranked = _by_value([line for line in lines if line.eligible], metric)
    k = max(field.tried, len(ranked))
    primary = metric.name == field.evaluation.primary
    question = _Question(
        problem=field.problem,
        evaluation=field.evaluation,
        metric=metric,
        margin=margin_of(field.evaluation, metric),
        level=Level.of_pairs(alpha, k) if primary else Level(alpha, 1),
        silence="" if primary else f"`{metric.name}` is not the primary metric: interval not adjusted, no word",
    )
    ranks = _ranks(ranked, question, k)
    kept = ranked if top is None else ranked[:top]
    shown = [*kept, *_without_rank(lines, metric)]
    leader = ranked[0] if ranked else None
    labels = labels_of([line.run for line in shown], field.params)
    rows = tuple(_row(line, leader, ranks.get(line.run.run_id), labels[line.run.run_id], question) for line in shown)
    board = _document(question, rows, ranked or lines, k, len(ranked) - len(kept), field.incomparable)
    return championed(board, lines, metric, field.champion)


def _newest_first(runs: Sequence[RunRecord]) -> list[RunRecord]:
    """Return the runs of which a board is made, the newest first.

    Raises:
        NotFoundError: Every run used a part of the rows only.
    """
    whole = [run for run in runs if run.row_limit is None]
    if not whole:
        raise NotFoundError(
            "A leaderboard shows runs on all rows.",
            "There are only trials on a part of them.",
            "Run the candidates with `bancada run`.",
        )
    return sorted(whole, key=lambda run: (run.started, run.run_id), reverse=True)


def metric_named(name: str, evaluations: Iterable[EvaluationIdentity]) -> MetricIdentity:
    """Return the metric of that name in the first evaluation that has it.

    Raises:
        NotFoundError: Where none has.
    """
    known: dict[str, MetricIdentity] = {}
    for evaluation in evaluations:
        for metric in evaluation.metrics:
            known.setdefault(metric.name, metric)
    if name not in known:
        raise NotFoundError(
            "A board is of a metric by which runs were scored.",
            f"There is no metric `{name}` in the evaluation.",
            nearest(name, known),
        )
    return known[name]


def _sorted_out(
    runs: Sequence[RunRecord], problem: ProblemIdentity, metric: MetricIdentity
) -> tuple[list[RunRecord], tuple[Incomparable, ...]]:
    """Part the runs that answered the question from those that did not; the newest finished one sets the folds."""
    comparable: list[RunRecord] = []
    incomparable: list[Incomparable] = []
    standard: RunRecord | None = None
    for run in (run for run in runs if run.folds):
        differs = differing_problem(run.problem, problem) or differing_metric(run, metric)
        if not differs and standard is not None:
            differs = differing_folds(standard, run)
        if differs:
            incomparable.append(Incomparable(run_id=run.run_id, candidate=run.candidate, differs=differs))
            continue
        comparable.append(run)
        if standard is None and run.status == "done":
            standard = run
    return comparable, tuple(incomparable)


def _shown_lines(lines: Sequence[Line], metric: MetricIdentity, *, every_claim: bool) -> list[Line]:
    """Return each candidate's best line: eligible before incomplete before failed, then by value, then the newest."""
    if every_claim:
        return list(lines)
    best: dict[tuple[str, bool], Line] = {}
    for line in lines:
        place = (line.run.candidate, line.run.baseline)
        if place not in best or _merit(line, metric) > _merit(best[place], metric):
            best[place] = line
    return list(best.values())


def _merit(line: Line, metric: MetricIdentity) -> tuple[bool, bool, float]:
    """Return what makes a line the better one of a candidate's claims."""
    value = line.estimate.value
    if value is None:
        return False, False, 0.0
    return line.complete, True, value if metric.greater_is_better else -value


def _by_value(lines: Sequence[Line], metric: MetricIdentity) -> list[Line]:
    """Return lines in the metric's direction, ties by name; those without a value last."""

    def place(line: Line) -> tuple[bool, float, str, str]:
        value = line.estimate.value
        oriented = 0.0 if value is None else -value if metric.greater_is_better else value
        return value is None, oriented, line.run.candidate, line.run.run_id

    return sorted(lines, key=place)


def _without_rank(lines: Sequence[Line], metric: MetricIdentity) -> list[Line]:
    """Return the lines that may have no rank: the baseline, then those that failed or lack a fold."""
    others = [line for line in lines if not line.eligible]
    baselines = [line for line in others if line.run.baseline and line.complete]
    broken = [line for line in others if not (line.run.baseline and line.complete)]
    return [*_by_value(baselines, metric), *_by_value(broken, metric)]


def _ranks(ranked: Sequence[Line], question: _Question, k: int) -> dict[str, tuple[int, int]]:
    """Return each line's rank interval by run id; none where the metric carries no word."""
    if not ranked or question.silence:
        return {}
    scores, design, _ = matrix(ranked, question.metric)
    intervals = rank_intervals(pairwise(scores, design, k, question.margin, question.level.alpha))
    return {line.run.run_id: (int(low), int(high)) for line, (low, high) in zip(ranked, intervals, strict=True)}


def _row(
    line: Line, leader: Line | None, rank: tuple[int, int] | None, label: str, question: _Question
) -> LeaderboardRow:
    """Return one line as the document has it."""
    run = line.run
    failures = [f"{use.error.type}: {use.error.message}" for use in run.folds if use.error is not None]
    return LeaderboardRow(
        rank_low=rank[0] if rank else None,
        rank_high=rank[1] if rank else None,
        run_id=run.run_id,
        claim_id=run.claim_id,
        candidate=run.candidate,
        label=label,
        params=run.params,
        status=run.status,
        baseline=run.baseline,
        value=line.estimate.value,
        low=line.estimate.low,
        high=line.estimate.high,
        against_leader=_against(line, leader, question),
        train_gap=line.train_gap,
        n_folds=len(line.folds),
        runs=tuple(member.run_id for member in line.runs),
        seeds=tuple(member.seed for member in line.runs),
        flags=line.flags,
        evidence=line.evidence,
        error=failures[0] if failures else msgspec.UNSET,
        kpi=kpi_values(line, question.evaluation),
    )


def _against(line: Line, leader: Line | None, question: _Question) -> AgainstLeader | None:
    """Return the word on a line against the leader."""
    if leader is None or line is leader or line.estimate.value is None:
        return None
    found, design = tell(line, leader, question.metric, question.margin, question.level)
    spoken = told(found, line, leader, question.metric, question.level, design, silence=question.silence)
    return AgainstLeader(**spoken.fields())


def _document(
    question: _Question,
    rows: tuple[LeaderboardRow, ...],
    lines: Sequence[Line],
    tried: int,
    not_shown: int,
    incomparable: tuple[Incomparable, ...],
) -> Leaderboard:
    """Return the whole document."""
    design, places = design_of(lines)
    data = question.problem.dataset
    known = [line.run.provenance["n_sealed"] for line in lines if "n_sealed" in line.run.provenance]
    n_sealed = int(known[0]) if known else None
    return Leaderboard(
        problem=question.problem.name,
        metric=question.metric.name,
        direction=direction(question.metric),
        primary=not question.silence,
        problem_id=question.problem.digest,
        evaluation_id=question.evaluation.digest,
        dataset=data.name,
        version=data.version,
        n_rows=data.n_rows - (n_sealed or 0),
        n_sealed=msgspec.UNSET if n_sealed is None else n_sealed,
        kind=design.kind,
        folds=design.k,
        repeats=len({place.repeat for place in places}) or 1,
        procedure=design.procedure.name or _over_rows(lines),
        tried=tried,
        alpha=question.level.alpha,
        level=question.level.a,
        margin=question.margin,
        rows=rows,
        not_shown=not_shown,
        incomparable=incomparable,
        notes=(*_notes(question, design, lines), *_carried(rows, lines), *_opened(rows, lines)),
        kpi=kpi_columns(question.evaluation),
    )


def _opened(rows: Sequence[LeaderboardRow], lines: Sequence[Line]) -> tuple[str, ...]:
    """Say which lines are of candidates whose code has opened the file of the data itself."""
    shown = {row.run_id: row.label for row in rows}
    found = []
    for line in lines:
        opened = line.run.provenance.get("opened_data")
        if line.run.run_id in shown and isinstance(opened, list) and opened:
            files = ", ".join(f"`{path}`" for path in opened)
            found.append(f"`{shown[line.run.run_id]}` opened the data file itself ({files}): may have seen sealed rows")
    return tuple(found)


def _carried(rows: Sequence[LeaderboardRow], lines: Sequence[Line]) -> tuple[str, ...]:
    """Say which lines were carried from a board of earlier data, and how that one is seen."""
    shown = {row.run_id: row.label for row in rows}
    told: dict[str, list[str]] = {}
    for line in lines:
        origin = line.run.provenance.get("carried")
        if line.run.run_id in shown and isinstance(origin, dict) and {"version", "run_id"} <= origin.keys():
            told.setdefault(str(origin["version"]), []).append(
                f"`{shown[line.run.run_id]}` (r-{str(origin['run_id'])[:6]})"
            )
    return tuple(
        f"carried from version {version}: {', '.join(names)}; `bancada leaderboard --data {version}` shows that board"
        for version, names in told.items()
    )


def _over_rows(lines: Sequence[Line]) -> str:
    """Return the procedures over rows that made the intervals of one split; empty where there is none."""
    return ", ".join(dict.fromkeys(line.estimate.procedure for line in lines if line.estimate.procedure))


def _notes(question: _Question, design: Design, lines: Sequence[Line]) -> tuple[str, ...]:
    """Return what must be told beside the board."""
    notes = [question.silence] if question.silence else []
    if not design.procedure.name and _over_rows(lines):
        notes.append(_ONE_SPLIT if design.kind == "single" else f"{design.procedure.reason}: {_FEW_TESTED}")
    elif not design.procedure.name:
        notes.append(f"estimates only: {design.procedure.reason}")
    elif design.kind == "random" and design.repeats == 1:
        notes.append("one repeat: each interval is about twice as wide as needed")
    if question.margin is None and not question.silence:
        notes.append("no margin is declared: no two lines can be called equivalent")
    return tuple(notes)
