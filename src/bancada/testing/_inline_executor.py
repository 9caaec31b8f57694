"""An executor in memory."""

from __future__ import annotations

import pkgutil
from concurrent.futures import Future
from typing import TYPE_CHECKING

from bancada.exceptions import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bancada.contracts import Executor

__all__ = ["InlineExecutor"]


class InlineExecutor:
    """An executor that runs each job where it is submitted; a job that kills its process kills this one.

    Args:
        target: `module:qualname` of a factory, called once as `factory(session)`; what it returns runs each job.
    """

    def __init__(self, target: str) -> None:
        self._target = target
        self._job: Callable[[bytes], bytes] | None = None
        self._closed = False

    @property
    def workers(self) -> int:
        """One."""
        return 1

    def start(self, session: bytes) -> None:
        """Call the factory.

        Raises:
            UsageError: The executor was started before, or is shut down.
        """
        if self._job is not None or self._closed:
            raise UsageError("An executor is started once.", "This one was.", "Make a new one.")
        try:
            self._job = pkgutil.resolve_name(self._target)(session)
        except Exception as error:  # noqa: BLE001 - every job tells it
            self._job = _failing(error)

    def submit(self, job: bytes, timeout_s: float | None = None, memory_mb: float | None = None) -> Future[bytes]:
        """Run a job and return its future, which is done.

        Raises:
            UsageError: A limit is given, or the executor is not started, or shut down.
        """
        if timeout_s is not None or memory_mb is not None:
            raise UsageError("A limit is kept by killing a worker.", "There is none.", "Leave the limit out.")
        if self._job is None or self._closed:
            raise UsageError("Jobs go to an executor that is started.", "This one is not.", "Call `start` first.")
        future: Future[bytes] = Future()
        try:
            future.set_result(self._job(job))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it belongs to the job
            future.set_exception(error if isinstance(error, Exception) else RuntimeError(repr(error)))
        return future

    def shutdown(self, *, cancel: bool) -> None:  # noqa: ARG002 - no job runs by now
        """Take no more jobs."""
        self._closed = True


def _failing(error: Exception) -> Callable[[bytes], bytes]:
    def job(_: bytes) -> bytes:
        raise error

    return job


if TYPE_CHECKING:
    _: Executor = InlineExecutor("module:factory")
