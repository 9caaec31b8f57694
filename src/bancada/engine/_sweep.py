"""The sweep: folds to workers, results to records, until every claim has its answer."""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from bancada.engine._jobs import FoldJob, FoldResult
from bancada.engine._labels import claim_labels
from bancada.engine._queue import FoldQueue
from bancada.engine._recording import Ended, run_record, utc_now
from bancada.engine._writing import RunWriter
from bancada.exceptions import StoreError, WorkerLost
from bancada.provenance import mask_secrets
from bancada.records import FoldError, FoldUse, RunRecord
from bancada.store import random_name

if TYPE_CHECKING:
    from bancada.contracts import Executor
    from bancada.engine._listening import SweepListener
    from bancada.engine._plan import ClaimPlan, Plan, PlannedFold
    from bancada.engine._recording import Surroundings
    from bancada.engine._scoring import RunScorer
    from bancada.store import Store

__all__ = ["Answer", "Sweep"]

QUEUED_PER_WORKER = 3
TICK_S = 0.5
HOPELESS = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one claim.

    Attributes:
        record: The run that answers it: a new one, or the known one.
        status: `done`, `known`, `failed` or `interrupted`.
        cached: (repeat, fold) of the folds that were taken from the store by this invocation.
    """

    record: RunRecord
    status: str
    cached: frozenset[tuple[int, int]] = frozenset()


@dataclass(slots=True)
class _Open:
    """A run under way."""

    item: ClaimPlan
    label: str
    run_id: str
    started: str
    clock: float
    uses: dict[tuple[int, int], FoldUse] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    cancelled: bool = False

    @property
    def complete(self) -> bool:
        return len(self.uses) == len(self.item.folds)

    @property
    def hopeless(self) -> bool:
        """True after the first folds have all failed."""
        return len(self.uses) >= HOPELESS and all(use.content is None for use in self.uses.values())


class Sweep:
    """Carries out one plan.

    Args:
        plan: What to do.
        executor: Where folds run; it must be started with the plan's session.
        store: Where everything is kept.
        scorer: Scores finished runs.
        surroundings: Where this happens.
        listener: Who is told.
        timeout_s: Limit for one fold, in seconds; None for no limit.
    """

    def __init__(
        self,
        plan: Plan,
        executor: Executor,
        store: Store,
        scorer: RunScorer,
        surroundings: Surroundings,
        listener: SweepListener,
        timeout_s: float | None = None,
    ) -> None:
        self.plan = plan
        self.executor = executor
        self.store = store
        self.scorer = scorer
        self.surroundings = surroundings
        self.listener = listener
        self.timeout_s = timeout_s
        self.interrupted = False
        self._open: dict[int, _Open] = {}
        self._answers: dict[int, Answer] = {}
        self._running: dict[Future[bytes], tuple[int, PlannedFold]] = {}
        self._labels = claim_labels([item.claim for item in plan.claims])
        self._writer = RunWriter(store)

    def run(self) -> tuple[Answer, ...]:
        """Carry the plan out.

        Returns:
            An answer per claim that was begun, in the order asked for; after Ctrl-C `interrupted` is True.
        """
        self.listener.planned(self.plan.n_folds, self.plan.n_known, len(self.plan.claims))
        queue = FoldQueue((number, item.missing) for number, item in enumerate(self.plan.claims))
        try:
            self._take_known()
            self._work(queue)
        except KeyboardInterrupt:
            self.interrupted = True
            self.executor.shutdown(cancel=True)
            self._close_open()
        except BaseException:
            self.executor.shutdown(cancel=True)
            self._close_open()
            raise
        finally:
            self._writer.close()
            self.listener.close()
        return tuple(self._answers[number] for number in sorted(self._answers))

    def _take_known(self) -> None:
        for number, item in enumerate(self.plan.claims):
            if item.known is not None:
                everything = frozenset((fold.repeat.number, fold.fold) for fold in item.folds)
                self._answers[number] = Answer(item.known, "known", everything)
                for repeat, fold in sorted(everything):
                    self.listener.fold(self._labels[number], repeat, fold, "done", 0.0, cached=True)
                self.listener.run(self._labels[number], "known", _primary(item.known))
            elif not item.missing:
                self._begin(number)

    def _work(self, queue: FoldQueue) -> None:
        room = self.executor.workers * QUEUED_PER_WORKER
        while True:
            while len(self._running) < room and (following := queue.next()) is not None:
                self._submit(*following)
            if not self._running:
                return
            done, _ = wait(self._running, timeout=TICK_S, return_when=FIRST_COMPLETED)
            if not done:
                self.listener.tick()
            for future in done:
                number, fold = self._running.pop(future)
                self._take(number, fold, _result(future))
                run = self._open.get(number)
                if run is None:
                    continue
                if run.hopeless:
                    self._cancel(run, queue.drop(number))
                use = run.uses[fold.repeat.number, fold.fold]
                queue.took(number, (use.fit_s or 0.0) + (use.predict_s or 0.0))
                if run.complete:
                    self._finish(number)

    def _submit(self, number: int, fold: PlannedFold) -> None:
        run = self._open[number] if number in self._open else self._begin(number)
        item = run.item.claim
        job = FoldJob(
            problem=self.plan.binding.problem.name,
            run_id=run.run_id,
            spec=item.spec,
            params=item.params,
            frame=item.frame,
            seed=item.seed,
            repeat=fold.repeat.number,
            fold=fold.fold,
            key=fold.key,
            ingredients=item.fold_ingredients(fold.repeat, fold.fold),
        )
        future = self.executor.submit(msgspec.msgpack.encode(job), self.timeout_s)
        self._running[future] = (number, fold)

    def _begin(self, number: int) -> _Open:
        """Begin a run, with the folds that are stored already; finish it where none is missing."""
        item = self.plan.claims[number]
        run = _Open(item, self._labels[number], random_name(), utc_now(), time.perf_counter())
        self._open[number] = run
        claim = item.claim
        self._write(
            run,
            {
                "event": "begin",
                "run_id": run.run_id,
                "claim_id": claim.claim_id,
                "candidate": claim.label,
                "params": claim.recorded,
                "seed": claim.seed,
                "started": run.started,
                "folds": len(item.folds),
            },
        )
        for fold in item.folds:
            if fold.record is not None:
                kept = fold.record
                run.outside.update(kept.outside)
                use = self._use(fold, kept.content, fit_s=kept.fit_s, predict_s=kept.predict_s, flags=kept.flags)
                self._note(run, fold, msgspec.structs.replace(use, cached=True))
        if run.complete:
            self._finish(number)
        return run

    def _take(self, number: int, fold: PlannedFold, result: FoldResult) -> None:
        run = self._open[number]
        run.outside.update(result.outside)
        run.notes.update(result.notes)
        use = self._use(
            fold,
            result.content,
            fit_s=result.fit_s,
            predict_s=result.predict_s,
            flags=result.flags,
            error=result.error,
        )
        self._note(run, fold, use)

    def _use(self, fold: PlannedFold, content: str | None, **rest: Any) -> FoldUse:
        size = fold.repeat.sizes[fold.fold]
        return FoldUse(
            repeat=fold.repeat.number,
            fold=fold.fold,
            key=fold.key,
            status="failed" if content is None else "done",
            content=content,
            n_train=size.n_train,
            n_test=size.n_test,
            rows_test=size.rows_test,
            split=fold.repeat.digest,
            **rest,
        )

    def _note(self, run: _Open, fold: PlannedFold, use: FoldUse) -> None:
        self._write(run, {"event": "fold", **msgspec.to_builtins(use)})
        run.uses[fold.repeat.number, fold.fold] = use
        seconds = (use.fit_s or 0.0) + (use.predict_s or 0.0)
        status = use.status if use.error is None else f"{use.status}: {use.error.type}"
        self.listener.fold(run.label, use.repeat, use.fold, status, seconds, cached=use.cached)

    def _cancel(self, run: _Open, folds: tuple[PlannedFold, ...]) -> None:
        error = FoldError(kind="cancelled", type="Cancelled", message=f"The first {HOPELESS} folds failed.")
        for fold in folds:
            self._note(run, fold, self._use(fold, None, error=error))

    def _finish(self, number: int) -> None:
        run = self._open.pop(number)
        failed = any(use.content is None for use in run.uses.values())
        self._answers[number] = self._record(run, "failed" if failed else "done")

    def _close_open(self) -> None:
        for number in sorted(self._open):
            self._answers[number] = self._record(self._open.pop(number), "interrupted")

    def _record(self, run: _Open, status: str) -> Answer:
        uses = tuple(run.uses[where] for where in sorted(run.uses))
        unstable = [use for use in uses if use.content is not None and self.store.folds.contradicted(use.key)]
        ended = Ended(
            run_id=run.run_id,
            started=run.started,
            seconds=time.perf_counter() - run.clock,
            status=status,
            uses=uses,
            scores=() if status == "interrupted" else self.scorer.scores(uses),
            outside=frozenset(run.outside),
            notes=frozenset(run.notes),
            unstable=len(unstable),
        )
        record = run_record(run.item.claim, self.plan.binding, self.surroundings, self.store, ended)
        self._writer.write(record)
        self.listener.run(run.label, status, _primary(record))
        return Answer(record, status, frozenset(where for where, use in run.uses.items() if use.cached))

    def _write(self, run: _Open, line: dict[str, Any]) -> None:
        journal = self.store.runs.journal(self.plan.binding.problem.name, run.run_id, "driver")
        try:
            journal.append(msgspec.json.encode(line))
        finally:
            journal.close()


def _result(future: Future[bytes]) -> FoldResult:
    try:
        return msgspec.msgpack.decode(future.result(), type=FoldResult)
    except WorkerLost as lost:
        return FoldResult(error=FoldError(kind=lost.cause, type="WorkerLost", message=lost.found))
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a worker could not answer fails its fold, not the sweep
        return FoldResult(
            error=FoldError(kind="exception", type=type(error).__name__, message=mask_secrets(str(error)))
        )


def _primary(record: RunRecord) -> str:
    """Return the primary score as text; a failure's first sentence where there is none."""
    for score in record.scores:
        if score.metric == record.evaluation.primary and score.slice is None and score.estimate.value is not None:
            return f"{score.metric} {score.estimate.value:.4f}"
    for use in record.folds:
        if use.error is not None:
            return f"{use.error.type}: {use.error.message}".splitlines()[0]
    return ""
