"""A trial as people see it: a line after each fold, then what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bancada import judgement
from bancada.definitions import Candidate
from bancada.display import Column, Figure, Table, count, delta, plain, score, seconds, short_id, to_html, to_text
from bancada.engine import Request
from bancada.exceptions import DefinitionError
from bancada.report._trial import TrialDocument, TrialFold, trial_document, trial_fold
from bancada.report._wording import SIGN_MEANS, arrow

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.engine import Binding, Plan, Workbench
    from bancada.judgement import Contest
    from bancada.judgement._contest import Standing

__all__ = ["QUICK_ROWS", "TrialBoard", "explore", "request_for"]

QUICK = "quick"
QUICK_ROWS = 10_000
_STATUS = {"known": "known already", "done": "done", "failed": "failed", "explored": "explored"}


def explore(
    bench: Workbench,
    plan: Plan,
    *,
    tick: Callable[[], None] | None = None,
    say: Callable[[list[str]], None] | None = None,
) -> TrialBoard:
    """Try the first claim of a plan against the leader, fold by fold, and tell after each how it stands.

    Args:
        bench: Workers over a store.
        plan: What to try.
        tick: Called now and then while a fold is computed.
        say: Receives lines of text as they come; they go nowhere by default.
    """
    binding, claim = plan.binding, plan.claims[0].claim
    told = say or list.clear
    trial = bench.trial(plan, tick)
    contest = judgement.Contest.of(bench, binding, trial)
    view = _View(binding, contest, claim.label)
    told(view.head())
    standings = []
    with trial:
        for standing in contest.follow():
            standings.append(standing)
            told([view.line(standing)])
        if claim.row_limit is not None:
            trial.stop(QUICK)
    bench.index.refresh(binding.problem.name)
    document = trial_document(trial.answer, trial.stopped_by, binding, contest, standings, claim.label)
    told(_end(document))
    return TrialBoard(document, interrupted=trial.interrupted)


def request_for(model: Any, name: str | None, frame: str) -> tuple[Request, tuple[str, ...]]:
    """Return what is asked for by a model, and the modules that a fresh interpreter must import for it.

    Raises:
        DefinitionError: It is neither an estimator nor a function under `@bc.candidate`.
    """
    if isinstance(model, Candidate):
        modules = ("sklearn",) if model.module == "__main__" else ("sklearn", model.module)
        return Request(name or model.name, model, model.resolve({}), frame), modules
    if isinstance(model, type) or not callable(getattr(model, "fit", None)):
        raise DefinitionError(
            "A model is an estimator with `fit`, or a function under `@bc.candidate`.",
            f"Found {model!r}.",
            "Construct it, as in `LogisticRegression()`, or decorate the function.",
        )
    return Request(name or type(model).__name__, model, {}, frame), ("sklearn",)


class _View:
    """What is shown of one trial.

    Args:
        binding: The problem with its data.
        contest: The candidate and the leader.
        label: Name of the candidate.
    """

    def __init__(self, binding: Binding, contest: Contest, label: str) -> None:
        self._binding = binding
        self._contest = contest
        self._label = plain(label)
        self._metric = binding.metrics[0].identity()

    def head(self) -> list[str]:
        """Return what stands above the lines: who is tried against whom, and the names of the columns."""
        direction = "higher" if self._metric.greater_is_better else "lower"
        leader = self._contest.leader
        about = f"{self._metric.name} {arrow(direction)} · {self._binding.problem.name}"
        if leader is None:
            return [f"{self._label} · {about}", f"{'fold':>7}  {'score':>8}  {'mean':>8}  took"]
        rival = f"{plain(leader.run.candidate)} ({short_id(leader.run.run_id)})"
        lines = [f"{self._label} against the leader {rival} · {about} · {count(leader.tried)} claims tried"]
        if leader.same == "claim":
            lines.append("Nothing differs: this claim is the leader, so that every difference is 0.")
        if leader.same == "seed":
            lines.append("This claim differs from the leader in the seed alone: the board averages the two.")
        return [
            *lines,
            f"{'fold':>7}  {'score':>8}  {'leader':>8}  {'Δ so far':>9}  {'rows':>11}  {'took':>6}  a verdict",
        ]

    def line(self, standing: Standing) -> str:
        """Return how the candidate stands after a fold, on one line."""
        fold, total = trial_fold(standing), self._contest.n_folds
        place = f"{standing.done}/{total}"
        took = "stored" if fold.cached else seconds(fold.seconds)
        if fold.error is not None:
            return f"{'failed':>7}  repeat {fold.repeat}, fold {fold.fold}: {plain(fold.error)}"
        if self._contest.leader is None:
            return f"{place:>7}  {score(fold.score):>8}  {score(standing.mean):>8}  {took}"
        return (
            f"{place:>7}  {score(fold.score):>8}  {score(fold.leader_score):>8}  {delta(fold.delta):>9}  "
            f"{_rows(fold):>11}  {took:>6}  {_forecast(standing, total)}"
        )


class TrialBoard:
    """A trial that has ended; it shows itself.

    Args:
        document: What became of it.
        interrupted: True where Ctrl-C ended it.
    """

    def __init__(self, document: TrialDocument, *, interrupted: bool = False) -> None:
        self.document = document
        self.interrupted = interrupted

    @property
    def delta(self) -> float | None:
        """Mean of the paired differences to the leader, oriented so that positive is better; None without any."""
        return self.document.delta

    @property
    def verdict(self) -> str | None:
        """What the board says of it; None unless every fold was done."""
        return None if self.document.verdict is None else self.document.verdict.verdict

    def __str__(self) -> str:
        """Return the trial as plain text."""
        return to_text(trial_table(self.document), width=None, color=False)

    def __repr__(self) -> str:
        """Return the trial as plain text: what a console shows."""
        return str(self)

    def _repr_html_(self) -> str:
        return to_html(trial_table(self.document))


def trial_table(document: TrialDocument) -> Table:
    """Return a trial as a table: a row for each fold, what became of it below."""
    leader = document.leader
    rival = "" if leader is None else f" against the leader {leader.candidate} ({short_id(leader.run_id)})"
    about = f"{document.metric} {arrow(document.direction)} · {document.problem}"
    rows = tuple(
        (
            f"{number}/{document.n_folds}",
            Figure(fold.score, score(fold.score)),
            Figure(fold.leader_score, score(fold.leader_score)),
            Figure(fold.delta, delta(fold.delta)),
            _rows(fold),
            fold.error or ("stored" if fold.cached else seconds(fold.seconds)),
        )
        for number, fold in enumerate(document.folds, 1)
    )
    return Table(
        columns=(
            Column("fold"),
            Column("score", "decimal"),
            Column("leader", "decimal"),
            Column("Δ so far", "decimal"),
            Column("rows"),
            Column("took"),
        ),
        rows=rows,
        caption=(f"{document.candidate}{rival} · {about} · {_STATUS[document.status]}",),
        notes=tuple(_end(document)),
    )


def _rows(fold: TrialFold) -> str:
    """Write the rows that were fixed and broken so far."""
    if fold.rows_fixed is None or fold.rows_broken is None:
        return "–"
    return f"+{count(fold.rows_fixed)} −{count(fold.rows_broken)}"


def _forecast(standing: Standing, total: int) -> str:
    """Say how many folds a verdict would still need, were the differences to go on like this."""
    if standing.done == total:
        return "below"
    if standing.needed is None:
        return f"open: {standing.open}" if standing.open else "–"
    more = standing.needed - standing.done
    if more <= 0:
        return f"“{standing.word}” if it stays so"
    return f"“{standing.word}” after {more} more fold{'s' if more > 1 else ''}, if it stays so"


def _end(document: TrialDocument) -> list[str]:
    run, name = short_id(document.run_id), plain(document.candidate)
    done = sum(fold.error is None for fold in document.folds)
    left = document.n_folds - done
    explored = f"Recorded as {run}, explored at fold {done}; it counts among the claims tried."
    go_on = f"`bancada run {name}` takes these folds and computes the other {left}."
    if document.row_limit is not None:
        rows = f"Quick: one fold on {count(document.n_rows)} rows, training and test together."
        return [rows, f"This score is on no board, is compared with nothing and does not count. Recorded as {run}."]
    if document.status == "failed":
        return [f"Fold {done + 1} failed, so that the trial ended. Recorded as {run}."]
    if document.stopped_by == "rule":
        return [
            f"Stopped after fold {done} by the budget rule: it trails on these folds. This is no verdict.",
            explored,
            go_on,
        ]
    if document.status == "explored":
        return [f"Interrupted after fold {done}: what was finished is kept.", explored, go_on]
    return _complete(document, run)


def _complete(document: TrialDocument, run: str) -> list[str]:
    lines = []
    if document.rows_fixed is not None and document.rows_broken is not None:
        fixed, broken = count(document.rows_fixed), count(document.rows_broken)
        lines.append(f"Rows that the leader has wrong and this one right: {fixed}; the reverse: {broken}.")
    if document.verdict is not None:
        settle = document.verdict.settle
        open_still = [] if settle is None else [f"To settle it, if the difference stays as it is: {settle}, in all."]
        lines = [document.verdict.sentence, *open_still, *lines]
        lines += [SIGN_MEANS] if document.direction == "lower" else []
    elif document.leader is None:
        lines.append("Nobody leads yet, so there is nothing to compare with: `bancada run` scores every candidate.")
    known = "known already" if document.status == "known" else "recorded"
    lines.append(f"Every fold is done, {known} as {run}: `bancada leaderboard` shows it.")
    return lines
