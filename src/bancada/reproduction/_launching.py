"""The runner as a process of its own: without credentials, in its own session, ended with who asked for it."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import site
import subprocess
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from bancada.engine.runner import Result, read_result
from bancada.exceptions import BancadaError, UsageError, counted
from bancada.executors import thread_environment
from bancada.provenance.origin import clean_environment
from bancada.reproduction._laying import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bancada.reproduction._listening import Listener

__all__ = ["Runner", "RunnerFailed"]

STEPS = {
    "importing": "importing the project",
    "data": "reading the data",
    "begun": "computing the folds",
    "scoring": "comparing",
}
SAID_BYTES = 4_000


class RunnerFailed(BancadaError):  # noqa: N818 - what happened; it becomes a verdict
    """The runner ended without an answer, or took too long."""


@dataclass(frozen=True)
class Runner:
    """How a job is run.

    Attributes:
        python: The interpreter.
        environ: Environment variables of this process, of which few are passed on.
        current: True where the interpreter is this process's own.
        timeout_s: Seconds after which it is ended.
        root: The project's root, where relative paths of its code start; None where it was laid out beside the job.
    """

    python: Path
    environ: Mapping[str, str]
    current: bool
    timeout_s: float
    root: Path | None = None

    def run(self, job: Path, threads: int | None, listener: Listener) -> Result:
        """Run a job to its end and return what it answered.

        Args:
            job: Its file.
            threads: Threads of the numerical libraries.
            listener: Who is told.

        Raises:
            RunnerFailed: It ended without an answer, or ran past its limit.
            UsageError: The interpreter cannot be started.
        """
        folder = job.parent
        command = [str(self.python), "-P", "-m", "bancada.engine.runner", str(job)]
        with (folder / "runner.log").open("w+b") as log:
            try:
                process = subprocess.Popen(
                    command,
                    cwd=folder / PROJECT if self.root is None else self.root,
                    env=self._environment(folder, threads),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    start_new_session=True,
                )
            except OSError as error:
                raise UsageError(
                    "A run is computed once more by the interpreter of its environment.",
                    f"`{self.python}` cannot be started: {error.strerror or error}.",
                    "Use `--with-current-environment` to try it with the present one.",
                ) from error
            try:
                self._follow(process, listener)
            finally:
                _end(process)
            return _answer(folder, process.returncode, log)

    def _environment(self, folder: Path, threads: int | None) -> dict[str, str]:
        home, temporary = folder / "home", folder / "tmp"
        for place in (home, temporary):
            place.mkdir(mode=0o700, exist_ok=True)
        found = clean_environment(self.environ, home)
        found |= {"TMPDIR": str(temporary), "TEMP": str(temporary), "TMP": str(temporary)}
        found |= {} if threads is None else thread_environment(threads)
        found["PATH"] = os.pathsep.join([str(self.python.parent), found.get("PATH", os.defpath)])
        if self.current:
            # What this interpreter finds, the same interpreter finds once more.
            found |= {name: self.environ[name] for name in ("PYTHONPATH",) if self.environ.get(name)}
            if site.ENABLE_USER_SITE:
                found.pop("PYTHONNOUSERSITE", None)
                found["PYTHONUSERBASE"] = site.getuserbase()
        return found

    def _follow(self, process: subprocess.Popen[bytes], listener: Listener) -> None:
        """Pass on what the runner tells, until it ends."""
        stream = process.stdout
        if stream is None:
            message = "stdout is a pipe"
            raise AssertionError(message)
        limit = time.monotonic() + self.timeout_s
        told = _Told(listener)
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            while True:
                left = limit - time.monotonic()
                if left <= 0:
                    raise self._too_slow()
                if selector.select(min(left, 1.0)):
                    data = os.read(stream.fileno(), 65_536)
                    if not data:
                        break
                    told.take(data)
        try:
            process.wait(max(1.0, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise self._too_slow() from None

    def _too_slow(self) -> RunnerFailed:
        return RunnerFailed(
            "A run that is computed once more takes about as long as it took.",
            f"It was ended after {self.timeout_s:,.0f} s.",
            "See whether the machine is busy, and try again.",
        )


class _Told:
    """Turns the lines of a runner into what a listener is told."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._rest = b""
        self._done = self._total = 0

    def take(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        # A line that never ends is no line of the runner's.
        self._rest = self._rest[-65_536:]
        for line in lines:
            with contextlib.suppress(ValueError):
                event = json.loads(line)
                if isinstance(event, dict):
                    self._tell(event)

    def _tell(self, event: dict[str, Any]) -> None:
        name = event.get("event")
        if name == "begun":
            self._total = int(event.get("folds", 0))
        if name in STEPS:
            self._listener.step(STEPS[name])
        elif name == "fold":
            self._done += 1
            self._listener.fold(self._done, self._total, str(event.get("status", "")))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the runner with all that it started, what it has left behind when it ended by itself included."""
    # A group keeps its number as long as anybody is in it.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _answer(folder: Path, code: int, log: IO[bytes]) -> Result:
    path = folder / "out" / "result.json"
    if path.is_file() and not path.is_symlink():
        return read_result(path.read_bytes())
    log.seek(0, os.SEEK_END)
    log.seek(max(0, log.tell() - SAID_BYTES))
    said = log.read().decode(errors="replace").strip()
    ended = f"signal {-code}" if code < 0 else f"exit code {code}"
    last = said.splitlines()[-1] if said else "nothing"
    raise RunnerFailed(
        "A runner answers with a result.",
        f"This one ended with {ended}; the last that it said is: {last}",
        f"See all of it with `--keep DIR`, in `DIR/runner.log` ({counted(len(said.splitlines()), 'line')}).",
    )
