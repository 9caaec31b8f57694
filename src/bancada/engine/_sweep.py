"""The sweep: folds to workers, results to records, until every claim has its answer."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, wait
from time import sleep
from typing import TYPE_CHECKING

from bancada.engine._labels import claim_labels
from bancada.engine._limits import CRASHES
from bancada.engine._queue import FoldQueue
from bancada.engine._results import result_of
from bancada.engine._sharing import Sharing
from bancada.engine._underway import Answer, OpenRun, RunKeeper, primary_text

if TYPE_CHECKING:
    from bancada.contracts import Executor
    from bancada.engine._listening import SweepListener
    from bancada.engine._plan import Plan, PlannedFold
    from bancada.engine._recording import Surroundings
    from bancada.engine._scoring import RunScorer
    from bancada.store import Store

__all__ = ["Sweep"]

QUEUED_PER_WORKER = 3
TICK_S = 0.5
HOPELESS = 3


class Sweep:
    """Carries out one plan.

    Args:
        plan: What to do.
        executor: Where folds run; it must be started with the plan's session.
        store: Where everything is kept.
        scorer: Scores finished runs.
        surroundings: Where this happens.
        listener: Who is told.
    """

    def __init__(
        self,
        plan: Plan,
        executor: Executor,
        store: Store,
        scorer: RunScorer,
        surroundings: Surroundings,
        listener: SweepListener,
    ) -> None:
        self.plan = plan
        self.executor = executor
        self.listener = listener
        self.interrupted = False
        self._keeper = RunKeeper(plan.binding, store, scorer, surroundings, listener)
        self._sharing = Sharing(plan, store)
        self._open: dict[int, OpenRun] = {}
        self._answers: dict[int, Answer] = {}
        self._running: dict[Future[bytes], tuple[int, PlannedFold]] = {}
        self._labels = claim_labels([item.claim for item in plan.claims])
        self._alone = len({item.claim.spec for item in plan.claims if item.missing}) <= 1

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
            self._sharing.close()
            self._keeper.close()
            self.listener.close()
        return tuple(self._answers[number] for number in sorted(self._answers))

    def _take_known(self) -> None:
        for number, item in enumerate(self.plan.claims):
            if item.known is not None:
                everything = frozenset((fold.repeat.number, fold.fold) for fold in item.folds)
                self._answers[number] = Answer(item.known, "known", everything)
                for repeat, fold in sorted(everything):
                    self.listener.fold(self._labels[number], repeat, fold, "done", 0.0, cached=True)
                self.listener.run(self._labels[number], "known", primary_text(item.known))
            elif not item.missing:
                self._begin(number)

    def _work(self, queue: FoldQueue) -> None:
        while True:
            self._fill(queue)
            self._sharing.beat()
            if not self._running:
                if not queue:
                    return
                # All that is left is computed by other drivers.
                self.listener.waiting(len(queue))
                sleep(TICK_S)
                continue
            done, _ = wait(self._running, timeout=TICK_S, return_when=FIRST_COMPLETED)
            if not done:
                self.listener.tick()
            for future in done:
                number, fold = self._running.pop(future)
                self._sharing.ended(fold)
                run = self._open[number]
                use = self._keeper.take(run, fold, result_of(future))
                if reason := _hopeless(run):
                    for rest in (*queue.drop(number), *self._recall(number)):
                        self._keeper.cancel(run, rest, reason)
                queue.took(number, (use.fit_s or 0.0) + (use.predict_s or 0.0))
                if run.complete:
                    self._finish(number)

    def _fill(self, queue: FoldQueue) -> None:
        """Hand folds out while there is room; those that another driver computes are left for last."""
        room = self.executor.workers * QUEUED_PER_WORKER
        while len(self._running) < room and (following := queue.next()) is not None:
            self._hand_out(queue, *following)
        if len(self._running) < room:
            for number, fold in queue.left():
                self._hand_out(queue, number, fold)

    def _hand_out(self, queue: FoldQueue, number: int, fold: PlannedFold) -> None:
        come = self._sharing.come(fold)
        if come is not None:
            run = self._open[number] if number in self._open else self._begin(number)
            self._keeper.stored(run, come)
            if run.complete:
                self._finish(number)
        elif self._sharing.elsewhere(fold):
            queue.leave(number, fold)
        else:
            self._sharing.begun(fold)
            self._submit(number, fold)

    def _submit(self, number: int, fold: PlannedFold) -> None:
        run = self._open[number] if number in self._open else self._begin(number)
        limits = self.plan.limits
        job = self._keeper.job(run, fold, alone=self._alone)
        future = self.executor.submit(job, limits.timeout_s, limits.memory_mb)
        self._running[future] = (number, fold)

    def _recall(self, number: int) -> list[PlannedFold]:
        """Take back the folds of a claim that no worker has begun."""
        back = [future for future, (other, _) in self._running.items() if other == number and future.cancel()]
        return [self._running.pop(future)[1] for future in back]

    def _begin(self, number: int) -> OpenRun:
        """Begin a run, with the folds that are stored already; finish it where none is missing."""
        run = self._keeper.begin(self.plan.claims[number], self._labels[number])
        self._open[number] = run
        for fold in run.item.folds:
            self._keeper.stored(run, fold)
        if run.complete:
            self._finish(number)
        return run

    def _finish(self, number: int) -> None:
        run = self._open.pop(number)
        self._answers[number] = self._keeper.end(run, "failed" if run.failed else "done")

    def _close_open(self) -> None:
        for number in sorted(self._open):
            self._answers[number] = self._keeper.end(self._open.pop(number), "interrupted")


def _hopeless(run: OpenRun) -> str:
    """Return why a run's other folds need not be tried; empty where they must."""
    if run.crashes >= CRASHES:
        return f"{CRASHES} folds of the candidate crashed."
    if len(run.uses) >= HOPELESS and all(use.content is None for use in run.uses.values()):
        return f"The first {HOPELESS} folds failed."
    return ""
