"""Laws of the zygote: it leaves nothing behind, however the driver ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import bancada

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = str(Path(__file__).parent)
DRIVER = """
import json, os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what runs in the background
from bancada.executors import ProcessExecutor
pool = ProcessExecutor("executor_jobs:actor", workers=2, session=b"", fresh={fresh}, path=({here!r},), threads=1)
{early}
pids = [int(pool.submit(job).result(20)) for job in (b"pid", b"parent", b"child", b"daemon")]
futures = [pool.submit(b"nap 60") for _ in range(4)]
while sum(map(lambda future: future.running(), futures)) < 2:
    time.sleep(0.001)
while any(seat.pid is None for seat in pool._dispatcher._seats.values()):
    time.sleep(0.001)
pids += [seat.pid for seat in pool._dispatcher._seats.values()]
if pool._link.host is not None:
    pids.append(pool._link.host.pid)
print(json.dumps(pids), flush=True)
{end}
"""
FRESH = pytest.mark.parametrize("fresh", [False, True])


def _drive(fresh: bool, end: str, early: str = "") -> subprocess.Popen[str]:
    program = DRIVER.format(fresh=fresh, here=HERE, early=early, end=end)
    environment = {**os.environ, "PYTHONPATH": str(Path(bancada.__file__).parents[1])}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _pids(driver: subprocess.Popen[str]) -> list[int]:
    assert driver.stdout is not None
    pids: list[int] = json.loads(driver.stdout.readline())
    return pids


@FRESH
@pytest.mark.parametrize(
    "end", ["os.kill(os.getpid(), signal.SIGKILL)", "os._exit(0)", "sys.exit(0)", "os.killpg(0, signal.SIGKILL)"]
)
def test_nothing_survives_the_driver(fresh: bool, end: str, gone: Callable[..., bool]) -> None:
    with _drive(fresh, end) as driver:
        pids = _pids(driver)
        driver.wait(10)
        assert len(set(pids)) >= 5
        assert gone(*pids)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="the system tells of an end by closed connections only")
@FRESH
def test_a_forked_child_that_holds_the_connections_keeps_nothing_alive(
    fresh: bool,
    gone: Callable[..., bool],
) -> None:
    early = (
        "holder = os.fork()\nif holder == 0:\n    os.close(1)\n    time.sleep(60)\n    os._exit(0)\n"
        "print(holder, flush=True)"
    )
    with _drive(fresh, "os.kill(os.getpid(), signal.SIGKILL)", early) as driver:
        assert driver.stdout is not None
        holder = int(driver.stdout.readline())
        try:
            pids = _pids(driver)
            driver.wait(10)
            assert gone(*pids)
            os.kill(holder, 0)
        finally:
            os.kill(holder, signal.SIGKILL)


@FRESH
def test_ctrl_c_reaches_the_driver_alone(fresh: bool) -> None:
    end = (
        "try:\n    time.sleep(20)\nexcept KeyboardInterrupt:\n    pass\n"
        "print([f.done() for f in futures])\npool.shutdown(cancel=True)"
    )
    with _drive(fresh, end) as driver:
        _pids(driver)
        time.sleep(0.05)
        os.killpg(driver.pid, signal.SIGINT)
        assert driver.communicate(timeout=10)[0].strip() == "[False, False, False, False]"
        assert driver.returncode == 0


@pytest.mark.parametrize("end", ["", "pool.shutdown(cancel=True)"])
def test_a_driver_that_ends_regularly_does_so_without_a_word_or_delay(end: str, gone: Callable[..., bool]) -> None:
    begin = time.monotonic()
    with _drive(False, end) as driver:
        pids = _pids(driver)
        assert driver.communicate(timeout=10)[0] == ""
        assert driver.returncode == 0
        assert gone(*pids)
    assert time.monotonic() - begin < 10
