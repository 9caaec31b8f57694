"""What a child does after a fork, so that nothing of its parent's shows through."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import os
import signal
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import io

__all__ = ["Output", "adopt_orphans", "die_with_parent", "fork", "prefer_as_victim", "separate"]

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def fork() -> int:
    """Fork with all signals held back until the child has called `separate`.

    Returns:
        0 in the child, its pid in the parent.
    """
    for stream in (sys.stdout, sys.stderr):
        # What is still in a buffer would be written twice. A stream can be None, closed, or anything of the user's.
        with contextlib.suppress(Exception):
            stream.flush()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    pid = -1
    try:
        with warnings.catch_warnings():
            # Python 3.12 warns where the system counts another thread; `fork_hazard` knows which of those do harm.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
    finally:
        if pid != 0:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pid


def separate() -> None:
    """Leave the parent's session and give up its signal handlers.

    Ctrl-C in the terminal then reaches the driver alone, which decides; and the process leads a group of its own, by
    which it can be killed with everything that it started.
    """
    with contextlib.suppress(PermissionError):  # a process that leads its group already
        os.setsid()
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def die_with_parent(parent: int) -> None:
    """Ask Linux to kill this process when its parent ends; exit at once where it has ended already."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Ask Linux to make this process the parent of descendants that lose theirs; outlive the own parent."""
    _prctl(_PR_SET_PDEATHSIG, 0)
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def prefer_as_victim() -> None:
    """Tell Linux to end this process rather than the driver when memory runs out."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")


class Output:
    """The standard streams of a child: input from nowhere, output and errors into one file or pipe.

    Args:
        log: The file to append to; None where there is none.
        pipe: Descriptor of the pipe to write to where there is no file; None throws output away.
        mark: What ends a job's part in the pipe.
    """

    def __init__(self, log: Path | None, pipe: int | None = None, mark: bytes = b"") -> None:
        # The parent's stream objects must live on: dropping them would flush what they hold, into our files.
        self._kept = (sys.stdin, sys.stdout, sys.stderr, sys.__stdin__, sys.__stdout__, sys.__stderr__)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        self._mark = mark if log is None else b""
        self._log = null
        if log is not None:
            self._log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        elif pipe is not None:
            self._log = pipe
        if self._log != null:
            os.close(null)
        if pipe not in {None, self._log}:
            os.close(pipe)
        stdin = open(0, closefd=False, encoding="utf-8")  # noqa: SIM115 - it stays open as long as the process
        sys.stdin = sys.__stdin__ = stdin  # type: ignore[misc]  # final for the sake of those who share the process
        self._out, self._err = _writer(1), _writer(2)
        self.restore()
        # Not to the second stream, which a job may close or lead elsewhere.
        faulthandler.enable(file=self._log, all_threads=True)

    def restore(self) -> None:
        """Flush, and put the streams back in place of what a job closed or replaced."""
        for stream in (self._out, self._err):
            with contextlib.suppress(ValueError, OSError):  # closed by a job, in Python or below it
                stream.flush()
        os.set_blocking(self._log, True)
        os.dup2(self._log, 1)
        os.dup2(self._log, 2)
        if self._out.closed:
            self._out = _writer(1)
        if self._err.closed:
            self._err = _writer(2)
        sys.stdout = sys.__stdout__ = self._out  # type: ignore[misc]  # as above
        sys.stderr = sys.__stderr__ = self._err  # type: ignore[misc]  # as above

    def end(self) -> None:
        """Do the same, and mark that what follows belongs to another job."""
        self.restore()
        if self._mark:
            with contextlib.suppress(OSError):  # the driver has gone
                os.write(self._log, self._mark)


def _writer(descriptor: int) -> io.TextIOWrapper:
    """Return a text stream that writes each line as it ends: output of a worker that is killed is kept."""
    return open(descriptor, "w", buffering=1, closefd=False, encoding="utf-8", errors="backslashreplace")


def _prctl(option: int, value: int) -> None:
    """Call Linux' `prctl`; elsewhere do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value)
