"""The laws of `contracts.Executor`."""

from __future__ import annotations

import os
import time
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bancada.exceptions import UsageError, WorkerLost
from bancada.testing._check import Found, Skip, checks_of, law

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Future

    from bancada.contracts import Executor
    from bancada.testing._check import Check

__all__ = ["LAWS", "ExecutorCase", "executor_checks"]

_ACTOR = "bancada.testing._jobs:actor"
_BROKEN = "bancada.testing._jobs:broken"
_PATIENCE_S = 60.0
_LIMIT_S = 0.3
_LIMIT_MB = 200
_SHARED = Skip("its jobs run in this process")


@dataclass(frozen=True)
class ExecutorCase:
    """A way to make executors.

    Attributes:
        make: Makes an executor that is not started, of `module:qualname` of a factory.
        isolated: True where jobs run in processes of their own.
    """

    make: Callable[[str], Executor]
    isolated: bool

    @contextmanager
    def started(self, target: str = _ACTOR, session: bytes = b"session") -> Iterator[Executor]:
        """Start an executor, and leave nothing of it behind."""
        with self.fresh(target) as executor:
            executor.start(session)
            yield executor

    @contextmanager
    def fresh(self, target: str = _ACTOR) -> Iterator[Executor]:
        """Make an executor, and leave nothing of it behind."""
        executor = self.make(target)
        try:
            yield executor
        finally:
            executor.shutdown(cancel=True)


def executor_checks(
    make: Callable[[str], Executor], *, isolated: bool = True, waive: Mapping[str, str] | None = None
) -> tuple[Check, ...]:
    """Return a check for each law of an executor.

    Args:
        make: Makes an executor that is not started. It receives `module:qualname` of a factory, which is called in each
            worker as `factory(session)`; what that returns takes each job's bytes and returns the answer's.
        isolated: False where jobs run in this process, which is then not killed to see what happens.
        waive: Laws that the executor breaks knowingly, each with its reason.
    """
    name = getattr(make, "__name__", type(make).__name__)
    return checks_of(LAWS, ExecutorCase(make, isolated), name, waive=waive)


def _answer(future: Future[bytes]) -> bytes:
    return future.result(_PATIENCE_S)


def _error(future: Future[bytes]) -> BaseException | None:
    """Return what a future raised; None where it was cancelled or gave an answer."""
    try:
        return future.exception(_PATIENCE_S)
    except CancelledError:
        return None


