"""Old runs judged by the present evaluation, from their predictions, and what is new kept as a statement."""

from __future__ import annotations

import hashlib
import shutil
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from bancada.engine._limits import CRASHES, Limits
from bancada.engine._recording import utc_now
from bancada.engine.rescoring._hearing import Silence
from bancada.engine.rescoring._scorers import score_job
from bancada.exceptions import StoreError, WorkerLost
from bancada.records import Score, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bancada.contracts import Executor
    from bancada.engine._scoring import RunScorer
    from bancada.engine.rescoring._hearing import RescoreListener
    from bancada.records import RunRecord
    from bancada.store import Index

__all__ = ["Rescored", "Unscored", "rescore"]

QUEUED_PER_WORKER = 4
TICK_S = 0.5


@dataclass(frozen=True, slots=True)
class Unscored:
    """A run that could not be judged by the present evaluation, and why; it keeps the scores that it had."""

    run: RunRecord
    reason: str


@dataclass(slots=True)
class Rescored:
    """What came of judging old runs anew.

    Attributes:
        runs: The runs that were judged by another evaluation before, by id, as they read now.
        n_scores: How many scores were added.
        unscored: Those that could not be judged.
        interrupted: True where Ctrl-C ended it; what was judged stays judged.
    """

    runs: dict[str, RunRecord] = field(default_factory=dict)
    n_scores: int = 0
    unscored: list[Unscored] = field(default_factory=list)
    interrupted: bool = False


def rescore(
    scorer: RunScorer,
    index: Index,
    author: str,
    begin: Callable[[], Executor] | None = None,
    *,
    limits: Limits | None = None,
    listener: RescoreListener | None = None,
) -> Rescored:
    """Judge all runs of the problem by the present evaluation; a statement about each keeps what is new.

    A run has its statement once its scores are computed, so that whatever ends this in the middle loses nothing, and
    the next time goes on with the others. Runs that were withdrawn are left alone.

    Args:
        scorer: Scores runs of the problem.
        index: The index over the store; it is brought up to date.
        author: Who does this, unverified.
        begin: Starts the workers and returns them; called where a run lacks a score. None scores in this process.
        limits: What the scoring of one run may take, in workers.
        listener: Who is told.
    """
    binding = scorer.binding
    runs = index.judged_otherwise(binding.problem.name, binding.identity.digest, binding.evaluation.digest)
    work = _Work(scorer, index, author, limits or Limits(), listener or Silence())
    if runs:
        work.all(runs, begin)
        index.refresh(binding.problem.name)
    return work.done


class _Work:
    """The driver's side."""

    def __init__(self, scorer: RunScorer, index: Index, author: str, limits: Limits, listener: RescoreListener) -> None:
        self.done = Rescored()
        self._scorer = scorer
        self._store = index.store
        self._author = author
        self._limits = limits
        self._listener = listener
        self._crashes = 0
        self._answered = False

    def all(self, runs: Sequence[RunRecord], begin: Callable[[], Executor] | None) -> None:
        """Judge these runs."""
        self._listener.planned(len(runs))
        lacking = []
        try:
            for run in runs:
                if self._scorer.lacks({score.key for score in run.scores}):
                    lacking.append(run)
                else:
                    self._keep(run, ())
            if lacking and begin is not None:
                self._by_workers(lacking, begin())
            else:
                self._here(lacking)
        except KeyboardInterrupt:
            self.done.interrupted = True
        finally:
            self._listener.close()

    def _here(self, runs: Sequence[RunRecord]) -> None:
        for run in runs:
            have = {score.key for score in run.scores}
            try:
                scores = self._scorer.scores(run.folds, explored=run.status == "explored", have=have)
            except StoreError as error:
                self._fail(run, error.found)
            else:
                self._keep(run, scores)

    def _by_workers(self, runs: Sequence[RunRecord], executor: Executor) -> None:
        import cloudpickle  # noqa: PLC0415 - metrics of a notebook travel by value; needed only where workers score

        aside = self._store.aside()
        try:
            aside.mkdir(parents=True)
            data = cloudpickle.dumps(self._scorer)
            file = aside / "scorer"
            file.write_bytes(data)
            self._hand_out(runs, executor, file, hashlib.sha256(data).hexdigest())
        except BaseException:
            executor.shutdown(cancel=True)
            raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _hand_out(self, runs: Sequence[RunRecord], executor: Executor, file: Path, digest: str) -> None:
        limits, running = self._limits, dict[Future[bytes], "RunRecord"]()
        waiting = list(reversed(runs))
        while waiting or running:
            while waiting and len(running) < executor.workers * QUEUED_PER_WORKER and not self._hopeless:
                run = waiting.pop()
                job = score_job(run, file, digest)
                running[executor.submit(job, limits.timeout_s, limits.memory_mb)] = run
            ended, _ = wait(running, timeout=TICK_S, return_when=FIRST_COMPLETED)
            for future in ended:
                self._take(running.pop(future), future)
            if not ended:
                self._listener.tick()
            if self._hopeless and not running:
                for run in reversed(waiting):
                    self._fail(run, f"not tried: the scoring of {CRASHES} others crashed")
                return

    @property
    def _hopeless(self) -> bool:
        """True where worker after worker died and none has answered: a metric ends its process each time."""
        return self._crashes >= CRASHES and not self._answered

    def _take(self, run: RunRecord, future: Future[bytes]) -> None:
        try:
            scores = msgspec.msgpack.decode(future.result(), type=tuple[Score, ...])
        except WorkerLost as lost:
            self._crashes += 1
            self._fail(run, lost.found)
        except StoreError as error:
            self._fail(run, error.found)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a metric may raise anything; other runs are scored
            self._fail(run, f"{type(error).__name__}: {error}")
        else:
            self._answered = True
            self._keep(run, scores)

    def _keep(self, run: RunRecord, scores: tuple[Score, ...]) -> None:
        evaluation = self._scorer.binding.evaluation
        content = {"scores": msgspec.to_builtins(scores), "evaluation": msgspec.to_builtins(evaluation)}
        statement = Statement(kind="score", said=utc_now(), content=content, author=self._author)
        self._store.runs.say(run.problem.name, run.run_id, statement)
        known = (*run.scores, *scores)
        self.done.runs[run.run_id] = msgspec.structs.replace(run, scores=known, evaluation=evaluation)
        self.done.n_scores += len(scores)
        self._tell()

    def _fail(self, run: RunRecord, reason: str) -> None:
        self.done.unscored.append(Unscored(run, reason))
        self._tell()

    def _tell(self) -> None:
        self._listener.judged(len(self.done.runs) + len(self.done.unscored))
