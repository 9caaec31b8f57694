"""A trial: one claim, fold by fold, until it is complete, or stopped, or interrupted."""

from __future__ import annotations

import time
from concurrent.futures import wait
from typing import TYPE_CHECKING

from bancada.engine._limits import Limits
from bancada.engine._results import result_of
from bancada.engine._underway import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Self

    from bancada.contracts import Executor
    from bancada.engine._plan import ClaimPlan, PlannedFold
    from bancada.engine._scoring import RunScorer
    from bancada.engine._underway import OpenRun, RunKeeper
    from bancada.records import FoldUse, RunRecord

__all__ = ["INTERRUPT", "Trial"]

TICK_S = 0.5
INTERRUPT = "interrupt"


class Trial:
    """Computes the folds of one claim one at a time, in the order of repeat and fold; what is stored is taken.

    Iterate over it within a `with` block, `stop` it or not, and leave the block: then `answer` is what became of it. A
    run is begun when the first fold must be computed, or at the end, where all that was asked for was stored. What is
    stopped or interrupted leaves a run *explored*, which counts among the claims tried and is on no board.

    Args:
        item: The claim with its folds.
        keeper: Keeps the run.
        executor: Where folds run, one at a time; it must be started where a fold is missing.
        tick: Called now and then while a fold is computed.
        explored: Runs of the claim that were explored before; one that has the very folds answers again.
        limits: What a fold may take.

    Attributes:
        item: The claim with its folds.
        interrupted: True where Ctrl-C ended it; what was finished is kept.
    """

    def __init__(
        self,
        item: ClaimPlan,
        keeper: RunKeeper,
        executor: Executor,
        tick: Callable[[], None],
        explored: tuple[RunRecord, ...] = (),
        limits: Limits | None = None,
    ) -> None:
        self.item = item
        self.interrupted = False
        self._keeper = keeper
        self._executor = executor
        self._tick = tick
        self._explored = explored
        self._limits = limits or Limits()
        self._uses: list[FoldUse] = []
        self._run: OpenRun | None = None
        self._stopped_by = ""
        self._answer: Answer | None = None

    @property
    def scorer(self) -> RunScorer:
        """Scores its folds."""
        return self._keeper.scorer

    @property
    def answer(self) -> Answer:
        """What became of the claim; once the block was left."""
        assert self._answer is not None  # noqa: S101 - the order of calls is the caller's
        return self._answer

    @property
    def stopped_by(self) -> str:
        """Why it ended early: `interrupt`, or what `stop` was told; empty where it did not."""
        return self._stopped_by

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __iter__(self) -> Iterator[tuple[FoldUse, float]]:
        """Yield each fold once it is there, with the seconds that it took; the last one may be a failed one."""
        for fold in self.item.folds:
            if self._stopped_by or (self._run is not None and self._run.failed):
                return
            started = time.perf_counter()
            use = self._known(fold) or self._computed(fold)
            self._uses.append(use)
            yield use, time.perf_counter() - started

    def costs_more(self) -> bool:
        """Tell whether a fold that is not done would have to be computed."""
        return self.item.known is None and any(fold.record is None for fold in self.item.folds[len(self._uses) :])

    def stop(self, reason: str) -> None:
        """Compute no more folds, for a reason that the record keeps."""
        self._stopped_by = reason

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> bool:
        """End the run and write its record; Ctrl-C ends here."""
        if kind is not None:
            self._stopped_by = INTERRUPT
            self.interrupted = issubclass(kind, KeyboardInterrupt)
            self._executor.shutdown(cancel=True)
        try:
            if self._run is None and not self._uses:
                return False
            self._answer = self._ended()
        finally:
            self._keeper.close()
        return self.interrupted

    def _known(self, fold: PlannedFold) -> FoldUse | None:
        """Return a fold that the store has, and note it where a run is under way."""
        if fold.record is None:
            return None
        if self._run is not None:
            return self._keeper.stored(self._run, fold)
        return self._keeper.stored_use(fold, fold.record)

    def _computed(self, fold: PlannedFold) -> FoldUse:
        run = self._begun()
        future = self._executor.submit(self._keeper.job(run, fold), self._limits.timeout_s, self._limits.memory_mb)
        while not wait([future], timeout=TICK_S).done:
            self._tick()
        return self._keeper.take(run, fold, result_of(future))

    def _begun(self) -> OpenRun:
        """Return the run; begin it with the folds that were taken so far."""
        if self._run is None:
            self._run = self._keeper.begin(self.item, self.item.claim.label)
            for fold in self.item.folds[: len(self._uses)]:
                self._keeper.stored(self._run, fold)
        return self._run

    def _ended(self) -> Answer:
        if self.item.known is not None:
            return Answer(self.item.known, "known", frozenset((use.repeat, use.fold) for use in self._uses))
        if self._run is None and (again := self._before()) is not None:
            return again
        run = self._begun()
        if run.failed:
            return self._keeper.end(run, "failed", self._stopped_by)
        complete = run.complete and self.item.claim.row_limit is None
        return self._keeper.end(run, "done" if complete else "explored", self._stopped_by)

    def _before(self) -> Answer | None:
        """Return the answer of an earlier trial that had the very folds."""
        wanted = {(use.key, use.content) for use in self._uses}
        for record in reversed(self._explored):
            if {(use.key, use.content) for use in record.folds} == wanted and len(wanted) < len(self.item.folds):
                return Answer(record, "explored", frozenset((use.repeat, use.fold) for use in self._uses))
        return None
