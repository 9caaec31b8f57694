"""The zygote: a process of one thread that forks workers, reaps them and kills them; it computes nothing."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import time
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import threadpoolctl

from bancada.executors._child import Output, adopt_orphans, die_with_parent, fork, separate
from bancada.executors._claims import Claims
from bancada.executors._cores import thread_environment
from bancada.executors._files import ImportedFiles
from bancada.executors._frames import READ_BYTES, Inbox, Kind, pack
from bancada.executors._worker import Contract, run_worker

if TYPE_CHECKING:
    from collections.abc import Container
    from typing import NoReturn

    from bancada.executors._frames import Frame

__all__ = ["ASK", "CURRENT", "FORK", "Prelude", "host_main", "pack_spawn", "run_zygote"]

# What a driver asks of a host: a zygote, whose connection travels along, or whether what it imported is as it was.
FORK, ASK = b"z", b"?"
CURRENT, OUTDATED = b"y", b"n"
_END_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Prelude:
    """What a zygote imports before it forks, so that its workers have it at once.

    Args:
        modules: Modules to import.
        path: Folders put before the others on `sys.path`.
    """

    modules: tuple[str, ...]
    path: tuple[str, ...]


def pack_spawn(number: int, contract: Contract, mark: bytes) -> bytes:
    """Return the frame that asks for a worker; its end of the connection, its claims and its output travel along."""
    return pack(Kind.SPAWN, json.dumps({"number": number, "mark": mark.hex(), **asdict(contract)}).encode())


def run_zygote(control: socket.socket, prelude: Prelude, threads: int, driver: int) -> NoReturn:
    """Be a zygote until the driver closes `control` or ends; the calling process is a fresh fork of the driver."""
    try:
        separate()
        die_with_parent(driver)
        output = Output(None)
        _serve(control, driver, output, _prepare(prelude, threads))
    except BaseException:  # noqa: BLE001 - nothing may leave a fork through the frames of its parent
        traceback.print_exc()
    finally:
        os._exit(0)


def host_main(stream: socket.socket, prelude: Prelude, driver: int) -> NoReturn:
    """Be a fresh interpreter that forks one zygote for each executor of the driver, until the driver closes or ends."""
    try:
        separate()
        die_with_parent(driver)
        output = Output(None)
        begun_ns = time.time_ns()
        pools = _prepare(prelude, 1)
        imported = ImportedFiles(prelude.modules, prelude.path, begun_ns)
        # A child that has ended vanishes at once; a zygote does not outlive its executor, and nobody asks how it ended.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            mark, descriptors, _, _ = socket.recv_fds(stream, 1, 1)
            if not mark:
                break
            if mark == ASK:
                stream.sendall(CURRENT if imported.unchanged() else OUTDATED)
                continue
            with socket.socket(fileno=descriptors[0]) as control:
                if fork() == 0:
                    stream.close()
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    separate()
                    _serve(control, driver, output, pools)
                    os._exit(0)
    except BaseException:  # noqa: BLE001 - nothing may leave a fork through the frames of its parent
        traceback.print_exc()
    finally:
        os._exit(0)


def _prepare(prelude: Prelude, threads: int) -> threadpoolctl.ThreadpoolController:
    """Import what workers will need; return the pools of numerical libraries, found once and not by each worker."""
    os.environ.update(thread_environment(threads))
    sys.path[:0] = prelude.path
    for module in prelude.modules:
        # Whoever needs the module meets the same error in the worker, where it can be told.
        # A module may end the interpreter that imports it (`sys.exit`): not this one.
        with contextlib.suppress(BaseException):
            importlib.import_module(module)
    # What exists now is never collected in a worker: a collection would write into every page and so copy it.
    gc.freeze()
    return threadpoolctl.ThreadpoolController()


def _serve(control: socket.socket, driver: int, output: Output, pools: threadpoolctl.ThreadpoolController) -> None:
    """Obey the driver until it goes, then leave nothing behind."""
    adopt_orphans()
    zygote = _Zygote(control, driver, pools)
    try:
        zygote.run()
    finally:
        zygote.end_all()
        output.restore()


class _Zygote:
    """The loop of the zygote."""

    def __init__(self, control: socket.socket, driver: int, pools: threadpoolctl.ThreadpoolController) -> None:
        self._control = control
        self._inbox = Inbox()
        self._descriptors: list[int] = []
        self._pids: dict[int, int] = {}
        self._sessions: set[int] = set()
        self._pools = pools
        self._wake, self._alarm = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        for stream in (self._wake, self._alarm):
            stream.settimeout(0)
        signal.set_wakeup_fd(self._alarm.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        self._selector.register(control, selectors.EVENT_READ)
        self._selector.register(self._wake, selectors.EVENT_READ)
        self._watch = _watch(driver)
        if self._watch is not None:
            self._selector.register(self._watch, selectors.EVENT_READ)

    def run(self) -> None:
        """Serve until the driver goes."""
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is self._wake:
                    with contextlib.suppress(BlockingIOError):
                        self._wake.recv(READ_BYTES)
                elif key.fileobj is not self._control or not self._obey():
                    return
            self._reap()

    def end_all(self) -> None:
        """Kill all workers and all that they started, and wait until they are gone."""
        deadline = time.monotonic() + _END_WAIT_S
        while time.monotonic() < deadline:
            for pid in {*self._pids, *_children()}:
                _kill(pid)
            with contextlib.suppress(ChildProcessError):
                while (gone := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                    self._pids.pop(gone, None)
                # Something still ends, or an orphan has just come to us.
                time.sleep(0.0005)
                continue
            return

    def _obey(self) -> bool:
        """Read from the driver and do what it says; False once it has gone."""
        try:
            piece, descriptors, _, _ = socket.recv_fds(self._control, READ_BYTES, 64)
        except ConnectionError:
            return False
        self._descriptors += descriptors
        for frame in self._inbox.feed(piece):
            if frame.kind is Kind.SPAWN:
                self._spawn(frame)
            elif frame.kind is Kind.SETTING:
                _settle(json.loads(frame.body))
            else:
                number = int(frame.body)
                for pid, known in self._pids.items():
                    if known == number:
                        _kill(pid)
        return bool(piece)

    def _spawn(self, frame: Frame) -> None:
        """Fork a worker."""
        order = json.loads(frame.body)
        number, mark = order.pop("number"), bytes.fromhex(order.pop("mark"))
        zygote = os.getpid()
        with contextlib.ExitStack() as ours:
            stream = ours.enter_context(socket.socket(fileno=self._descriptors.pop(0)))
            claims = ours.enter_context(contextlib.closing(Claims(self._descriptors.pop(0))))
            pipe = self._descriptors.pop(0)
            ours.callback(os.close, pipe)
            pid = fork()
            if pid == 0:
                self._forget()
                os.set_inheritable(pipe, False)  # noqa: FBT003 - the name of the function says what it is
                run_worker(stream, claims, Contract(**order), self._pools, zygote, pipe, mark)
        self._pids[pid] = number
        self._sessions.discard(pid)
        self._tell(Kind.SPAWNED, number, pid)

    def _forget(self) -> None:
        """Close what belongs to the zygote alone; in a worker."""
        signal.set_wakeup_fd(-1)
        self._selector.close()
        for stream in (self._control, self._wake, self._alarm):
            stream.close()
        for descriptor in self._descriptors:
            os.close(descriptor)
        if self._watch is not None:
            os.close(self._watch)

    def _reap(self) -> None:
        """Take the status of each child that ended, and kill what a worker left behind."""
        with contextlib.suppress(ChildProcessError):
            while (death := _next_death(self._pids)) is not None:
                pid, status = death
                number = self._pids.pop(pid, None)
                if number is not None:
                    self._sessions.add(pid)
                    self._tell(Kind.EXITED, number, status)
                for child in _children():
                    # What a worker started in another group of its session came to us when it died.
                    with contextlib.suppress(ProcessLookupError):
                        if os.getsid(child) in self._sessions:
                            os.kill(child, signal.SIGKILL)

    def _tell(self, kind: Kind, number: int, value: int) -> None:
        """Report to the driver; where it has gone, the next read says so."""
        with contextlib.suppress(OSError):
            self._control.sendall(pack(kind, json.dumps([number, value]).encode()))


def _settle(setting: dict[str, Any]) -> None:
    """Take over environment and working folder of the driver."""
    os.environ.clear()
    os.environ.update(setting["environment"])
    with contextlib.suppress(OSError):  # removed meanwhile
        os.chdir(setting["folder"])


def _kill(pid: int) -> None:
    """Kill a child and its group; a child that has just been forked may not lead one yet."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _next_death(workers: Container[int]) -> tuple[int, int] | None:
    """Reap a child that has ended and kill what is left of its group, where it was a worker.

    Returns:
        Its pid and status; None while all children live.

    Raises:
        ChildProcessError: There is no child.
    """
    if hasattr(os, "waitid"):
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None:
            return None
        # The group goes first: as long as its leader is a zombie, no other process can be given its number.
        if ended.si_pid in workers:
            _kill(ended.si_pid)
        return os.waitpid(ended.si_pid, 0)
    pid, status = os.waitpid(-1, os.WNOHANG)
    if pid in workers:
        _kill(pid)
    return (pid, status) if pid else None


def _children() -> set[int]:
    """Return the children of this process, adopted ones included; empty where the kernel does not tell."""
    with contextlib.suppress(OSError):
        return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()}
    return set()


def _watch(driver: int) -> int | None:
    """Return a descriptor that becomes readable when the driver ends; None where the system has none.

    The end of `control` says the same, unless some other child of the driver holds a copy of the driver's end.
    """
    if not hasattr(os, "pidfd_open"):
        return None
    try:
        return os.pidfd_open(driver)
    except ProcessLookupError:
        os._exit(0)
    except OSError:
        return None
