"""From two runs to what accounts for their difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import msgspec

from bancada.engine.data import find_data
from bancada.exceptions import BancadaError, UsageError
from bancada.executors import usable_cores
from bancada.reproduction._collecting import collect, refuse_unfinished
from bancada.reproduction._fresh import fresh_folder
from bancada.reproduction._interpreters import Interpreters
from bancada.reproduction._launching import Runner
from bancada.reproduction._laying import Place, lay_out
from bancada.reproduction._listening import Silence
from bancada.reproduction._reproduce import room
from bancada.reproduction.differing import Explanation
from bancada.reproduction.explaining._effects import Folds, Values, effect, remainder, total
from bancada.reproduction.explaining._exchanging import DATA, Exchanged, exchanged, ingredients, own

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from bancada.definitions import Project
    from bancada.engine.runner import Result
    from bancada.records import FoldError, MetricIdentity, RunRecord
    from bancada.reproduction._collecting import Collected
    from bancada.reproduction._listening import Listener
    from bancada.reproduction.differing import Diff, Effect
    from bancada.store import Store

__all__ = ["Explainer"]

SLOWER = 20.0
LEAST_S = 600.0
HERE = "this machine"
MOST_NAMED = 3


class _NotComputed(Exception):  # noqa: N818 - what happened; it becomes a reason
    """An exchange that gave no scores; its text says why."""


class Explainer:
    """Computes a run with one ingredient of another at a time; a context, at whose end what was rebuilt is removed.

    Args:
        project: Where data are looked for.
        store: Where both runs are; nothing of it is changed.
        environ: Environment variables of this process; few of them reach the runs' code.
        listener: Who is told.
        current: True to compute everything by this interpreter with its packages, which then are not exchanged.
    """

    def __init__(
        self,
        project: Project,
        store: Store,
        environ: Mapping[str, str],
        listener: Listener | None = None,
        *,
        current: bool = False,
    ) -> None:
        self._current = current
        self._project = project
        self._store = store
        self._environ = environ
        self._listener: Listener = Silence() if listener is None else listener
        self._interpreters = Interpreters(store, environ)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was rebuilt."""
        self._interpreters.close()

    def explain(self, document: Diff, a: RunRecord, b: RunRecord) -> Explanation:
        """Return what accounts for the difference of two runs.

        The whole difference is that of the recorded scores. Each single effect is A with one ingredient of B less A,
        both computed here. Where A comes out otherwise than it was recorded, that is an effect of its own. What is left
        is the interaction, and what could not be tried.

        Whoever calls this has asked whether the code of both may execute.

        Args:
            document: In what they differ.
            a: The one before.
            b: The one after.

        Raises:
            StoreError: The disk takes no more.
            UsageError: One is not finished, they share no metric, or A cannot be computed here.
        """
        for run in (a, b):
            refuse_unfinished(run)
        with room():
            return self._explain(document, a, b)

    def _explain(self, document: Diff, a: RunRecord, b: RunRecord) -> Explanation:
        metric = _metric(a, b)
        before, after = _recorded(a, metric), _recorded(b, metric)
        folds = Folds.of(a)
        same_rows = {use.place for use in a.folds} == {use.place for use in b.folds}
        current = ("environment",) if self._current else ()
        ours, theirs = (collect(run, self._store, current) for run in (a, b))
        wanted, refused = ingredients(document, ours, theirs, current=self._current)
        whole = total(before, after, folds, same_rows=same_rows)
        if len(wanted) == 1 and not refused:
            alone = msgspec.structs.replace(whole, ingredient=wanted[0], note="nothing else differs")
            return _explanation(metric, folds, (alone,), refused, whole, None)
        if not wanted:
            return _explanation(metric, folds, (), refused, whole, None)
        base = self._base(ours, metric)
        effects: list[Effect] = []
        singles: list[tuple[Values, Values]] = []
        if any(abs(base.get(place, before[place]) - before[place]) > 0 for place in before):
            effects.append(effect(HERE, before, base, folds, "A itself came out otherwise than it was recorded"))
            singles.append((before, base))
        for name in wanted:
            try:
                found = self._computed(exchanged(name, ours, theirs), theirs, metric, name)
            except _NotComputed as reason:
                refused[name] = str(reason)
                continue
            effects.append(effect(name, base, found, folds, same_rows=same_rows or name != DATA))
            singles.append((base, found))
        left = remainder(before, after, singles, folds, same_rows=same_rows)
        return _explanation(metric, folds, tuple(effects), refused, whole, left)

    def _base(self, ours: Collected, metric: MetricIdentity) -> Values:
        try:
            return self._computed(own(ours), ours, metric, "A as it was")
        except _NotComputed as reason:
            raise UsageError(
                "What accounts for a difference is found by computing A with one ingredient of B at a time.",
                f"A, run `r-{ours.run.run_id[:6]}`, could not be computed here: {reason}",
                f"`bancada reproduce r-{ours.run.run_id[:6]}` says more; `--with-current-environment` may do.",
            ) from None

    def _computed(self, what: Exchanged, giver: Collected, metric: MetricIdentity, name: str) -> Values:
        """Return the score of each fold.

        Raises:
            _NotComputed: It cannot be had, or fails.
        """
        missing = tuple(dict.fromkeys((*what.collected.missing, *giver.missing)))
        if missing:
            raise _NotComputed(_listed(missing))
        self._listener.step(f"computing A with the {name} of B" if what.collected.run is not giver.run else name)
        try:
            result = self._result(what)
        except BancadaError as error:
            raise _NotComputed(error.found) from None
        if result.error is not None:
            raise _NotComputed(_in_a_line(result.error))
        for fold in result.folds:
            if fold.error is not None:
                where = f"repeat {fold.repeat}, fold {fold.fold}"
                raise _NotComputed(f"{where} failed: {_in_a_line(fold.error)}")
        return _scored(result, metric)

    def _result(self, what: Exchanged) -> Result:
        run = what.collected.run
        data = find_data(what.data, self._project, self._store, self._project.cache)
        if data.missing or data.path is None or data.recipe is None:
            raise _NotComputed(_listed(data.missing))
        with fresh_folder() as folder:
            place = Place(folder=folder, recipe=data.recipe, table=data.path, data_root=self._project.root)
            job = lay_out(what.collected, self._store, place, self._workers(run))
            python = self._python(what.environment)
            spent = sum((use.fit_s or 0.0) + (use.predict_s or 0.0) for use in run.folds)
            runner = Runner(python, self._environ, current=self._current, timeout_s=max(LEAST_S, SLOWER * spent))
            return runner.run(job, _threads(run), self._listener)

    def _python(self, run: RunRecord) -> Path:
        if self._current:
            return self._interpreters.present
        if not self._interpreters.known(run):
            self._listener.step("rebuilding the environment")
        return self._interpreters.of(run)

    def _workers(self, run: RunRecord) -> int:
        recorded = run.provenance.get("workers")
        wanted = recorded if isinstance(recorded, int) and recorded > 0 else 1
        return max(1, min(wanted, usable_cores() // (_threads(run) or 1), len(run.folds)))


def _explanation(
    metric: MetricIdentity,
    folds: Folds,
    effects: tuple[Effect, ...],
    refused: dict[str, str],
    whole: Effect,
    left: Effect | None,
) -> Explanation:
    return Explanation(
        metric=metric.name,
        greater_is_better=metric.greater_is_better,
        procedure=folds.design.procedure.name,
        n_folds=len(folds.places),
        effects=effects,
        not_tried=refused,
        total=whole,
        interaction=left,
    )


def _metric(a: RunRecord, b: RunRecord) -> MetricIdentity:
    """Return the primary metric of A, which B must have as well."""
    chosen = a.evaluation.metrics[0]
    if b.score_by(chosen.digest) is None or a.score_by(chosen.digest) is None:
        raise UsageError(
            "A difference is explained by a metric that both runs have.",
            f"A has `{chosen.name}`, and B has no score by that very metric.",
            "Run both under one evaluation: stored predictions are scored again, and nothing is fitted.",
        )
    return chosen


def _recorded(run: RunRecord, metric: MetricIdentity) -> Values:
    score = run.score_by(metric.digest)
    folds = () if score is None else score.folds
    return {(fold.repeat, fold.fold): fold.value for fold in folds if fold.value is not None}


def _scored(result: Result, metric: MetricIdentity) -> Values:
    for score in result.scores:
        if score.slice is None and metric.digest == score.metric_id:
            return {(repeat, fold): value for repeat, fold, value in score.folds if value is not None}
    raise _NotComputed(f"it has no score by `{metric.name}`")


def _threads(run: RunRecord) -> int | None:
    recorded = run.provenance.get("threads")
    return recorded if isinstance(recorded, int) and recorded > 0 else None


def _in_a_line(error: FoldError) -> str:
    # A bare `assert` says nothing but its type.
    said = error.message.strip()
    return f"{error.type}: {said.splitlines()[0]}" if said else error.type


def _listed(missing: tuple[str, ...]) -> str:
    more = f", and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
    return "; ".join(missing[:MOST_NAMED]) + more
