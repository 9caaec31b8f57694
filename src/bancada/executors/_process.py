"""Run jobs in processes that a zygote forks."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bancada.exceptions import ConfigurationError, UsageError
from bancada.executors._cores import bound_threads, usable_cores
from bancada.executors._dispatch import Dispatcher
from bancada.executors._hazard import fork_hazard
from bancada.executors._host import fork_zygote, hosted_zygote
from bancada.executors._seat import Job
from bancada.executors._worker import Contract, check_target
from bancada.executors._zygote import Prelude

if TYPE_CHECKING:
    from concurrent.futures import Future
    from types import TracebackType
    from typing import Self

    from bancada.contracts import Executor

__all__ = ["ProcessExecutor"]


class ProcessExecutor:
    """Runs jobs in worker processes, each forked in milliseconds with everything imported.

    Construction forks a *zygote* from this process, before it computes anything; where that is unsafe (`fork_hazard`),
    a fresh interpreter takes its place, which is kept for later executors. What exists in the memory of this process
    only is then not there in the workers. `start` forks the workers and gives each the session; from then on `submit`
    takes jobs.

    A worker that dies fails the job that it ran and is replaced; jobs that it had not begun go to others. A job that
    ends the process, hangs, closes files, forks or prints harms no other job. Processes that a job starts are killed
    with its worker. Nothing outlives the executor, nor this process, even where it is killed.

    Args:
        target: `module:qualname` of a factory, called once in each worker as `factory(session)`; the callable that it
            returns takes each job's bytes and returns the answer's. An error of it fails all jobs, those to come too.
        workers: How many jobs run at once.
        session: What the factory receives; None where `start` gives it later.
        threads: Bound of the thread pools of numerical libraries in each worker; None shares the usable cores out.
        fresh: True takes a fresh interpreter, False a fork of this process; None decides by `fork_hazard`.
        prelude: Modules that the zygote imports, where this process has not.
        path: Folders put before the others on `sys.path` of the zygote.
        log: File to which all output of workers is appended; None keeps the end of what each job wrote.

    Raises:
        ConfigurationError: The platform has no fork.
        DefinitionError: `target` has another form.
        UsageError: `workers` or `threads` is not positive.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own, and named
        self,
        target: str,
        *,
        workers: int,
        session: bytes | None = None,
        threads: int | None = None,
        fresh: bool | None = None,
        prelude: tuple[str, ...] = (),
        path: tuple[str, ...] = (),
        log: Path | None = None,
    ) -> None:
        check_target(target)
        share = bound_threads(workers, usable_cores()) if threads is None else threads
        if share < 1 or workers < 1:
            raise UsageError(
                "An executor has at least one worker with one thread.",
                f"`workers` is {workers!r} and `threads` is {threads!r}.",
                "Give whole numbers from 1 on.",
            )
        if not hasattr(os, "fork"):
            raise ConfigurationError(
                "Worker processes need a system with fork.",
                f"This is {sys.platform!r}.",
                "Run jobs in the calling process, or use the Windows Subsystem for Linux.",
            )
        self._workers = workers
        self._contract = Contract(target, share, None if log is None else str(Path(log).resolve()))
        begun = Prelude(tuple(prelude), tuple(path))
        apart = fork_hazard() is not None if fresh is None else fresh
        self._link = hosted_zygote(begun) if apart else fork_zygote(begun, share)
        self._fresh = apart
        self._dispatcher: Dispatcher | None = None
        self._closed = False
        if session is not None:
            self.start(session)

    @property
    def workers(self) -> int:
        """How many jobs run at once."""
        return self._workers

    @property
    def threads(self) -> int:
        """How many threads the pools of numerical libraries may use in each worker."""
        return self._contract.threads

    @property
    def fresh(self) -> bool:
        """True where workers come from a fresh interpreter and know nothing that exists in this process only."""
        return self._fresh

    def start(self, session: bytes) -> None:
        """Fork the workers and give each the session; called once.

        Raises:
            UsageError: The executor was started before, or is shut down.
        """
        if self._dispatcher is not None or self._closed:
            found = "This one is shut down." if self._closed else "This one was started before."
            raise UsageError("An executor is started once.", found, "Make a new executor.")
        self._dispatcher = Dispatcher(self._link, self._contract, self._workers, session)

    def submit(self, job: bytes, timeout_s: float | None = None, memory_mb: float | None = None) -> Future[bytes]:
        """Run a job in a worker.

        Args:
            job: What the callable receives.
            timeout_s: How long it may run, counted from its start; None for no limit.
            memory_mb: How many million bytes of memory the worker and its children may hold; None for no limit.

        Returns:
            A future of the answer, with the end of what the job wrote to its standard streams as the attribute `output`
            where it wrote anything: at most 64 KiB, as text. It raises `WorkerLost` where the worker died or ran past a
            limit, the job's own error (a `RuntimeError` with its text where that cannot be pickled) where the job
            raised, and `CancelledError` where the executor was shut down. A future that is cancelled before its job
            begins is never run to its end.

        Raises:
            UsageError: The executor is not started, or shut down.
        """
        if self._dispatcher is None:
            found = "This one is shut down." if self._closed else "This one has no session yet."
            raise UsageError("Jobs go to an executor that is started.", found, "Call `start` first, and once.")
        return self._dispatcher.submit(Job(job, timeout_s, memory_mb))

    def shutdown(self, *, cancel: bool) -> None:
        """Wait for all jobs, or kill the workers within a second and cancel what is open; idempotent."""
        self._closed = True
        if self._dispatcher is not None:
            self._dispatcher.close(cancel=cancel)
        else:
            self._link.close()

    def __enter__(self) -> Self:
        """Return the executor."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Wait for all jobs; cancel them where an error leaves the block."""
        self.shutdown(cancel=kind is not None)


if TYPE_CHECKING:
    _: Executor = ProcessExecutor("module:factory", workers=1)
