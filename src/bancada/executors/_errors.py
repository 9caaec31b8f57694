"""Errors that cross a process, and the words for workers that die."""

from __future__ import annotations

import os
import pickle
import signal
import traceback
from typing import TYPE_CHECKING

from bancada.exceptions import WorkerLost

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["died", "out_of_memory", "pack_error", "silent", "timed_out", "unpack_error", "zygote_lost"]

_OUTLIVES = "A worker must outlive the jobs that it runs."
_CRASHES = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL})


def pack_error(error: BaseException) -> bytes:
    """Return an error as bytes that `unpack_error` can always read, whatever the error is made of.

    What is no `Exception` (`SystemExit`, `KeyboardInterrupt`) is never sent as itself: it would end the driver.
    """
    lines = traceback.format_exception(error)
    summary = "".join(traceback.format_exception_only(error)).strip()
    return pickle.dumps((_pickled(error), summary, "".join(lines)))


def unpack_error(body: bytes) -> Exception:
    """Return the error that a worker packed, with its traceback as a note.

    Returns:
        The error itself, or a `RuntimeError` with its text where it cannot travel.
    """
    pickled, summary, text = pickle.loads(body)  # noqa: S301 - written by `pack_error` in our own child
    error: object = None
    if pickled:
        try:
            error = pickle.loads(pickled)  # noqa: S301 - as above
        except Exception:  # noqa: BLE001 - a class of the user's that cannot be rebuilt here may raise anything
            error = None
    told = error if isinstance(error, Exception) else RuntimeError(summary)
    told.add_note(f"In the worker:\n{text}")
    return told


def died(status: int, *, worker: str, doing: str, log: Path | None, starved: bool = False) -> WorkerLost:
    """Return the error for a worker that ended by itself or by a signal.

    Args:
        status: What `waitpid` gave.
        worker: Which worker, for the message.
        doing: What it was doing, such as "ran a job".
        log: Where its output went.
        starved: True where the kernel has killed processes meanwhile because memory ran out.
    """
    code = os.waitstatus_to_exitcode(status)
    look = f"Look into its output in `{log}`." if log is not None else "Run it in the driver's process."
    if code >= 0:
        found = f"{worker} ended with exit code {code} while it {doing}."
        return WorkerLost(_OUTLIVES, found, "Let the code raise an error where it now ends its process. " + look)
    found = f"{worker} was ended by {_signal_name(-code)} while it {doing}."
    if -code == signal.SIGKILL:
        if starved:
            found = (
                f"{worker} was killed while it {doing}, most likely for want of memory: the kernel has run out of it."
            )
            remedy = "Use fewer workers, a smaller model or dataset, or `--memory` to find out which job it is."
            return WorkerLost(_OUTLIVES, found, remedy, cause="memory")
        remedy = "Most often the memory ran out: use fewer workers, or a smaller model or dataset."
    elif -code in _CRASHES:
        remedy = f"Native code crashed. {look}"
    else:
        remedy = f"Find out who sent the signal. {look}"
    return WorkerLost(_OUTLIVES, found, remedy)


def timed_out(limit_s: float, worker: str) -> WorkerLost:
    """Return the error for a job that ran past its limit."""
    return WorkerLost(
        f"A job must end within its limit of {limit_s:g} s.",
        f"{worker} still ran it after that time and was killed.",
        "Raise the limit, or give the job less to do.",
        cause="timeout",
    )


def out_of_memory(limit_mb: float, held_mb: float, worker: str) -> WorkerLost:
    """Return the error for a job that held more memory than its limit."""
    return WorkerLost(
        f"A job must keep within its limit of {limit_mb:,.0f} MB of memory.",
        f"{worker} held {held_mb:,.0f} MB while it ran it, over the limit of {limit_mb:,.0f} MB, and was killed.",
        "Raise the limit, or give the job less to do.",
        cause="memory",
    )


def silent(worker: str) -> WorkerLost:
    """Return the error for a worker that closed its channel and lived on."""
    return WorkerLost(
        _OUTLIVES,
        f"{worker} closed its connection while it ran a job, and was killed.",
        "Let the code close only files that it opened itself.",
    )


def zygote_lost() -> WorkerLost:
    """Return the error for all jobs of an executor whose zygote is gone."""
    return WorkerLost(
        "The process that starts workers must live as long as the executor.",
        "It was ended from outside, and its workers with it.",
        "Run again; where it happens again, the memory may have run out.",
    )


def _pickled(error: BaseException) -> bytes:
    """Return the pickled error, empty where it does not survive the round trip."""
    if not isinstance(error, Exception):
        return b""
    try:
        body = pickle.dumps(error)
        back = pickle.loads(body)  # noqa: S301 - our own bytes, read back to see whether they can be
    except Exception:  # noqa: BLE001 - `__reduce__` and `__init__` of a user's class may raise anything
        return b""
    return body if isinstance(back, Exception) else b""


def _signal_name(number: int) -> str:
    """Return the name of a signal, or its number where it has none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
