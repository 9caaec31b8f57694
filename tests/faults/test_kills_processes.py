"""SIGKILL of a worker, the zygote, the driver and all of them: nothing acknowledged is lost, and nothing lives on."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.faults.conftest import alive, children, kills, offspring

from bancada.exceptions import WorkerLost
from bancada.executors import ProcessExecutor

if TYPE_CHECKING:
    import random
    import subprocess
    from collections.abc import Callable
    from concurrent.futures import Future

    from tests.faults.conftest import Sweeps

    Make = Callable[[str], Sweeps]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")


def _strike(victim: str, driver: subprocess.Popen[bytes], chance: random.Random) -> set[int]:
    """Kill, and return the processes that must end for it."""
    family = {driver.pid, *offspring(driver.pid)}
    zygotes = children(driver.pid)
    workers = [worker for zygote in zygotes for worker in children(zygote)]
    if victim == "group":
        os.killpg(driver.pid, signal.SIGKILL)
    else:
        aims = {"driver": [driver.pid], "zygote": zygotes, "worker": workers}[victim]
        if aims:
            os.kill(chance.choice(aims), signal.SIGKILL)
    return family


@pytest.mark.parametrize("victim", ["worker", "zygote", "driver", "group"])
def test_after_a_kill_the_next_run_ends_as_if_nothing_had_been(
    sweeps: Make, undisturbed: Sweeps, victim: str, chance: random.Random
) -> None:
    struck = sweeps("struck")
    for number in range(kills(1)):
        with struck.start() as driver:
            begun = len(struck.acknowledged())
            struck.wait_for(begun + chance.randrange(1, 6), driver)
            family = _strike(victim, driver, chance)
            driver.wait(60)
            family |= {driver.pid}
        deadline = time.monotonic() + 10
        while alive(family) and time.monotonic() < deadline:
            time.sleep(0.005)
        assert alive(family) == set()
        assert struck.findings() == []
        if len(struck.acknowledged()) > 30:
            struck = sweeps(f"struck-{number}")
    acknowledged = struck.acknowledged()
    assert struck.start().wait(120) == 0
    assert struck.end() == undisturbed.end()
    assert struck.findings() == []
    # The last run of each candidate took what was acknowledged before it, and computed none of that again.
    last = {line["run"]: line for line in struck.lines() if line["event"] == "begin"}
    newest = {line["candidate"]: run for run, line in sorted(last.items(), key=lambda item: item[1]["started"])}
    uses = [line for line in struck.lines() if line["event"] == "fold" and line["run"] in newest.values()]
    again = [use for use in uses if use["key"] in acknowledged and not use["cached"]]
    noted = {line["key"] for line in struck.lines() if line["event"] == "fold"}
    assert set(acknowledged) <= noted
    assert all(use["content"] == acknowledged[use["key"]] for use in uses if use["key"] in acknowledged)
    assert [use for use in again if not _of_first_run(use, struck, newest)] == []


def _of_first_run(use: dict[str, object], struck: Sweeps, newest: dict[str, str]) -> bool:
    """Tell whether a fold was noted first by the run that notes it here."""
    first = next(line for line in struck.lines() if line["event"] == "fold" and line["key"] == use["key"])
    return bool(first["run"] == use["run"])


def test_any_number_of_killed_workers_cost_their_own_jobs_alone(chance: random.Random) -> None:
    here = str(Path(__file__).parent)
    wanted, done = kills(60), 0
    left = set(range(2 * wanted))
    with ProcessExecutor("fault_jobs:factory", workers=2, session=b"", fresh=False, path=(here,), threads=1) as pool:
        zygote = pool.submit(b"parent").result(20)
        while left or done < wanted:
            left = left or set(range(wanted))
            futures: dict[int, Future[bytes]] = {job: pool.submit(b"%d" % job) for job in sorted(left)}
            for job, future in futures.items():
                if done < wanted and not future.done() and (workers := children(int(zygote))):
                    # Whatever it does now: it prepares, waits, runs a job or tells of one.
                    os.kill(chance.choice(workers), signal.SIGKILL)
                    done += 1
                try:
                    assert future.result(30) == b"%d" % job
                    left.remove(job)
                except WorkerLost as lost:
                    assert "SIGKILL" in lost.found  # noqa: PT017 - either end is right, this one with its reason
    assert done == wanted
    assert alive({int(zygote), *children(int(zygote))}) == set()
