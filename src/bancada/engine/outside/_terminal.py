"""A program's output: shown as it comes, unchanged, and kept as far as its beginning and its end."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import FrameType

__all__ = ["Ended", "Output", "run_program"]

CHUNK = 1 << 16
KEPT = 512 * 1024


class Output:
    """The first and the last bytes of a stream, at most `KEPT` of each."""

    def __init__(self, kept: int = KEPT) -> None:
        self.size = 0
        self._kept = kept
        self._head = bytearray()
        self._tail = bytearray()

    def add(self, data: bytes) -> None:
        """Take what came."""
        self.size += len(data)
        room = self._kept - len(self._head)
        self._head += data[:room]
        self._tail += data[room:] if room > 0 else data
        if len(self._tail) > 2 * self._kept:
            del self._tail[: -self._kept]

    def text(self) -> str:
        """Return what was kept, with a line for what was left out."""
        tail = bytes(self._tail[-self._kept :])
        left = self.size - len(self._head) - len(tail)
        middle = f"\n[… {left:,} bytes are left out …]\n" if left else ""
        return self._head.decode("utf-8", "replace") + middle + tail.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended.

    Attributes:
        code: Its exit code; negative for the signal that ended it.
        pid: Its process.
        interrupted: True where this process was asked to stop meanwhile.
    """

    code: int
    pid: int
    interrupted: bool


@dataclass(slots=True)
class _Copies:
    """Where what a descriptor gives is copied to."""

    targets: dict[int, int] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    terminal: int | None = None

    def write(self, target: int, data: bytes) -> None:
        """Write all of it; a reader that has gone is no reason to end the program."""
        view = memoryview(data)
        while view and target not in self.gone:
            try:
                view = view[os.write(target, view) :]
            except OSError:
                self.gone.add(target)


def run_program(
    command: Sequence[str], environ: Mapping[str, str], folder: Path, output: Output, *, aside: bool = False
) -> Ended:
    """Run a program to its end, showing what it writes.

    Where this process writes to a terminal so does the program, to one of its own, so that bars and colours survive.
    Ctrl-C reaches it as it would without this process; a signal that this process alone receives is passed on.

    Args:
        command: Program and arguments.
        environ: Its environment.
        folder: Its working directory.
        output: What keeps the output.
        aside: True to show its stdout on stderr.

    Raises:
        OSError: It cannot be started.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    shared = _in_foreground()
    copies = _Copies()
    ends: list[int] = []
    stdout, stderr = (_stream(target, copies, ends) for target in (2 if aside else 1, 2))
    try:
        process = subprocess.Popen(
            list(command),
            env=dict(environ),
            cwd=folder,
            stdout=stdout,
            stderr=stderr,
            process_group=None if shared else 0,
        )
    except BaseException:
        for source in copies.targets:
            os.close(source)
        raise
    finally:
        for end in ends:
            os.close(end)
    with _Signals(process, shared=shared) as signals:
        _copy(process, copies, output)
        code = process.wait()
    return Ended(code, process.pid, interrupted=signals.received)


def _in_foreground() -> bool:
    """Tell whether the terminal sends Ctrl-C to this process group."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


def _stream(target: int, copies: _Copies, ends: list[int]) -> int:
    """Return what the program writes to: a terminal where this process has one, else a pipe."""
    if not os.isatty(target):
        source, end = os.pipe()
    elif copies.terminal is not None:
        # Two streams that end in a terminal share one, so that their order is kept.
        return copies.terminal
    else:
        source, end = _terminal(target)
        copies.terminal = end
    copies.targets[source] = target
    ends.append(end)
    return end


def _terminal(like: int) -> tuple[int, int]:
    """Return both ends of a terminal that is as large as another and changes nothing of what is written to it."""
    import pty  # noqa: PLC0415 - not on Windows
    import termios  # noqa: PLC0415 - the same

    source, end = pty.openpty()
    with contextlib.suppress(OSError, termios.error):
        attributes = termios.tcgetattr(end)
        attributes[1] &= ~termios.OPOST
        termios.tcsetattr(end, termios.TCSANOW, attributes)
        termios.tcsetwinsize(end, termios.tcgetwinsize(like))
    return source, end


def _copy(process: subprocess.Popen[bytes], copies: _Copies, output: Output) -> None:
    """Copy until the program has ended and nothing more has come; who it left behind is not waited for."""
    ended, told = os.pipe()

    def wait() -> None:
        process.wait()
        os.close(told)

    threading.Thread(target=wait, daemon=True).start()
    with selectors.DefaultSelector() as selector:
        for source in (*copies.targets, ended):
            os.set_blocking(source, False)
            selector.register(source, selectors.EVENT_READ)
        running = True
        while True:
            ready = [key.fd for key, _ in selector.select(None if running else 0)]
            data = {source: _read(source) for source in ready if source != ended}
            for source, chunk in data.items():
                if chunk:
                    output.add(chunk)
                    copies.write(copies.targets[source], chunk)
                else:
                    selector.unregister(source)
            if ended in ready:
                running = False
                selector.unregister(ended)
            if not running and not any(data.values()):
                break
    for source in (*copies.targets, ended):
        os.close(source)


def _read(source: int) -> bytes:
    try:
        return os.read(source, CHUNK)
    except OSError:  # a terminal whose other end is closed
        return b""


class _Signals:
    """Passes signals on to a program while it runs.

    Args:
        process: The program.
        shared: True where the terminal sends Ctrl-C to it too.
    """

    def __init__(self, process: subprocess.Popen[bytes], *, shared: bool) -> None:
        self.received = False
        self._process = process
        self._shared = shared
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        """Begin to listen, where this thread may."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._pass_on)
        return self

    def __exit__(self, *_: object) -> None:
        """Leave signals to whoever had them before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        self.received = True
        if number == signal.SIGINT and self._shared:
            return
        with contextlib.suppress(OSError):
            if self._shared:
                self._process.send_signal(number)
            else:
                os.killpg(self._process.pid, number)
