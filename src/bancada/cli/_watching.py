"""`bancada try --watch`: a trial on every save, until Ctrl-C."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from bancada.cli import _afresh
from bancada.cli._errors import DONE, WRONG_USE
from bancada.cli._saves import Saves
from bancada.display import plain
from bancada.executors import fork_hazard

if TYPE_CHECKING:
    from bancada.cli._context import Common
    from bancada.cli._try import Asked
    from bancada.definitions import Project

__all__ = ["watch"]

_POLL_S = 0.05
_GRACE_S = 3.0
_READ_BYTES = 1 << 16
_BOOT = "import sys; from bancada.cli._afresh import fresh; sys.exit(fresh(sys.argv[1]))"


def watch(common: Common, project: Project, asked: Asked) -> int:
    """Try now and on every save of what the project consists of; return the exit code once Ctrl-C ends it.

    This process never imports a module of the project. It holds the libraries that they import, and each trial is a
    fork of it that imports the project's modules afresh: so a save costs no import of a library. Where a fork would be
    unsafe, each trial is an interpreter of its own, which imports everything.
    """
    saves = Saves(project.root, project.search, (project.store, project.cache))
    libraries = _Libraries()
    first = True
    try:
        while True:
            trial = _Trial.begin(common, asked)
            try:
                changed = _until_saved(trial, saves, libraries, first=first)
            finally:
                trial.end()
            if changed is None:
                return WRONG_USE
            first = False
            click.echo(f"\nsaved: {', '.join(plain(name) for name in changed)}", err=True)
    except KeyboardInterrupt:
        click.echo("\nWatch ended; what was computed is kept.", err=True)
        return DONE


def _until_saved(trial: _Trial, saves: Saves, libraries: _Libraries, *, first: bool) -> tuple[str, ...] | None:
    """Wait for the next save, whether the trial is done by then or not; None where there is nothing to wait for."""
    ended = broken = False
    while True:
        for event in trial.events(0.0 if libraries.waiting else _POLL_S):
            libraries.add(event["modules"])
            if event["event"] == "loaded":
                saves.know(event["files"], broken=event["broken"])
                broken = event["broken"]
        if not ended and trial.code() is not None:
            ended = True
            if first and trial.code() == WRONG_USE and not broken:
                return None
            click.echo(f"Watching {len(saves)} files: save one, or press Ctrl-C.", err=True)
        changed = saves.changed()
        if changed:
            return changed
        libraries.import_next()


class _Libraries:
    """The libraries that trials import, imported here one after another, so that the next fork has them."""

    def __init__(self) -> None:
        self._queue: deque[str] = deque(_afresh.ENGINE)
        self._asked: set[str] = set()

    @property
    def waiting(self) -> bool:
        """True while some are to be imported."""
        return bool(self._queue)

    def add(self, names: list[str]) -> None:
        """Learn what a trial has imported, in the order of its imports."""
        new = [name for name in names if name not in sys.modules and name not in self._asked]
        self._asked.update(new)
        self._queue.extend(new)

    def import_next(self) -> None:
        """Import for a moment; what cannot be imported here is imported by each trial."""
        until = time.monotonic() + _POLL_S
        while self._queue and time.monotonic() < until:
            name = self._queue.popleft()
            if name not in sys.modules:
                _import_quietly(name)
            if not self._queue:
                # A collection in a fork would write into every page of what is shared here.
                gc.freeze()


def _import_quietly(name: str) -> None:
    """Import a module; what it prints was told by the trial, and whoever needs it meets its error there."""
    nowhere = io.StringIO()
    with (
        contextlib.suppress(Exception, SystemExit),
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        importlib.import_module(name)


@dataclass(slots=True)
class _Trial:
    """A trial in a process of its own.

    Attributes:
        pid: The process.
        pipe: Where it tells what it met.
        process: The interpreter, where it is no fork.
    """

    pid: int
    pipe: int
    process: subprocess.Popen[bytes] | None = None
    _buffer: bytes = b""
    _closed: bool = False
    _code: int | None = field(default=None)

    @classmethod
    def begin(cls, common: Common, asked: Asked) -> _Trial:
        """Start a trial: a fork where that is safe."""
        ours, theirs = os.pipe()
        try:
            if fork_hazard() is not None:
                order = _afresh.packed(theirs, common, asked)
                process = subprocess.Popen([sys.executable, "-c", _BOOT, order], pass_fds=[theirs], process_group=0)
                return cls(process.pid, ours, process)
            return cls(_forked(ours, theirs, common, asked), ours)
        finally:
            os.close(theirs)

    def events(self, timeout_s: float) -> list[dict[str, Any]]:
        """Return what it has told since; wait for it a moment."""
        if self._closed:
            time.sleep(timeout_s)
            return []
        if not select.select([self.pipe], [], [], timeout_s)[0]:
            return []
        data = os.read(self.pipe, _READ_BYTES)
        self._closed = not data
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def code(self) -> int | None:
        """Return its exit code; None while it runs."""
        if self._code is None and self._closed:
            self._code = self._waited(block=True)
        return self._code

    def end(self) -> None:
        """Interrupt it where it runs, wait until it has kept what is done, and leave no process of it behind."""
        try:
            if self._code is None:
                self._signal(signal.SIGINT)
                deadline = time.monotonic() + _GRACE_S
                while self._code is None:
                    self._code = self._waited(block=False)
                    if time.monotonic() > deadline:
                        self._signal(signal.SIGKILL)
                    time.sleep(0.005)
        finally:
            os.close(self.pipe)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def _waited(self, *, block: bool) -> int | None:
        if self.process is not None:
            return self.process.wait() if block else self.process.poll()
        pid, status = os.waitpid(self.pid, 0 if block else os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if pid else None


def _forked(ours: int, theirs: int, common: Common, asked: Asked) -> int:
    """Fork a trial; return its pid, in the watcher alone."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    watcher = os.getpid()
    # Held back until the child can tell Ctrl-C for the watcher from one for itself.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        pid = os.fork()
        if pid == 0:
            code = 70
            try:
                os.close(ours)
                signal.signal(signal.SIGINT, signal.default_int_handler)
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
                code = _afresh.in_fork(theirs, watcher, common, asked)
                for stream in (sys.stdout, sys.stderr):
                    with contextlib.suppress(Exception):
                        stream.flush()
            finally:
                os._exit(code)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pid