def _refuses(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except UsageError:
        return True
    return False


@law("An executor has at least one worker.", "Look at `workers`.")
def it_has_workers(case: ExecutorCase) -> Found:
    with case.fresh() as executor:
        return None if executor.workers >= 1 else f"It has {executor.workers}."


@law("`start` comes once, and before `submit`; else both raise `UsageError`.", "Keep whether it was started.")
def it_is_started_once(case: ExecutorCase) -> Found:
    with case.fresh() as executor:
        if not _refuses(lambda: executor.submit(b"session")):
            return "It took a job before it was started."
        executor.start(b"once")
        if not _refuses(lambda: executor.start(b"twice")):
            return "It was started twice."
        answer = _answer(executor.submit(b"session"))
        return None if answer == b"once" else f"Then its session is {answer!r}."


@law("After `shutdown`, which may come twice, it neither starts nor takes a job.", "Keep whether it is shut down.")
def it_ends_once(case: ExecutorCase) -> Found:
    with case.fresh() as unused, case.started() as used:
        for executor in (unused, used):
            executor.shutdown(cancel=True)
            executor.shutdown(cancel=False)
        if not _refuses(lambda: unused.start(b"late")):
            return "It was started after it was shut down."
        try:
            answer = _answer(used.submit(b"echo late"))
        except (UsageError, CancelledError):
            return None
        return f"It answered {answer!r} after it was shut down."


@law("Job, answer and session travel byte for byte.", "Treat them as bytes: no text, no end of line.")
def bytes_travel_unchanged(case: ExecutorCase) -> Found:
    everything = bytes(range(256))
    with case.started(session=everything) as executor:
        if _answer(executor.submit(b"session")) != everything:
            return "The session is another."
        for payload in (b"", everything, b"\n\0 " * 100_000):
            answer = _answer(executor.submit(b"echo " + payload))
            if answer != payload:
                return f"{len(payload)} bytes became {len(answer)}: {answer[:20]!r}."
    return None


@law("Each future has the answer of its own job, in whatever order they are asked.", "Tell jobs apart by a number.")
def answers_belong_to_their_jobs(case: ExecutorCase) -> Found:
    with case.started() as executor:
        jobs = [str(number).encode() for number in range(20)]
        futures = [executor.submit(b"echo " + job) for job in jobs]
        answers = [_answer(future) for future in reversed(futures)]
        return None if answers == jobs[::-1] else f"Backwards they are {answers}."


@law("An error of a job is raised by its future, with its text, and harms no other job.", "Catch it in the worker.")
def errors_travel(case: ExecutorCase) -> Found:
    with case.started() as executor:
        bad, good = executor.submit(b"fail what went wrong"), executor.submit(b"echo fine")
        error = _error(bad)
        if not isinstance(error, ValueError) or "what went wrong" not in str(error):
            return f"ValueError('what went wrong') became {error!r}."
        return None if _answer(good) == b"fine" else "The next job has another answer."


@law("A job that ends by SystemExit fails, and ends neither driver nor executor.", "Catch BaseException in the worker.")
def exits_are_errors(case: ExecutorCase) -> Found:
    with case.started() as executor:
        error = _error(executor.submit(b"stop 3"))
        if not isinstance(error, Exception):
            return f"It became {error!r}."
        return None if _answer(executor.submit(b"echo fine")) == b"fine" else "The next job has another answer."


@law("A session that cannot be taken fails every job, and not `start`.", "Keep the factory's error for the futures.")
def broken_sessions_fail_the_jobs(case: ExecutorCase) -> Found:
    with case.started(_BROKEN) as executor:
        for _ in range(2):
            error = _error(executor.submit(b"echo"))
            if not isinstance(error, LookupError):
                return f"LookupError became {error!r}."
    return None


@law(
    "A job past `timeout_s` raises `WorkerLost` with the cause 'timeout', and the next one runs; "
    "who cannot keep a limit refuses it with `UsageError`.",
    "Kill its worker.",
)
def limits_of_time_are_kept(case: ExecutorCase) -> Found:
    with case.started() as executor:
        if not case.isolated:
            return None if _refuses(lambda: executor.submit(b"echo", _LIMIT_S)) else "It took a limit."
        started = time.monotonic()
        error = _error(executor.submit(b"nap 600", _LIMIT_S))
        if not isinstance(error, WorkerLost) or error.cause != "timeout":
            return f"It ended with {error!r}."
        if time.monotonic() - started > _PATIENCE_S / 2:
            return f"It took {time.monotonic() - started:.0f} s to tell."
        return None if _answer(executor.submit(b"echo fine", _PATIENCE_S)) == b"fine" else "The next job failed."


@law(
    "A job that holds more than `memory_mb` raises `WorkerLost`, and the next one runs; "
    "who cannot keep a limit refuses it with `UsageError`.",
    "Look at the memory of the worker, and kill it.",
)
def limits_of_memory_are_kept(case: ExecutorCase) -> Found:
    with case.started() as executor:
        if not case.isolated:
            return None if _refuses(lambda: executor.submit(b"echo", memory_mb=_LIMIT_MB)) else "It took a limit."
        try:
            future = executor.submit(b"grow %d" % _LIMIT_MB, memory_mb=_LIMIT_MB)
        except UsageError:
            return None
        error = _error(future)
        if not isinstance(error, WorkerLost):
            return f"It ended with {error!r}."
        return None if _answer(executor.submit(b"echo fine")) == b"fine" else "The next job failed."


@law("A job that kills its worker raises `WorkerLost`, and harms no other job.", "Start another worker in its place.")
def a_death_harms_no_other_job(case: ExecutorCase) -> Found:
    if not case.isolated:
        return _SHARED
    with case.started() as executor:
        jobs = [b"echo 0", b"die 7", b"echo 2", b"echo 3"]
        futures = [executor.submit(job) for job in jobs]
        error = _error(futures[1])
        if not isinstance(error, WorkerLost) or error.cause != "died":
            return f"The job that died ended with {error!r}."
        answers = [_answer(futures[number]) for number in (0, 2, 3)]
        return None if answers == [b"0", b"2", b"3"] else f"The others answered {answers}."


@law("`shutdown(cancel=False)` waits: every submitted job has its answer.", "Join the workers.")
def shutdown_waits(case: ExecutorCase) -> Found:
    with case.started() as executor:
        futures = [executor.submit(b"nap 0.05") for _ in range(3)]
        executor.shutdown(cancel=False)
        open_jobs = sum(not future.done() for future in futures)
        if open_jobs:
            return f"{open_jobs} of 3 jobs were open when it returned."
        return None if all(_answer(future) == b"0.05" for future in futures) else "A job has another answer."


@law("After `shutdown(cancel=True)` every future is done and no worker is left.", "Kill, cancel and reap.")
def cancelling_leaves_nothing(case: ExecutorCase) -> Found:
    if not case.isolated:
        return _SHARED
    with case.started() as executor:
        pid = int(_answer(executor.submit(b"pid")))
        futures = [executor.submit(b"nap 600") for _ in range(executor.workers + 2)]
        executor.shutdown(cancel=True)
        for future in futures:
            try:
                answer = future.result(_PATIENCE_S)
            except (CancelledError, WorkerLost):
                continue
            return f"A job that naps for 600 s answered {answer!r}."
    return f"Worker {pid} is alive." if _is_alive(pid) else None


@law("A future that is cancelled before its job begins is never answered.", "Ask `set_running_or_notify_cancel`.")
def cancelled_jobs_do_not_run(case: ExecutorCase) -> Found:
    if not case.isolated:
        return _SHARED
    with case.started() as executor:
        busy = [executor.submit(b"nap 0.2") for _ in range(executor.workers * 3)]
        last = executor.submit(b"echo ran")
        if not last.cancel():
            return "A job that waits cannot be cancelled."
        if [_answer(future) for future in busy] != [b"0.2"] * len(busy):
            return "The jobs before it have other answers."
    return None if last.cancelled() else f"It has the answer {last.result(0)!r}."


def _is_alive(pid: int) -> bool:
    deadline = time.monotonic() + _PATIENCE_S / 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.01)
    return True


LAWS = (
    it_has_workers,
    it_is_started_once,
    it_ends_once,
    bytes_travel_unchanged,
    answers_belong_to_their_jobs,
    errors_travel,
    exits_are_errors,
    broken_sessions_fail_the_jobs,
    limits_of_time_are_kept,
    limits_of_memory_are_kept,
    a_death_harms_no_other_job,
    shutdown_waits,
    cancelling_leaves_nothing,
    cancelled_jobs_do_not_run,
)
