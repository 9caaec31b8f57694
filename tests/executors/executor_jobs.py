"""Factories for the tests of executors; workers import them by name."""

from __future__ import annotations

import ctypes
import functools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import threadpoolctl

from bancada.executors import LastAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

_CALLS: list[int] = []
_LEAKED: list[bytes] = []


class Stubborn(Exception):  # noqa: N818 - a user's name for it, with no suffix
    """An error that pickles but cannot be built again."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} and {right}")


def actor(session: bytes) -> Callable[[bytes], bytes]:
    """Return a job that does what its first word says with what its second word gives."""
    _CALLS.append(os.getpid())
    return functools.partial(_act, session)


def broken(session: bytes) -> Callable[[bytes], bytes]:
    raise LookupError("no such dataset: " + session.decode())


def dying(session: bytes) -> Callable[[bytes], bytes]:
    os._exit(7)


def loose(session: bytes) -> Callable[[bytes], bytes]:
    return lambda job: job.decode()  # type: ignore[return-value] # the fault under test


def _act(session: bytes, job: bytes) -> bytes:
    verb, _, value = job.decode().partition(" ")
    answer = _VERBS[verb](value)
    if isinstance(answer, LastAnswer):
        return answer
    return session if answer is None else str(answer).encode()


def _leave(value: str) -> None:
    os._exit(int(value))


def _stop(value: str) -> None:
    sys.exit(int(value))


def _interrupt(value: str) -> None:
    raise KeyboardInterrupt(value)


def _signal(value: str) -> None:
    os.kill(os.getpid(), getattr(signal, value))
    time.sleep(5)


def _fail(value: str) -> None:
    raise ValueError(value)


def _stubborn(value: str) -> None:
    raise Stubborn(value, value)


def _local(value: str) -> None:
    class Local(Exception):  # noqa: N818 - what matters is that no import finds it
        pass

    raise Local(value)


def _nap(value: str) -> int:
    time.sleep(float(value))
    return os.getpid()


def _close(value: str) -> None:
    sys.stdout.close()
    sys.stderr.close()
    os.closerange(0, 3)


def _hang_up(value: str) -> None:
    os.closerange(3, 256)
    time.sleep(float(value))


def _fork(value: str) -> int:
    child = os.fork()
    return child or os.getpid()


def _child(value: str) -> int:
    return subprocess.Popen(["sleep", "60"]).pid


def _daemon(value: str) -> int:
    return subprocess.Popen(["sleep", "60"], start_new_session=True).pid


def _crowd(value: str) -> int:
    """Start a child in the worker's own group and one in another group of its session, note both, and die."""
    pids = [subprocess.Popen(["sleep", "60"]).pid, subprocess.Popen(["sleep", "60"], process_group=0).pid]
    Path(value).write_text(json.dumps(pids), encoding="ascii")
    os._exit(1)


def _say(value: str) -> None:
    print(value)  # noqa: T201 - what a job prints is captured
    print(value, file=sys.stderr)  # noqa: T201 - as above
    subprocess.run(["echo", value], check=True)


def _flood(value: str) -> int:
    """Write so many MB, in lines, to both streams in turn; return the worker's pid."""
    block = b"".join(b"line %05d of a flood that nobody reads to its end\n" % number for number in range(1_000))
    left = int(value) * 1_000_000
    while left > 0:
        left -= os.write(1 + left // 1_000 % 2, block[:left])
    print("the last line")  # noqa: T201 - what a job prints is kept
    return os.getpid()


def _drone(value: str) -> None:
    """Print so many lines one by one, as a chatty model does."""
    for number in range(int(value)):
        print("epoch", number)  # noqa: T201 - as above


def _redirect(value: str) -> None:
    """Lead the standard output into a file and leave it there."""
    print("before")  # noqa: T201 - as above
    with Path(value).open("w", encoding="ascii") as file:
        os.dup2(file.fileno(), 1)
    print("into the file")  # noqa: T201 - as above


def _jam(value: str) -> None:
    """Say something, and leave the standard output so that writing to it never waits."""
    os.set_blocking(1, False)
    print(value)  # noqa: T201 - as above


def _linger(value: str) -> None:
    """Say something and do not end."""
    print(value)  # noqa: T201 - as above
    time.sleep(60)


def _crash(value: str) -> None:
    """Close both streams, and touch memory that is not there."""
    print(value)  # noqa: T201 - as above
    os.close(1)
    os.close(2)
    ctypes.string_at(0)


def _hold(value: str) -> None:
    """Take so many MB, and keep them until the worker is killed."""
    held = b"x" * (int(value) * 1_000_000)
    time.sleep(len(held))


def _hold_in_child(value: str) -> None:
    """Let a child, a fork, take so many MB, and wait for it."""
    child = os.fork()
    if child == 0:
        _hold(value)
    os.waitpid(child, 0)


def _leak(value: str) -> int:
    _LEAKED.append(b"x" * (int(value) * 1_000_000))
    return os.getpid()


def _threads(value: str) -> str:
    a = __import__("numpy").ones((4, 4))
    total = float((a @ a).sum())
    pools = [pool["num_threads"] for pool in threadpoolctl.threadpool_info()]
    return json.dumps({"OMP_NUM_THREADS": os.environ["OMP_NUM_THREADS"], "pools": pools, "total": total})


_VERBS: dict[str, Callable[[str], object]] = {
    "echo": lambda value: value,
    "session": lambda _: None,
    "calls": lambda _: _CALLS.count(os.getpid()),
    "place": lambda value: f"{os.environ.get(value)} {Path.cwd()}",
    "pid": lambda _: os.getpid(),
    "parent": lambda _: os.getppid(),
    "length": len,
    "big": lambda value: "x" * int(value),
    "read": lambda _: repr(sys.stdin.read()),
    "mask": lambda _: signal.getsignal(signal.SIGINT) is signal.SIG_IGN and not signal.pthread_sigmask(0, ()),
    "leave": _leave,
    "stop": _stop,
    "interrupt": _interrupt,
    "signal": _signal,
    "fail": _fail,
    "stubborn": _stubborn,
    "local": _local,
    "nap": _nap,
    "close": _close,
    "hangup": _hang_up,
    "fork": _fork,
    "child": _child,
    "daemon": _daemon,
    "crowd": _crowd,
    "say": _say,
    "flood": _flood,
    "drone": _drone,
    "redirect": _redirect,
    "jam": _jam,
    "crash": _crash,
    "linger": _linger,
    "threads": _threads,
    "hold": _hold,
    "holdchild": _hold_in_child,
    "leak": _leak,
    "last": lambda _: LastAnswer(b"%d" % os.getpid()),
}
