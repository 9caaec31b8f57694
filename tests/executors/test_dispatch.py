"""Laws of the driver's loop, seen from the executor."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from bancada.exceptions import WorkerLost
from bancada.executors._frames import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.executors.puppet import Stage

    from bancada.executors import ProcessExecutor

    Make = Callable[..., ProcessExecutor]
    Play = Callable[..., Stage]


def test_a_job_never_waits_behind_another_while_a_worker_idles(executor: Make) -> None:
    pool = executor(workers=2)
    [pool.submit(b"pid").result(10) for _ in range(4)]
    long = pool.submit(b"nap 60")
    brief = [pool.submit(b"nap 0.01") for _ in range(9)]
    assert len({future.result(10) for future in brief}) == 1
    assert not long.done()


def test_the_older_job_goes_first_to_a_worker_that_is_ready_late(stage: Play) -> None:
    play = stage(2)
    first, second = play.worker(), play.worker(ready=False)
    futures = [play.submit(name) for name in (b"a", b"b", b"c")]
    assert first.job() == b"a"
    # The first worker has its job and has not said yet that it begins: what was sent ahead could not be taken back.
    second.say(Kind.READY)
    assert second.job() == b"b"
    for puppet in (first, second):
        puppet.say(Kind.STARTED, Kind.RESULT)
    assert [future.result(10) for future in futures[:2]] == [b"", b""]


def test_jobs_begin_in_the_order_of_submission(executor: Make) -> None:
    pool = executor()
    ended: list[int] = []
    futures = [pool.submit(b"echo x") for _ in range(50)]
    for number, future in enumerate(futures):
        future.add_done_callback(lambda _, number=number: ended.append(number))  # type: ignore[misc] # mypy knows no default here
    futures[-1].result(10)
    pool.shutdown(cancel=False)
    assert sorted(ended) == ended[: len(futures)]


def test_a_job_sent_ahead_to_a_worker_that_dies_runs_elsewhere(executor: Make) -> None:
    pool = executor()
    pid = int(pool.submit(b"pid").result(10))
    running, ahead = pool.submit(b"nap 60"), pool.submit(b"pid")
    while not running.running():
        time.sleep(0.001)
    time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(WorkerLost, match="SIGKILL"):
        running.result(10)
    assert int(ahead.result(10)) != pid


def test_an_idle_worker_that_dies_is_replaced(executor: Make, gone: Callable[..., bool]) -> None:
    pool = executor()
    pids = []
    for _ in range(2):
        pids.append(int(pool.submit(b"pid").result(10)))
        os.kill(pids[-1], signal.SIGKILL)
        assert gone(pids[-1])
    assert int(pool.submit(b"pid").result(10)) not in pids


def test_workers_that_die_again_and_again_end_the_executor(stage: Play) -> None:
    for ready, doing in ((False, "prepared its work"), (True, "waited for a job")):
        play = stage(2)
        for _ in range(8):
            play.dies(play.worker(ready=ready))
        with pytest.raises(WorkerLost, match=f"SIGKILL while it {doing}"):
            play.submit(b"x").result(10)


def test_a_worker_that_dies_while_it_prepares_is_replaced(stage: Play) -> None:
    play = stage(1)
    future = play.submit(b"x")
    play.dies(play.worker(ready=False))
    worker = play.worker()
    assert worker.job() == b"x"
    worker.say(Kind.STARTED)
    worker.say(Kind.RESULT, body=b"y")
    assert future.result(10) == b"y"


def test_a_job_whose_workers_die_before_it_begins_fails_alone_at_the_third_death(stage: Play) -> None:
    play = stage(1)
    bad, good = play.submit(b"bad"), play.submit(b"good")
    for _ in range(3):
        worker = play.worker()
        assert worker.job() == b"bad"
        play.dies(worker, status=9 << 8)
    with pytest.raises(WorkerLost, match="exit code 9 while it received a job"):
        bad.result(10)
    worker = play.worker()
    assert worker.job() == b"good"
    worker.say(Kind.STARTED, Kind.RESULT)
    assert good.result(10) == b""


def test_a_kill_while_the_kernel_runs_out_of_memory_is_put_down_to_that(
    stage: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    kills = [0]
    monkeypatch.setattr("bancada.executors._dispatch.kernel_kills", lambda: kills[0])
    play = stage(1)
    for meanwhile, cause in ((0, "died"), (1, "memory"), (0, "died")):
        future = play.submit(b"x")
        worker = play.worker()
        worker.job()
        worker.say(Kind.STARTED)
        kills[0] += meanwhile
        play.dies(worker)
        with pytest.raises(WorkerLost, match="for want of memory" if meanwhile else "ended by SIGKILL") as caught:
            future.result(10)
        assert caught.value.cause == cause


def test_a_zygote_that_is_killed_fails_every_job_and_leaves_no_worker(
    executor: Make, gone: Callable[..., bool]
) -> None:
    pool = executor(workers=2)
    worker, zygote = (int(pool.submit(job).result(10)) for job in (b"pid", b"parent"))
    futures = [pool.submit(b"nap 60") for _ in range(6)]
    os.kill(zygote, signal.SIGKILL)
    for future in futures:
        with pytest.raises(WorkerLost, match="starts workers must live"):
            future.result(10)
    with pytest.raises(WorkerLost, match="starts workers must live"):
        pool.submit(b"pid").result(10)
    pool.shutdown(cancel=True)
    assert gone(zygote, worker)


def test_jobs_may_come_from_any_thread(executor: Make) -> None:
    pool = executor(workers=2)
    answers: list[bytes] = []

    def ask(number: int) -> None:
        answers.extend(pool.submit(b"echo %d" % number).result(10) for _ in range(20))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted(b"%d" % number for number in range(4) for _ in range(20))


def test_a_fault_of_the_loop_fails_jobs_rather_than_hang(executor: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = executor()
    pool.submit(b"pid").result(10)
    dispatcher = pool._dispatcher
    assert dispatcher is not None

    def fault() -> None:
        raise ArithmeticError("a fault")

    monkeypatch.setattr(dispatcher, "_assign", fault)
    with pytest.raises(ArithmeticError, match="a fault"):
        pool.submit(b"pid").result(10)
    with pytest.raises(ArithmeticError, match="a fault"):
        pool.submit(b"pid").result(10)
