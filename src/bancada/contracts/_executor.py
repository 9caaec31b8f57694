"""The contract of an executor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from concurrent.futures import Future

__all__ = ["Executor"]


@runtime_checkable
class Executor(Protocol):
    """Where folds run: the shape of `concurrent.futures`, over bytes.

    The engine owns an executor, calls `start` once, submits jobs from one thread and calls `shutdown` once, whatever
    happened. A job is opaque bytes; the answer is opaque bytes. Jobs are idempotent: one that was lost may be submitted
    again. An answer may have an attribute `output`, as `WorkerLost` has: the end of what the job wrote, as text.

    Laws:
        * `start` comes once, and before `submit`: either is a `UsageError` else, and so are both after `shutdown`.
        * Where a worker cannot take the session, each job's future raises what it raised; `start` itself does not.
        * Session, job and answer travel byte for byte, and each future has the answer of its own job.
        * An error of a job, `SystemExit` among them, is raised by its future and harms no other job.
        * Every submitted job ends in a result, in `WorkerLost`, or in cancellation; none is forgotten.
        * A job that kills its worker does not harm another job.
        * `shutdown(cancel=False)` returns when every job has its answer; after `shutdown(cancel=True)` no job runs any
          more and no process is left.

    `bancada.testing.executor_checks` holds an executor to them; one whose jobs run in the calling process is not asked
    for limits and deaths. `bancada.testing.InlineExecutor` is one in memory.
    """

    @property
    def workers(self) -> int:
        """How many jobs run at once."""

    def start(self, session: bytes) -> None:
        """Have the workers ready, and give each the session: what all jobs share."""

    def submit(self, job: bytes, timeout_s: float | None = None, memory_mb: float | None = None) -> Future[bytes]:
        """Run a job in a worker; the future raises `WorkerLost` where the worker died or ran past a limit.

        An executor that cannot keep a limit (of seconds, or of million bytes) refuses it with a `UsageError`.
        """

    def shutdown(self, *, cancel: bool) -> None:
        """Wait for running jobs, or kill them; idempotent."""
