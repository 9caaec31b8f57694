"""Run jobs in the calling process, for debuggers."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from bancada.exceptions import UsageError
from bancada.executors._errors import pack_error, unpack_error
from bancada.executors._worker import check_target, load_factory

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from bancada.contracts import Executor

__all__ = ["InProcessExecutor"]


class InProcessExecutor:
    """Runs each job at once, in the calling thread; `submit` returns when it has ended.

    A job's error comes back in its future as the object that was raised, with its frames. Limits cannot be kept here
    and are refused.

    Args:
        target: `module:qualname` of a factory, called once as `factory(session)`; what it returns runs each job.
        session: What the factory receives; None where `start` gives it later.

    Raises:
        DefinitionError: `target` has another form.
    """

    def __init__(self, target: str, session: bytes | None = None) -> None:
        check_target(target)
        self._target = target
        self._function: Callable[[bytes], bytes] | None = None
        self._fault: Exception | None = None
        self._open = False
        self._closed = False
        if session is not None:
            self.start(session)

    @property
    def workers(self) -> int:
        """One job runs at once."""
        return 1

    def start(self, session: bytes) -> None:
        """Call the factory; an error of it fails every job.

        Raises:
            UsageError: The executor was started before, or is shut down.
        """
        if self._open or self._closed:
            raise UsageError("An executor is started once.", "This one was started before.", "Make a new executor.")
        self._open = True
        try:
            self._function = load_factory(self._target)(session)
        except Exception as error:  # noqa: BLE001 - every job tells it
            self._fault = error

    def submit(self, job: bytes, timeout_s: float | None = None, memory_mb: float | None = None) -> Future[bytes]:
        """Run a job and return its future, which is done.

        Args:
            job: What the function receives.
            timeout_s: Cannot be kept here; None.
            memory_mb: Cannot be kept here; None.

        Raises:
            UsageError: A limit is given, or the executor is not started, or shut down.
            KeyboardInterrupt: The person at the keyboard stopped the job.
        """
        if timeout_s is not None or memory_mb is not None:
            raise UsageError(
                "Limits of time and memory are kept by killing a worker.",
                "A job of the calling process was given one.",
                "Leave the limit out, or run jobs in workers.",
            )
        if not self._open or self._closed:
            found = "This one is shut down." if self._closed else "This one has no session yet."
            raise UsageError("Jobs go to an executor that is started.", found, "Call `start` first, and once.")
        future: Future[bytes] = Future()
        future.set_running_or_notify_cancel()
        if self._function is None:
            future.set_exception(self._fault)
            return future
        try:
            result: object = self._function(job)
            if not isinstance(result, bytes):
                raise TypeError(f"A job returns bytes. This one returned {type(result).__name__}.")  # noqa: TRY301 - told like any error of the job
        except Exception as error:  # noqa: BLE001 - it belongs to the job
            future.set_exception(error)
        except SystemExit as error:
            future.set_exception(unpack_error(pack_error(error)))
        else:
            future.set_result(result)
        return future

    def shutdown(self, *, cancel: bool) -> None:  # noqa: ARG002 - the contract's signature; no job runs by now
        """Take no more jobs; idempotent."""
        self._closed = True

    def __enter__(self) -> Self:
        """Return the executor."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Shut down."""
        self.shutdown(cancel=kind is not None)


if TYPE_CHECKING:
    _: Executor = InProcessExecutor("module:factory")
