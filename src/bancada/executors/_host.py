"""Where zygotes come from: a fork of the driver, or a fresh interpreter that is kept."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import time
import weakref
from dataclasses import dataclass
from pathlib import Path

from bancada.executors._child import fork
from bancada.executors._cores import thread_environment
from bancada.executors._frames import READ_BYTES, Kind, pack
from bancada.executors._zygote import ASK, CURRENT, FORK, Prelude, run_zygote

__all__ = ["ZygoteHost", "ZygoteLink", "fork_zygote", "hosted_zygote"]

_BUFFER_BYTES = 1 << 18
_END_S = 0.8
# An interpreter answers once it has imported its prelude, which may take as long as the imports of a project do.
_ANSWER_S = 30.0
_BOOT = """
import json, socket, sys
folder, descriptor, driver, modules, path = json.loads(sys.argv[1])
sys.path.append(folder)
sys.argv[1:] = []
from bancada.executors._zygote import Prelude, host_main
host_main(socket.socket(fileno=descriptor), Prelude(tuple(modules), tuple(path)), driver)
"""


@dataclass(frozen=True, slots=True)
class ZygoteLink:
    """A zygote as the driver sees it.

    Args:
        control: The connection; a zygote whose driver closes it kills its workers and ends.
        pid: The zygote's pid, where it is a child of this process.
        host: The host that forked it, which must live until the zygote does; None where this process did.
    """

    control: socket.socket
    pid: int | None = None
    host: ZygoteHost | None = None

    def close(self) -> None:
        """Wait until the zygote has ended, and kill it where it does not within a second; idempotent."""
        deadline = time.monotonic() + _END_S
        with contextlib.suppress(OSError):  # closed before, or gone, or past the deadline
            self.control.shutdown(socket.SHUT_WR)
            self.control.settimeout(_END_S)
            while self.control.recv(READ_BYTES) and time.monotonic() < deadline:
                pass
        self.control.close()
        if self.pid is None:
            return
        with contextlib.suppress(ChildProcessError):  # reaped before, or by another part of the driver
            while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
                if time.monotonic() > deadline:
                    os.kill(self.pid, signal.SIGKILL)
                time.sleep(0.0005)


class ZygoteHost:
    """A fresh interpreter that has imported a prelude and forks zygotes from there.

    Args:
        prelude: What it imports.

    Attributes:
        served: True once it was asked for a zygote.
    """

    def __init__(self, prelude: Prelude) -> None:
        self.served = False
        self._stream, theirs = socket.socketpair()
        folder = str(Path(__file__).parents[2])
        boot = json.dumps([folder, theirs.fileno(), os.getpid(), prelude.modules, prelude.path])
        # One thread per pool: a pool that has started no thread is safe to fork; workers raise the bound to theirs. The
        # last variable lets macOS run Objective-C after a fork, which it stops by default for the sake of processes
        # with threads.
        environment = {**os.environ, **thread_environment(1), "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES"}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BOOT, boot],
                pass_fds=[theirs.fileno()],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self.close = weakref.finalize(self, _end, self._stream, self._process, os.getpid())

    @property
    def pid(self) -> int:
        """The pid of the interpreter."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """True until it has ended."""
        return self._process.poll() is None

    def current(self) -> bool:
        """Tell whether the files that it imported are as they were; False where it does not answer in time."""
        with contextlib.suppress(OSError):  # it has ended, or is silent
            self._stream.settimeout(_ANSWER_S)
            self._stream.sendall(ASK)
            answer = self._stream.recv(1)
            self._stream.settimeout(None)
            return answer == CURRENT
        return False

    def zygote(self) -> ZygoteLink:
        """Return a new zygote, forked as soon as the prelude is imported."""
        self.served = True
        ours, theirs = _connection()
        with theirs:
            socket.send_fds(self._stream, [FORK], [theirs.fileno()])
        # A fork of this process would have them as they are now, and not as they were when the interpreter started.
        setting = {"environment": dict(os.environ), "folder": str(Path.cwd())}
        ours.sendall(pack(Kind.SETTING, json.dumps(setting).encode()))
        return ZygoteLink(ours, host=self)


def fork_zygote(prelude: Prelude, threads: int) -> ZygoteLink:
    """Fork a zygote from this process, with everything that it has imported."""
    ours, theirs = _connection()
    driver = os.getpid()
    with theirs:
        pid = fork()
        if pid == 0:
            ours.close()
            run_zygote(theirs, prelude, threads, driver)
    return ZygoteLink(ours, pid=pid)


def hosted_zygote(prelude: Prelude) -> ZygoteLink:
    """Return a zygote that a fresh interpreter forks, which is kept for the next call with an equal prelude.

    It is not used again once a file that it imported has changed: its workers would run the code as it was.
    """
    host = _kept(prelude, os.getpid())
    if host.served and not (host.alive and host.current()):
        _kept.cache_clear()
        host = _kept(prelude, os.getpid())
    return host.zygote()


# The one value that outlives its caller here. An interpreter with the libraries of a project takes a second or more to
# start, and a notebook asks for an executor in every cell: nobody but the process itself lives long enough to keep it.
# It holds nothing but imported modules; it is keyed by the process too, for a child must not use its parent's.
@functools.lru_cache(maxsize=1)
def _kept(prelude: Prelude, _driver: int) -> ZygoteHost:
    """Return the host for a prelude; the one before it ends when its last executor does."""
    return ZygoteHost(prelude)


def _connection() -> tuple[socket.socket, socket.socket]:
    """Return both ends of a control connection, with room for what is sent while the zygote still imports."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
    return ours, theirs


def _end(stream: socket.socket, process: subprocess.Popen[bytes], driver: int) -> None:
    """End a host; a forked copy of its owner must leave it alone."""
    stream.close()
    if os.getpid() == driver:
        process.kill()
        process.wait()
